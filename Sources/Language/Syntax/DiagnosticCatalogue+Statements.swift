extension DiagnosticCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Assignments and names.
  static let statements: [DiagnosticExplanation] = [
    Entry(
      "bad-target",
      "On the left of = stands a name, a place such as x[i] or r.a.b, or a pattern: a, b = pair.",
      example: "f(x) = 3"),
    Entry(
      "keyword-as-name",
      "The words fn if else for in while match return break continue and or not true false nil try "
        + "catch belong to the language. As keys they may stand before : and after . though.",
      example: "in = 3"),
    Entry("assign-sign", "A variable is assigned with =.", example: "x := 3"),
    Entry(
      "chained-assignment", "One statement assigns once.", example: "a = b = 0"),
    Entry(
      "assignment-in-condition", "= assigns, == compares.", example: "if x = 3 { print(x) }"),
    Entry(
      "assignment-in-expression", "An assignment is a statement and has no value.",
      example: "xs = [y = 3]"),
    Entry(
      "no-annotation", "Types stand at parameters and in patterns; a variable holds any value.",
      example: "x: number = 3"),
    Entry(
      "no-increment", "Variables are updated by += and -=, which are statements.",
      example: "count++"),
    Entry(
      "call-parentheses", "The arguments of a call stand in parentheses.",
      example: "print \"hello\""),
    Entry(
      "no-declaration", "Assigning creates a variable: x = 1.", example: "let x = 1"),
  ]

  /// `if`, `match`, `try`, patterns.
  static let branches: [DiagnosticExplanation] = [
    Entry(
      "branch-line",
      "A newline ends a statement, so else and catch stand on the line of the } before them.",
      example: "if x { 1 }\nelse { 2 }"),
    Entry(
      "lost-branch", "else belongs to an if, catch to a try.", example: "else { 2 }"),
    Entry(
      "use-braces", "Blocks stand in braces; indentation is for the reader.",
      example: "if x > 1:\n  print(x)"),
    Entry(
      "use-else-if", "A further condition is written else if.",
      example: "if a { 1 } elif b { 2 }"),
    Entry(
      "unreachable-arm",
      "The arms of match are tried from top to bottom; _ or a plain name takes everything.",
      example: "match x {\n  _ -> 1\n  2 -> 3\n}"),
    Entry(
      "foreign-arm", "An arm is pattern -> result; the one for everything else is _ -> result.",
      example: "match x {\n  default -> 1\n}"),
    Entry(
      "arm-separator",
      "Arms stand on lines of their own. Alternatives of one arm are separated by commas.",
      example: "match x {\n  1 | 2 -> 3\n}"),
    Entry(
      "bad-pattern",
      "Patterns are literals, intervals of numbers, names, _, n: number, [a, ...rest] and "
        + "(kind: \"late\", days).",
      example: "match x {\n  \"a{b}\" -> 1\n}"),
    Entry(
      "try-without-catch", "try expression catch e -> fallback.", example: "x = try load(\"a.csv\")"
    ),
    Entry(
      "try-operand", "try starts a whole expression, up to the end of its fallback.",
      example: "x = 1 + try f() catch e -> 0"),
  ]

  /// Spellings of other languages.
  static let habits: [DiagnosticExplanation] = [
    Entry("use-and", "Both conditions: a and b.", example: "ok = a && b"),
    Entry("use-or", "Either condition: a or b.", example: "ok = a || b"),
    Entry("use-not", "The opposite: not a.", example: "ok = !a"),
    Entry(
      "use-equal", "== compares, != is its opposite; there is no third form.",
      example: "ok = a === b"),
    Entry("use-caret", "x^2 is the square of x.", example: "y = x ** 2"),
    Entry("use-nil", "No value is written nil.", example: "x = null"),
    Entry("use-true", "The truth values are true and false.", example: "x = True"),
    Entry("use-false", "The truth values are true and false.", example: "x = False"),
    Entry(
      "use-arrow", "A function as a value is x -> x^2 or (a, b) -> a + b.",
      example: "f = lambda x: x + 1"),
    Entry("use-fn", "A function is declared by fn.", example: "def f(x) { x }"),
    Entry(
      "use-equal-body", "The body of a function is a block, or an expression after =.",
      example: "fn f(x) => x"),
    Entry("no-ternary", "if is an expression: if a { b } else { c }.", example: "x = a ? b : c"),
    Entry(
      "no-bit-operator", "Conditions and masks are joined by and and or.", example: "ok = a & b"),
    Entry(
      "no-comprehension", "Lists are made by map and filter, or by a loop.",
      example: "ys = [x^2 for x in xs]"),
    Entry(
      "no-classes", "Data are records and functions are free: there are no classes.",
      example: "class Point { }"),
    Entry(
      "no-delete", "A record without a key is a new record: without(r, key).", example: "del x"),
    Entry(
      "use-import", "import(\"path.maas\") gives a record of the top-level names of a file.",
      example: "import metrics"),
    Entry("use-match", "match value { pattern -> result }", example: "switch x { }"),
    Entry("use-if", "if not condition { … }", example: "unless x { }"),
    Entry("use-while", "while not condition { … }", example: "until x { }"),
    Entry("use-for", "for x in list { … }", example: "foreach x { }"),
    Entry("use-fail", "fail(\"message\") raises an error.", example: "raise \"no data\""),
    Entry(
      "foreign-word", "This word is of another language; the help says what stands in its place.",
      example: "ok = x is nil"),
  ]
}
