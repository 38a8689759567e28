import Glibc

/// Number literals.
extension Lexer {
  func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  mutating func lexNumber() {
    let start = position
    if peek() == 0x30, [UInt8(ascii: "x"), UInt8(ascii: "X")].contains(peek(1)) {
      return lexRadix(start, 16)
    }
    if peek() == 0x30, [UInt8(ascii: "b"), UInt8(ascii: "B")].contains(peek(1)), isDigit(peek(2)) {
      return lexRadix(start, 2)
    }
    if peek() == 0x30, [UInt8(ascii: "o"), UInt8(ascii: "O")].contains(peek(1)), isDigit(peek(2)) {
      return lexRadix(start, 8)
    }
    skipDigits()
    var isInteger = true
    if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
      isInteger = false
      position += 1
      skipDigits()
    } else if isLonePoint {
      return reportPoint(start)
    }
    if skipExponent() { isInteger = false }
    if isNameStart(at: position) { return reportSuffix(start) }
    finishDecimal(start, isInteger)
  }

  /// `1.` with nothing that a point could belong to.
  private var isLonePoint: Bool {
    peek() == UInt8(ascii: ".") && peek(1) != UInt8(ascii: ".") && !isNameStart(at: position + 1)
  }

  private mutating func skipDigits() {
    while isDigit(peek()) || peek() == UInt8(ascii: "_") { position += 1 }
  }

  private mutating func skipExponent() -> Bool {
    guard peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") else { return false }
    let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+") ? 1 : 0
    guard isDigit(peek(1 + sign)) else { return false }
    position += 1 + sign
    skipDigits()
    return true
  }

  private mutating func finishDecimal(_ start: Int, _ isInteger: Bool) {
    let digits = bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
    guard underscoresSeparateDigits(start, position) else {
      return reportUnderscore(start, digits)
    }
    let value = Double(String(decoding: digits, as: UTF8.self)) ?? .nan
    emitNumber(value, start)
    let span = Span(start, position)
    if !value.isFinite {
      report(
        "number-too-large", "this number is larger than any the language can hold", span,
        help: "the largest is about 1.8e308; beyond all is infinity",
        edits: [.init(span, "infinity")])
    } else if isInteger, value >= 0x1p53, !isExact(value, digits) {
      let near = exactDigits(value)
      report(
        "inexact-number", "this integer cannot be held exactly: the nearest number is \(near)",
        span, help: "integers are exact up to 9007199254740992; write \(near), or a string",
        edits: [.init(span, near)])
    }
  }

  private func isExact(_ value: Double, _ digits: [UInt8]) -> Bool {
    exactDigits(value).utf8.elementsEqual(digits.drop { $0 == 0x30 })
  }

  private func exactDigits(_ value: Double) -> String { printed("%.0f", value) }

  private func underscoresSeparateDigits(_ start: Int, _ end: Int) -> Bool {
    for index in start..<end where bytes[index] == UInt8(ascii: "_") {
      guard index > start, index + 1 < end, isDigit(bytes[index - 1]), isDigit(bytes[index + 1])
      else { return false }
    }
    return true
  }

  mutating func emitNumber(_ value: Double, _ start: Int) {
    let index = emit(.number, start, position)
    stream.tokens[index].partner = Int32(clamping: stream.numbers.count)
    stream.numbers.append(value)
  }

  // MARK: Hexadecimal, and what other languages also have

  private mutating func lexRadix(_ start: Int, _ radix: UInt64) {
    position += 2
    let from = position
    skipNameRest()
    let span = Span(start, position)
    guard let value = radixValue(from, radix) else {
      emitNumber(0, start)
      report(
        "bad-number", "\(source.text(span)) is no number", span,
        help: "a hexadecimal number is written 0xff, with up to 16 digits from 0 to 9 and a to f")
      return
    }
    emitNumber(Double(value), start)
    if radix != 16 {
      report(
        "bad-number", "numbers are written in decimal or hexadecimal", span,
        help: "write \(value)", edits: [.init(span, "\(value)")])
    } else if Double(exactly: value) == nil {
      let near = exactDigits(Double(value))
      report(
        "inexact-number", "this integer cannot be held exactly: the nearest number is \(near)",
        span, help: "integers are exact up to 2^53", edits: [.init(span, near)])
    }
  }

  private func radixValue(_ from: Int, _ radix: UInt64) -> UInt64? {
    var value: UInt64 = 0
    var last = UInt8(ascii: "_")
    for byte in bytes[from..<position] {
      defer { last = byte }
      if byte == UInt8(ascii: "_") {
        guard last != byte else { return nil }
        continue
      }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < Int(radix) else {
        return nil
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      guard !overflow else { return nil }
      value = product + UInt64(digit)
    }
    return last == UInt8(ascii: "_") ? nil : value
  }

  // MARK: Errors

  /// `.5`
  mutating func lexPointNumber() {
    let start = position
    position += 1
    skipDigits()
    _ = skipExponent()
    let text = "0" + source.text(Span(start, position))
    emitNumber(Double(text) ?? 0, start)
    report(
      "bad-number", "a decimal point needs a digit on both sides", Span(start, position),
      help: "write \(text)", edits: [.init(Span(start, start), "0")])
  }

  /// `1.`
  private mutating func reportPoint(_ start: Int) {
    let digits = Span(start, position)
    position += 1
    emitNumber(Double(source.text(digits)) ?? 0, start)
    let text = source.text(digits)
    report(
      "bad-number", "a decimal point needs a digit on both sides", Span(start, position),
      help: "write \(text), or \(text).0",
      edits: [.init(Span(position, position), "0")])
  }

  private mutating func reportUnderscore(_ start: Int, _ digits: [UInt8]) {
    let text = String(decoding: digits, as: UTF8.self)
    emitNumber(Double(text) ?? 0, start)
    let span = Span(start, position)
    report(
      "bad-number", "an underscore in a number stands between two digits", span,
      help: "write \(text)", edits: [.init(span, text)])
  }

  /// `3x`
  private mutating func reportSuffix(_ start: Int) {
    let middle = position
    let number = source.text(Span(start, middle))
    skipNameRest()
    emitNumber(Double(number) ?? 0, start)
    let name = source.text(Span(middle, position))
    let isFraction = number.contains { ".eE".contains($0) }
    if ["L", "UL", "ll", "u"].contains(name) || isFraction && ["f", "F", "d"].contains(name) {
      return report(
        "bad-number", "a number has no letter behind it", Span(start, position),
        help: "write \(number)", edits: [.init(Span(middle, position), "")])
    }
    report(
      "bad-number", "a number and a name stand side by side", Span(start, position),
      help: "to multiply, write \(number) * \(name); a name cannot start with a digit",
      edits: [.init(Span(middle, middle), " * ")])
  }
}

/// One double through C's formatting, exactly rounded.
func printed(_ format: String, _ values: any CVarArg...) -> String {
  withVaList(values) { list in
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1600) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      let length = vsnprintf(base, buffer.count, format, list)
      let kept = max(0, min(Int(length), buffer.count - 1))
      return String(
        decoding: UnsafeRawBufferPointer(start: base, count: kept), as: UTF8.self)
    }
  }
}
