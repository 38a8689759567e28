import MaasSyntax

extension Value {
  /// Values nested deeper than this print as `…`.
  private static let displayDepth = 100
  /// A text that reaches so many bytes ends in `…`: one list, held twice by a list that is held
  /// twice and so on, would fill any memory.
  private static let displayLimit = 1 << 27

  /// How the value prints. Strings inside lists and records, and where `quoted`, stand in
  /// quotes, so that what prints reads back.
  public func display(quoted: Bool) -> String {
    if let native { return native.display(inline: quoted) }
    var text = ""
    write(to: &text, quoted: quoted, depth: 0)
    return text
  }

  /// How the value is shown at the prompt: native values whole, strings in quotes.
  public var shown: String { native?.display(inline: false) ?? display(quoted: true) }

  private func write(to text: inout String, quoted: Bool, depth: Int) {
    if isNumber {
      text += double.maasText
      return
    }
    guard isObject else {
      text += smallText
      return
    }
    if depth > Value.displayDepth {
      text += "…"
      return
    }
    switch header.pointee.kind {
    case .string: text += quoted ? Value.quote(string ?? "") : string ?? ""
    case .list:
      text += "["
      for (position, item) in items.enumerated() {
        if position > 0 { text += ", " }
        if text.utf8.count > Value.displayLimit {
          text += "…"
          break
        }
        item.write(to: &text, quoted: true, depth: depth + 1)
      }
      text += "]"
    case .record: writeRecord(to: &text, depth: depth)
    case .range: text += rangeText
    case .closure:
      let prototype = address.assumingMemoryBound(to: ClosureObject.self).pointee.function
        .takeUnretainedValue().prototype
      text +=
        prototype.name.isEmpty ? "<lambda \(prototype.signature)>" : "<\(prototype.signature)>"
    case .builtin: text += "<builtin \(nativeFunction?.signature ?? "")>"
    case .native: text += native?.display(inline: true) ?? ""
    }
  }

  private var smallText: String {
    switch bits {
    case Value.true.bits: "true"
    case Value.false.bits: "false"
    case Value.nil.bits: "nil"
    default: ""
    }
  }

  private func writeRecord(to text: inout String, depth: Int) {
    guard !keys.isEmpty else {
      text += "(:)"
      return
    }
    text += "("
    for (position, pair) in zip(keys, fieldValues).enumerated() {
      if position > 0 { text += ", " }
      if text.utf8.count > Value.displayLimit {
        text += "…"
        break
      }
      text += pair.0.keyText + ": "
      pair.1.write(to: &text, quoted: true, depth: depth + 1)
    }
    text += ")"
  }

  /// A key as it is written before `:`.
  private var keyText: String {
    guard let name = string else { return "[\(display(quoted: true))]" }
    // What the lexer takes for a name; a keyword may be a key, too.
    let isName =
      name.unicodeScalars.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false
      && name.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
    return isName ? name : Value.quote(name)
  }

  private var rangeText: String {
    guard let range else { return "" }
    var text = range.lower.map { (range.isLowerFromEnd ? "-" : "") + $0.maasText } ?? ""
    text += range.isClosed ? "..=" : ".."
    text += range.upper.map { (range.isUpperFromEnd ? "-" : "") + $0.maasText } ?? ""
    if let step = range.step { text += "..\(step.maasText)" }
    return text
  }

  /// The text as a string literal.
  public static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "{": quoted += "\\{"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          quoted += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }

  /// The value as an interpolation with a format shows it.
  func formatted(_ format: FormatSpecification) throws -> String {
    if isNumber { return format.apply(to: double) }
    if let number = native?.plainNumber { return format.apply(to: number) }
    let onlyWidth =
      format.digits == nil && !format.thousands && format.notation == .plain
      && !format.zeroPadded
    guard onlyWidth else {
      throw Failure(
        "wrong-format", "this format is for numbers, and the value is \(typeDescription)",
        help: "texts take a width: {x:>8}")
    }
    return format.apply(to: display(quoted: false))
  }
}
