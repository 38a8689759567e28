import MaasVM

/// Programs that run a good way before an error ends them: names are defined before they are read,
/// operands and arguments mostly have the types that are wanted.
extension ProgramGenerator {
  /// What an expression should give.
  enum Kind: CaseIterable {
    case number, string, bool, list, record, function, range, tensor, table, column, any
  }

  /// The variables of each kind, all given values by the prelude.
  private static let names: [Kind: [String]] = [
    .number: ["a", "b", "n"], .string: ["s", "t"], .bool: ["yes"], .list: ["xs", "ys", "zs"],
    .record: ["r", "q"], .function: ["f", "g", "h"], .range: ["span"], .tensor: ["d", "v"],
    .table: ["people"], .column: ["people.age"],
  ]

  private static let prelude = """
    a = 3; b = -2.5; n = 0; yes = true
    s = "héllo 图"; t = "a,b,,c"
    xs = [3, 1, 2]; ys = ["b", nil, "a"]; zs = [[1, 2], [3, 4]]
    r = (k: 1, word: "x"); q = ([1]: "one", "two words": [1], k: (deep: [0]))
    f = x -> x; h = (x, y) -> [x, y]; span = 0..5
    fn g(x, y = 2, ...rest) = [x, y, rest]
    d = tensor([[1, 2], [3, 4]]); v = tensor([0.5, -1])
    people = table((age: [1, nil, 3], name: ["a", "b", "a"]))

    """

  /// A program of which each statement can be run alone, one after the other.
  public mutating func runnable(calling callables: [Callable]) -> String {
    self.callables = callables
    depth = 5
    var text = Self.prelude
    for _ in 0..<(1 + below(10)) { text += action() + "\n" }
    return text
  }

  // MARK: Statements

  private mutating func action() -> String {
    guard depth > 0 else { return "n += 1" }
    depth -= 1
    defer { depth += 1 }
    switch below(20) {
    case 0...2: return assignment()
    case 3: return "\(place()) = \(value(one(Kind.allCases)))"
    case 4: return "\(place()) \(one(["+=", "-=", "*=", "/=", "^=", "??="])) \(value(.number))"
    case 5: return "for \(binding()) in \(iterable()) {\n\(body())\n}"
    case 6: return "while \(value(.bool)) {\n\(body())\n\(one(["break", "n += 1", "continue"]))\n}"
    case 7: return "if \(value(.bool)) {\n\(body())\n} else {\n\(body())\n}"
    case 8: return "fn \(one(["f", "g", "h"]))(\(formals())) {\n\(body())\n\(value(.any))\n}"
    case 9: return "fn f(x) = if x < 1 { \(value(.any)) } else { [f(x - 1), \(value(.any))] }"
    case 10: return "\(one(["a, b", "[a, ...xs]", "(k, word)", "xs[0], r.k"])) = \(value(.list))"
    case 11: return "match \(value(.any)) {\n\(cases())\n}"
    case 12:
      let name = one(["xs", "ys", "zs"])
      return "\(name) = \(one(["append", "insert"]))(\(name), \(value(.any)))"
    case 13: return "n = try { \(action()); \(value(.any)) } catch e -> \(one(["e.id", "fail(e)"]))"
    case 14: return one(["a, b = [b, a]", "xs = [xs, xs]", "s += s", "r.k = r", "n += 1"])
    case 15: return "f = \(value(.function)); print(f(\(value(.any))))"
    default: return "print(\(value(one(Kind.allCases))))"
    }
  }

  private mutating func assignment() -> String {
    let kind = one(Kind.allCases)
    let name = one(Self.names[kind] ?? ["n"])
    return "\(name) = \(value(chance(85) ? kind : .any))"
  }

  private mutating func body() -> String {
    chance(40) ? action() + "\n" + action() : action()
  }

  private mutating func place() -> String {
    one([
      "xs[0]", "xs[-1]", "zs[1][0]", "r.k", "r[s]", "q.k.deep[0]", "d[0, 1]", "d[0]", "v[n]",
      "people.age", "people.sum", "q[1]", "ys[a]", "n", "zs[n]", "r.new.x", "people.age[0]",
    ])
  }

  private mutating func iterable() -> String {
    value(one([.list, .range, .string, .record, .tensor, .column]))
  }

  private mutating func binding() -> String { one(["i", "i, j", "[i, j]", "_", "key, value"]) }

  private mutating func formals() -> String {
    one(["x", "x, y = 1", "", "x: number", "...x", "[x, y]", "x: list | string?", "(k): record"])
  }

  private mutating func cases() -> String {
    var text = ""
    for _ in 0...below(3) {
      let pattern = one([
        "0", "\"x\"", "nil, true", "0..5", "x: number", "[x, ...rest]", "[x, y]", "(k)",
        "(k: x, word)", "x: string", "[]", "[_, [x]]", "-1..=1", "x if x == n",
      ])
      text += "  \(pattern) -> \(value(.any))\n"
    }
    return chance(80) ? text + "  _ -> \(value(.any))" : text
  }

