extension DiagnosticCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Characters, numbers and strings.
  static let text: [DiagnosticExplanation] = [
    Entry(
      "bad-character",
      "A program is made of letters, digits and ASCII signs; any character may stand in a string "
        + "or a comment. An invisible character often comes from a copied web page.",
      example: "price = $5"),
    Entry(
      "full-width",
      "East Asian keyboards have wide forms of brackets, commas and quotes. Outside of strings the "
        + "language knows only the ASCII ones.",
      example: "print（“图”，1）"),
    Entry(
      "bad-number",
      "Numbers are written 1, 1_000, 0.5, 1e-3 or 0xff: a point has a digit on both sides, an "
        + "underscore too, and no name follows directly.",
      example: "x = .5"),
    Entry(
      "inexact-number",
      "Numbers are 64-bit floating point. Integers are exact up to 2^53; beyond, only some are. "
        + "An integer that would silently become its neighbour is an error.",
      example: "id = 9007199254740993"),
    Entry(
      "number-too-large", "The largest number is about 1.8e308.", example: "x = 1e999"),
    Entry(
      "unclosed-string",
      "A string in single quotes of either kind ends on its line. \"\"\" and ''' open a text of "
        + "several lines.",
      example: "name = \"hello"),
    Entry(
      "unclosed-interpolation",
      "In \"…\" a { opens an expression that a } on the same line closes. A brace that is only "
        + "text is written \\{, or the string is written '…'.",
      example: "print(\"set {1, 2\")"),
    Entry(
      "empty-interpolation", "Between { and } in a string stands an expression.",
      example: "print(\"total: {}\")"),
    Entry(
      "brace-escape",
      "A brace that is only text is written \\{. A lone } is text already.",
      example: "print(\"{{x}}\")"),
    Entry(
      "bad-format",
      "After : in an interpolation stands a format: [< > ^][0][width][,][.digits][% or e], in this "
        + "order. {x:.3} has three digits after the point, {x:.1%} is a percentage, {x:>8} is "
        + "right-aligned in 8 columns, {x:,} separates thousands.",
      example: """
        loss = 0.25
        print("{loss:.3f}")
        """),
    Entry(
      "bad-escape",
      "The escapes are \\n \\t \\\\ \\\" \\' \\{ and \\u{1F600}. In '…' a backslash is a backslash.",
      example: "path = \"C:\\data\""),
    Entry(
      "quote-in-text",
      "A text ends at the next quote of its kind. \"don't\" may hold the other kind, and \\\" is a "
        + "quote inside \"…\".",
      example: "word = 'don't'"),
    Entry(
      "foreign-quote", "A text stands in \"…\", where {x} is a value, or in '…', which is raw.",
      example: "n = 3\nprint(`n is ${n}`)"),
    Entry(
      "comment-sign", "A comment starts with # and ends with its line.",
      example: "x = 1  // the first one"),
    Entry(
      "string-prefix",
      "Every \"…\" interpolates and '…' is raw, so no letter stands before a string.",
      example: """
        x = 1
        print(f"{x}")
        """),
  ]

  /// Brackets, and what they may hold.
  static let brackets: [DiagnosticExplanation] = [
    Entry(
      "unclosed-bracket", "Every ( [ { has its partner. The error points at the one without.",
      example: "print(max(1, 2)\nx = 1"),
    Entry("stray-bracket", "A closing bracket closes one that was opened.", example: "x = 1)"),
    Entry(
      "stray-brace",
      "{ opens a block of statements, and a block stands after if, else, for, while, match, fn, -> "
        + "or a call. Records are written with parentheses: (name: value).",
      example: "point = {\"x\": 1}"),
    Entry(
      "bracket-record", "A record is written with parentheses: (a: 1). [ ] makes a list.",
      example: "r = [\"a\": 1]"),
    Entry(
      "no-tuples",
      "There are no tuples: several values make a list [1, 2], or a record (x: 1, y: 2) if they "
        + "have names.",
      example: "point = (1, 2)"),
    Entry(
      "matrix-rows",
      "A matrix is a tensor of lists, one for each row: tensor([[1, 2], [3, 4]]).",
      example: "m = [1 2; 3 4]"),
    Entry(
      "empty-parentheses", "The empty record is (:), the empty list [].", example: "r = ()"),
    Entry(
      "record-key",
      "Every entry of a record has a key: (rate: 0.1), (\"two words\": 1), ([computed]: 2); "
        + "...other copies all entries of another record.",
      example: """
        b = 2
        r = (a: 1, b)
        """),
    Entry(
      "computed-key", "A key that is not a name or a plain string stands in [ ].",
      example: "r = (1: \"one\")"),
    Entry("duplicate-key", "A key or argument is given once.", example: "r = (a: 1, a: 2)"),
    Entry(
      "gap-before-bracket",
      "The ( of a call and the [ of an index touch what they apply to: f(x), xs[0].",
      example: "print (1)"),
    Entry(
      "empty-index", "An index says which element: x[0], x[1..3], x[.., 0].",
      example: """
        x = [1, 2]
        y = x[]
        """),
    Entry(
      "slice-colon",
      "A slice is a range: x[1..3] has the elements 1 and 2, x[1..] all but the first.",
      example: """
        x = [1, 2, 3, 4]
        y = x[1:3]
        """),
    Entry(
      "too-deep",
      "Expressions nest up to 250 levels, and a chain has up to 3000 links. Whoever needs more has "
        + "a program write the program; give parts of it names of their own.",
      example: String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300)),
  ]

  /// Operators, ranges, calls.
  static let expressions: [DiagnosticExplanation] = [
    Entry(
      "unexpected-token",
      "The grammar needs something else at this place. Often a comma, an operator or a closing "
        + "bracket is missing just before.",
      example: "xs = [1 2]"),
    Entry(
      "comparison-chain",
      "0 <= x < 10 reads as in mathematics. Only < and <=, or > and >=, or == chain, in one "
        + "direction; join other comparisons with and.",
      example: """
        a, b, c = [1, 2, 0]
        ok = a < b > c
        """),
    Entry(
      "open-range", "x[2..] and x[..3] leave a bound out; outside of an index a range has both.",
      example: "for i in 0.. { print(i) }"),
    Entry(
      "range-colon",
      "A range is written with dots: 1..10 leaves 10 out, 1..=10 has it, 0..10..2 counts by 2.",
      example: "for i in 1:3 { print(i) }"),
    Entry(
      "range-chain", "A range has a start, an end and perhaps a step: 0..10..2.",
      example: "r = 0..10..2..3"),
    Entry(
      "half-open-range", "0..10 leaves 10 out, 0..=10 has it.", example: "r = 0..<10"),
    Entry("closed-range", "A range with its end is written 0..=10.", example: "r = 0...10"),
    Entry(
      "not-operand",
      "not binds less tightly than comparison and arithmetic, so beside them it needs parentheses.",
      example: """
        a, b = [true, false]
        ok = a == not b
        """),
    Entry(
      "no-unary-plus", "A number needs no sign to be positive.", example: "x = +1"),
    Entry(
      "pipe-operator",
      "x |> f(a) is f(x, a), and |> binds least of all operators: a + b |> f is f(a + b). To go on "
        + "with the result put the pipe in parentheses.",
      example: """
        x = [1, 2]
        y = x |> sum + 1
        """),
    Entry(
      "pipe-target",
      "Right of |> stands a name, a field or a call; the value becomes its first "
        + "argument.",
      example: "y = x |> 3"),
    Entry(
      "function-operand", "-> binds least: a function beside an operator needs parentheses.",
      example: """
        g = nil
        f = g ?? x -> x
        """),
    Entry(
      "named-argument", "A name and its value are joined by : in calls and records.",
      example: """
        t = table((a: [1, 2, 3]))
        train, test = split(t, test = 0.4)
        """),
    Entry(
      "positional-after-named", "Arguments without a name come first.",
      example: """
        t = table((a: [1, 2, 3]))
        train, test = split(test: 0.4, t)
        """),
    Entry(
      "fn-expression",
      "fn declares a function with a name, as a statement. A function as a value is (a, b) -> a + b.",
      example: "ys = map([1, 2], fn (x) { x + 1 })"),
    Entry(
      "duplicate-name", "Parameters of one function have different names.",
      example: "f = (a, a) -> a"),
    Entry(
      "bad-parameter",
      "...rest collects the remaining arguments in a list: it has a plain name and no default.",
      example: "fn f(...rest = 1) = rest"),
    Entry(
      "result-type", "The type of what a function gives stands behind ->, before its body.",
      example: "fn double(x): number { 2 * x }"),
    Entry(
      "second-rest", "Only one name can take what remains.",
      example: "fn f(...a, ...b) = a"),
    Entry(
      "type-sizes", "Only a tensor has sizes: tensor[n, 784].",
      example: "fn f(x: list[3]) = x"),
    Entry(
      "foreign-type",
      "The types are number, string, bool, list, record, function, tensor, table, dataset, network, "
        + "model and any.",
      example: "fn f(x: int) = x"),
  ]
}
