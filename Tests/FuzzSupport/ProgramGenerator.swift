/// Random programs that parse, with random blanks, line breaks and comments: what the formatter
/// must take. Equal seeds, or equal bytes, give equal programs.
public struct ProgramGenerator {
  private var choices: Choices
  /// Levels of brackets and blocks still allowed.
  var depth = 5
  private var keys = 0
  /// What a program that runs may call.
  var callables: [Callable] = []

  /// What tells one program from another.
  private enum Choices {
    case seed(UInt64)
    /// A byte a choice, so that a fuzzer can change one choice alone; behind the last one the
    /// first way is always taken.
    case bytes(ArraySlice<UInt8>)
  }

  public init(seed: UInt64) { choices = .seed(seed &* 0x9E37_79B9_7F4A_7C15 &+ 1) }

  public init(bytes: ArraySlice<UInt8>) { choices = .bytes(bytes) }

  mutating func below(_ count: Int) -> Int {
    switch choices {
    case .seed(var state):
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      choices = .seed(state)
      return Int(truncatingIfNeeded: state >> 33) % count
    case .bytes(var rest):
      guard let byte = rest.popFirst() else { return 0 }
      let more = count > 256 ? rest.popFirst() ?? 0 : 0
      choices = .bytes(rest)
      return (count > 256 ? Int(byte) << 8 | Int(more) : Int(byte)) % count
    }
  }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func one<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  // MARK: Statements

  public mutating func program() -> String {
    var text = chance(30) ? "# A program.\n\n\n" : ""
    for _ in 0..<(1 + below(12)) {
      if chance(10) { text += "# %% Cell \(below(9))\n" }
      if chance(15) { text += "  # alone\n" }
      if chance(10) {
        text += "## Documented.\n##     f(1)\nfn documented(x) = x"
      } else {
        text += statement()
      }
      text += one(["\n", "\n", "  # => \(below(9))\n", "\n\n\n", " ; ", " # prints: x\n"])
    }
    return text
  }

  private mutating func statement() -> String {
    guard depth > 0 else { return "\(name())\(gap())=\(gap())1" }
    depth -= 1
    defer { depth += 1 }
    switch below(14) {
    case 0: return "fn \(name())(\(parameters()))\(gap())=\(gap())\(expression())"
    case 1: return "fn \(name())(\(parameters())) \(block())"
    case 2: return "for \(pattern())\(gap()), \(name()) in (\(head())) \(block())"
    case 3: return "while \(head()) \(block())"
    case 4: return "if \(head()) \(block()) else if \(head()) \(block()) else \(block())"
    case 5: return "\(name()) +=\(expression())"
    case 6: return "\(name())[\(expression())]\(gap())??=\(expression())"
    case 7: return "\(name()),\(gap())\(name())=\(call())"
    case 8: return "(\(name())\(gap()),\(name()))=\(call())"
    case 9:
      return "\(name()) = match \(name()) {\n\(arm())\n\(arm()) # c\n  _ -> \(expression())\n}"
    case 10: return "\(name()) = try \(call()) catch e ->\(expression())"
    case 11: return call()
    case 12: return "\(name())=\(pipe())"
    default: return "\(name())\(gap())=\(gap())\(expression())"
    }
  }

  private mutating func arm() -> String {
    let guarded = chance(30) ? " if \(head())" : ""
    return "\(pattern())\(guarded) ->\(gap())\(expression())"
  }

  private mutating func block() -> String {
    switch below(5) {
    case 0: return "{ }"
    case 1: return "{\(statement())}"
    case 2: return "{ \(statement()); \(statement()) }"
    case 3: return "{  # opens\n\(statement())\n\n\n\(statement())\n# last\n}"
    default: return "{\n\(statement())\n  \(statement())\n}"
    }
  }

  private mutating func parameters() -> String {
    one(["", "a", "a,b:number=1", "x : tensor[n,784], ...rest", "a: number|list?", "[p, q], c"])
  }

  private mutating func pattern() -> String {
    one([
      "n:number", "[a, ...rest]", "[ p,q ]", "(kind:\"late\",days)", "0..=9", "-1..2", "\"x\"",
      "nil",
    ])
  }

  // MARK: Expressions

  private mutating func name() -> String {
    one(["x", "y", "rate", "准确率", "a_rather_long_name_of_a_value", "counts"])
  }

  private mutating func gap() -> String { one(["", " ", "   "]) }

  private mutating func key() -> String {
    keys += 1
    return one(["k\(keys)", "\"two words \(keys)\"", "[x]"]) + gap()
  }

  /// A blank or line break inside brackets.
  private mutating func inner() -> String { one(["", "", " ", "\n", "\n\n\n  ", " # in\n"]) }

  private mutating func head() -> String {
    "\(name()) \(gap())\(one(["<", "==", "and", "in", "not in"])) \(plainAtom())"
  }

  private mutating func expression() -> String {
    guard depth > 0 else { return " \(atom())" }
    depth -= 1
    defer { depth += 1 }
    switch below(10) {
    case 0: return "\(name()) ->\(gap())\(expression())"
    case 1: return "(a,b)->\(block())"
    case 2: return " if \(head()) \(block()) else \(block())"
    case 3: return "\(operand()) or \(operand()) and not \(operand())"
    case 4: return "\(operand())\n".dropLast() + "+\(gap())\(operand()) -\(operand())"
    case 5: return "\(operand())*\n\(operand())^2 ?? \(operand())"
    case 6: return "\(operand())..\(operand())"
    default: return operand()
    }
  }

  private mutating func operand() -> String {
    guard depth > 0 else { return " \(atom())" }
    depth -= 1
    defer { depth += 1 }
    switch below(9) {
    case 0: return "[\(entries { $0.expression() })]"
    case 1: return "(\(inner())\(expression())\(inner()))"
    case 2:
      return
        "(\(entries { $0.key() + ":" + $0.expression() }))"
    case 3: return call()
    case 4: return "\(name())[\(inner())\(expression()),\(gap())..-1]"
    case 5: return "- \(atom())"
    case 6: return "\(name()).field\(gap())"
    case 7: return "\"v {\(gap())\(name())+1:.3} \\{ {\(name())(\"in\")}\""
    default: return atom()
    }
  }

  private mutating func plainAtom() -> String { one(["1", "x", "-0.5", "\"s\"", "rate"]) }

  private mutating func atom() -> String {
    one([
      "1", "0.5", "1e-3", "true", "nil", "\"text # no comment\"", "'raw {x}'", "x", "rate",
      "\"a long text that fills much of a line and is followed by more\"",
      "\"\"\"\n  two\n    lines {x}\n  \"\"\"",
    ])
  }

  private mutating func entries(_ entry: (inout ProgramGenerator) -> String) -> String {
    var text = inner()
    let count = 1 + below(chance(10) ? 30 : 4)
    for position in 0..<count {
      text += entry(&self) + inner()
      if position < count - 1 || chance(20) { text += "," + inner() }
    }
    return text
  }

  private mutating func call() -> String {
    let named = chance(30) ? ", rate\(gap()):\(gap())\(expression())" : ""
    let arguments = chance(15) ? "" : "\(inner())\(expression())\(inner())\(named)\(inner())"
    let block = chance(15) ? " \(block())" : ""
    return "\(name())(\(arguments))\(block)"
  }

  private mutating func pipe() -> String {
    var text = operand()
    for _ in 0..<(1 + below(3)) {
      text +=
        "\(one([" ", "\n", " # then\n  "]))|>\(gap())\(name())(\(entries { $0.expression() }))"
    }
    return text
  }
}