  // MARK: Expressions

  private mutating func value(_ wanted: Kind) -> String {
    let kind = chance(4) ? one(Kind.allCases) : wanted
    guard depth > 0 else { return plain(kind) }
    depth -= 1
    defer { depth += 1 }
    switch below(12) {
    case 0...3: return plain(kind)
    case 4...6: return call(giving: kind)
    case 7: return "(if \(value(.bool)) { \(value(kind)) } else { \(value(kind)) })"
    case 8: return "(try \(value(kind)) catch e -> \(value(kind)))"
    default: return compound(kind)
    }
  }

  private mutating func plain(_ kind: Kind) -> String {
    if kind == .any {
      return plain(one([.number, .string, .list, .record, .function, .bool, .tensor, .table]))
    }
    if chance(50), let names = Self.names[kind] { return one(names) }
    switch kind {
    case .number:
      return one(["0", "1", "-1", "0.5", "1e308", "-0.0", "9007199254740992", "3", "1e-320", "nan"])
    case .string: return one(["\"\"", "\"x\"", "'a{b}'", "\"é👩‍👩‍👧\\u{0}\\n\"", "\"{n:>8.2}\""])
    case .bool: return one(["true", "false", "a < b", "0 <= n < 3", "\"a\" in t", "xs == ys"])
    case .list: return one(["[]", "[1, 2, 3]", "[nil]", "[[]]", "[1, \"a\", true]", "[...xs, a]"])
    case .record: return one(["(:)", "(k: 2)", "([n]: a)", "(...r, k: 3)", "(word: (k: nil))"])
    case .function:
      return one(["x -> x", "() -> n", "(x, y) -> x < y", "x -> x[0]", "length", "x -> -x", "h"])
    case .range: return one(["0..3", "0..=3", "5..0..-2", "0..1..0.1", "0..0", "-1..1"])
    case .tensor: return one(["tensor([1, 2])", "zeros(2, 2)", "ones(0)", "arange(4)", "d > 1"])
    case .table: return one(["table((a: [1, 2], b: [\"x\", nil]))", "table((:))", "people"])
    default: return one(["people.name", "people.age > 1", "people.age"])
    }
  }

  /// An operator of the kind, or a part of something larger.
  private mutating func compound(_ kind: Kind) -> String {
    switch kind {
    case .number, .tensor, .column:
      let other: Kind = chance(60) ? kind : .number
      let sign = one(["+", "-", "*", "/", "//", "%", "^", "@"])
      return chance(15) ? "-\(plain(kind))" : "(\(value(kind)) \(sign) \(value(other)))"
    case .string:
      return one(["(\(value(.string)) + \(value(.string)))", "\"<{\(value(.any))}>\"", "t[0..2]"])
    case .bool:
      let sign = one(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"])
      return "(\(value(.any)) \(sign) \(value(.any)))"
    case .list: return "[\(value(.any)), ...\(value(.list)), \(value(.any))]"
    case .record: return "(k: \(value(.any)), [\(value(.any))]: \(value(.any)))"
    case .function: return "(x -> \(value(.any)))"
    case .range: return "(\(value(.number))..\(value(.number)))"
    case .table: return "people[\(value(.column))]"
    case .any: return part()
    }
  }

  private mutating func part() -> String {
    let whole = value(one([.list, .record, .string, .tensor, .table, .column]))
    let key = value(one([.number, .string, .range, .list, .bool]))
    switch below(5) {
    case 0: return "(\(whole)[\(key)])"
    case 1: return "(\(whole)[\(key)] ?? \(value(.any)))"
    case 2: return "(\(whole).\(one(["k", "word", "shape", "age", "deep"])))"
    case 3: return "(\(whole)[..2])"
    default: return "(\(value(.any)) |> \(one(["f", "h(1)", "length", "print", "type"])))"
    }
  }

  /// A call of something that gives the kind, as far as signatures say so.
  private mutating func call(giving kind: Kind) -> String {
    if chance(15) { return "\(one(["f", "g", "h"]))(\(value(.any)))" }
    let fitting = callables.filter { $0.result == nil || kind == .any || $0.result == "\(kind)" }
    guard !fitting.isEmpty else { return plain(kind) }
    let chosen = fitting[below(fitting.count)]
    var arguments: [String] = []
    for parameter in chosen.parameters {
      if parameter.isOptional, chance(60) { continue }
      let name = parameter.isOptional ? "\(parameter.name): " : ""
      for _ in 0..<(parameter.isRest ? below(4) : 1) {
        arguments.append(name + value(self.kind(of: parameter.types)))
      }
    }
    return "\(chosen.name)(\(arguments.joined(separator: ", ")))"
  }

  private mutating func kind(of types: ValueTypes) -> Kind {
    if types == .any { return one([.any, .list]) }
    let fitting = Kind.allCases.filter { kind in
      ValueType.allCases.contains { types.contains($0) && $0.name == "\(kind)" }
    }
    return fitting.isEmpty ? .any : one(fitting)
  }
}
