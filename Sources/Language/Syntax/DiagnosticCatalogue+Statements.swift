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
      "assignment-in-condition", "= assigns, == compares.",
      example: """
        x = 3
        if x = 3 { print(x) }
        """),
    Entry(
      "assignment-in-expression", "An assignment is a statement and has no value.",
      example: """
        y = 2
        xs = [y = 3]
        """),
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
      example: """
        x = true
        if x { print(1) }
        else { print(2) }
        """),
    Entry(
      "lost-branch", "else belongs to an if, catch to a try.", example: "else { 2 }"),
    Entry(
      "use-braces", "Blocks stand in braces; indentation is for the reader.",
      example: """
        x = 2
        if x > 1:
          print(x)
        """),
    Entry(
      "use-else-if", "A further condition is written else if.",
      example: """
        a, b = [false, true]
        if a { print(1) } elif b { print(2) }
        """),
    Entry(
      "unreachable-arm",
      "The arms of match are tried from top to bottom; _ or a plain name takes everything.",
      example: """
        x = 2
        print(match x {
          _ -> 1
          2 -> 3
        })
        """),
    Entry(
      "foreign-arm", "An arm is pattern -> result; the one for everything else is _ -> result.",
      example: """
        x = 2
        print(match x {
          1 -> "one"
          default -> "many"
        })
        """),
    Entry(
      "arm-separator",
      "Arms stand on lines of their own. Alternatives of one arm are separated by commas.",
      example: """
        x = 2
        print(match x {
          1 | 2 -> 3
          _ -> 4
        })
        """),
    Entry(
      "bad-pattern",
      "Patterns are literals, intervals of numbers, names, _, n: number, [a, ...rest] and "
        + "(kind: \"late\", days).",
      example: """
        x, b = ["a1", 1]
        print(match x {
          "a{b}" -> 1
          _ -> 2
        })
        """),
    Entry(
      "catch-arrow",
      "Behind catch stand the name of the error, ->, and what to do: catch e -> print(e.message).",
      example: """
        try {
          print(load("a.csv"))
        } catch (e) {
          print(e.message)
        }
        """),
    Entry(
      "try-without-catch", "try expression catch e -> fallback.", example: "x = try load(\"a.csv\")"
    ),
    Entry(
      "try-operand", "try starts a whole expression, up to the end of its fallback.",
      example: """
        n = 0
        x = 1 + try 1 / n catch e -> 0
        """),
  ]

  /// Spellings of other languages.
  static let habits: [DiagnosticExplanation] = [
    Entry(
      "use-and", "Both conditions: a and b.",
      example: """
        a, b = [true, false]
        ok = a && b
        """),
    Entry(
      "use-or", "Either condition: a or b.",
      example: """
        a, b = [true, false]
        ok = a || b
        """),
    Entry(
      "use-not", "The opposite: not a.",
      example: """
        a = true
        ok = !a
        """),
    Entry(
      "use-equal", "== compares, != is its opposite; there is no third form.",
      example: """
        a, b = [1, 2]
        ok = a === b
        """),
    Entry(
      "foreign-operator",
      "An operator of another language. Ours are + - * / // % ^ @, comparisons, in, ?? and |>.",
      example: "rest = 7 %% 3"),
    Entry(
      "foreign-loop",
      "A loop goes through a range or a list: for i in 0..n { … }, for x in xs { … }. Another one "
        + "repeats while a condition holds: while x < 3 { … }.",
      example: "for (let i = 0; i < 3; i++) { print(i) }"),
    Entry(
      "use-caret", "x^2 is the square of x.",
      example: """
        x = 3
        y = x ** 2
        """),
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
    Entry(
      "no-ternary", "if is an expression: if a { b } else { c }.",
      example: """
        a = true
        x = a ? 1 : 2
        """),
    Entry(
      "no-bit-operator", "Conditions and masks are joined by and and or.",
      example: """
        a, b = [true, false]
        ok = a & b
        """),
    Entry(
      "no-comprehension", "Lists are made by map and filter, or by a loop.",
      example: """
        xs = [1, 2]
        ys = [x^2 for x in xs]
        """),
    Entry(
      "no-classes", "Data are records and functions are free: there are no classes.",
      example: "class Point { }"),
    Entry(
      "no-delete", "A record without a key is a new record: without(r, key).",
      example: """
        r = (a: 1, b: 2)
        del r["a"]
        """),
    Entry(
      "use-import", "import(\"path.maas\") gives a record of the top-level names of a file.",
      example: "import metrics"),
    Entry(
      "use-match", "match value { pattern -> result }",
      example: """
        x = 2
        switch x {
          case 1: print("one")
          default: print("many")
        }
        """),
    Entry(
      "use-if", "if not condition { … }",
      example: """
        x = false
        unless x { print("no") }
        """),
    Entry(
      "use-while", "while not condition { … }",
      example: """
        x = 0
        until x > 3 { x += 1 }
        """),
    Entry("use-for", "for x in list { … }", example: "foreach x in [1, 2] { print(x) }"),
    Entry("use-fail", "fail(\"message\") raises an error.", example: "raise \"no data\""),
    Entry(
      "foreign-word", "This word is of another language; the help says what stands in its place.",
      example: """
        x = nil
        ok = x is nil
        """),
  ]
}
