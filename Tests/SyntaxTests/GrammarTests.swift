import MaasSyntax
import Testing

/// Every production: a text that has it with its tree, and texts it refuses with the error.
struct Production: Sendable {
  var name: String
  var accepted: [(String, String)]
  var refused: [(String, String)]
}

@Test(arguments: Production.all)
func theGrammarTakesAndRefuses(_ production: Production) {
  for (text, outline) in production.accepted {
    let result = parse(Source(name: "test.maas", text: text))
    #expect(result.diagnostics.map(\.id) == [], "\(text)")
    #expect(result.program.outline == outline + "\n", "\(text)")
  }
  for (text, id) in production.refused {
    let result = parse(Source(name: "test.maas", text: text))
    #expect(result.diagnostics.map(\.id) == [id], "\(text)")
  }
}

extension Production {
  static let all = values + operators + calls + strings + statements + functions + branches + lines

  static let values: [Production] = [
    Production(
      name: "numbers",
      accepted: [
        ("1_000", "1000"), ("0.5", "0.5"), ("1e-3", "0.001"), ("0xff", "255"),
        ("9007199254740992", "9007199254740992"), ("100000000000000000000", "1e+20"),
        ("1E3", "1000"), ("007", "7"),
      ],
      refused: [
        (".5", "bad-number"), ("5.", "bad-number"), ("1__0", "bad-number"), ("1_", "bad-number"),
        ("0xg", "bad-number"), ("0b11", "bad-number"), ("3x", "bad-number"),
        ("9007199254740993", "inexact-number"), ("1e400", "number-too-large"),
        ("0x20000000000001", "inexact-number"),
      ]),
    Production(
      name: "names",
      accepted: [("准确率 = x_1", "(= 准确率 x_1)"), ("é", "é"), ("_", "_"), ("x.if", "(. x if)")],
      refused: [("x = in", "unexpected-token"), ("$", "bad-character"), ("😀", "bad-character")]),
    Production(
      name: "literals",
      accepted: [("[true, false, nil]", "[true false nil]")],
      refused: [("None", "use-nil"), ("True", "use-true")]),
    Production(
      name: "lists",
      accepted: [
        ("[]", "[]"), ("[1, \"a\", ...xs,]", "[1 \"a\" ...xs]"), ("[\n1,\n2\n]", "[1 2]"),
      ],
      refused: [
        ("[1 2]", "unexpected-token"), ("[1,, 2]", "unexpected-token"),
        ("[\"a\": 1]", "bracket-record"),
      ]),
    Production(
      name: "records",
      accepted: [
        ("(:)", "(record)"), ("(rate: 0.1, \"two words\": 2)", "(record rate: 0.1 two words: 2)"),
        ("(...r, rate: 0.2)", "(record ...r rate: 0.2)"),
        ("([\"k{i}\"]: 1, [2]: 3)", "(record [(string \"k\" i)]: 1 [2]: 3)"),
        ("(if: 1, in: 2)", "(record if: 1 in: 2)"), ("([1])", "[1]"), ("('a': 1)", "(record a: 1)"),
      ],
      refused: [
        ("(1, 2)", "no-tuples"), ("(a: 1, 2)", "record-key"), ("()", "empty-parentheses"),
        ("(a: 1, a: 2)", "duplicate-key"), ("(1: 2)", "computed-key"),
        ("(\"k{i}\": 1)", "computed-key"), ("x = {a: 1}", "stray-brace"),
      ]),
    Production(
      name: "ranges",
      accepted: [
        ("0..10", "(.. 0 10)"), ("0..=n + 1", "(..= 0 (+ n 1))"), ("10..0..-1", "(.. 10 0 (- 1))"),
        ("x[..]", "(index x (.. _ _))"), ("x[.., 0]", "(index x (.. _ _) 0)"),
        ("x[..=3]", "(index x (..= _ 3))"), ("x[1..]", "(index x (.. 1 _))"),
        ("x[.., ..-1]", "(index x (.. _ _) (.. _ (- 1)))"),
        ("x[.. .. 2]", "(index x (.. _ _ 2))"),
      ],
      refused: [
        ("x = 0..", "open-range"), ("f(..3)", "open-range"), ("x[f(1..)]", "open-range"),
        ("0..1..2..3", "range-chain"), ("0...3", "closed-range"), ("0..<3", "half-open-range"),
        ("x[1:3]", "slice-colon"), ("x[:, 0]", "slice-colon"), ("x[::2]", "slice-colon"),
      ]),
  ]

  static let operators: [Production] = [
    Production(
      name: "precedence",
      accepted: [
        ("-2^2", "(- (^ 2 2))"), ("2^-3^2", "(^ 2 (- (^ 3 2)))"), ("2^3^4", "(^ 2 (^ 3 4))"),
        ("a + b * c - d", "(- (+ a (* b c)) d)"), ("a // b % c @ d", "(@ (% (// a b) c) d)"),
        ("-a * b", "(* (- a) b)"), ("0..n - 1", "(.. 0 (- n 1))"),
        ("a ?? 0 + 1", "(?? a (+ 0 1))"), ("a ?? b ?? c", "(?? a (?? b c))"),
        ("a ?? b == c", "(== (?? a b) c)"), ("not a == b", "(not (== a b))"),
        ("not a and b or c", "(or (and (not a) b) c)"), ("a or b |> f", "(|> (or a b) f)"),
        ("x -> x + 1", "(-> (x) (+ x 1))"), ("(a + b) * c", "(* (+ a b) c)"),
        ("a-b", "(- a b)"), ("a - -b", "(- a (- b))"),
      ],
      refused: [
        ("+1", "no-unary-plus"), ("a == not b", "not-operand"), ("a +", "unexpected-token"),
        ("1 + x -> x", "function-operand"), ("a ** b", "use-caret"), ("a & b", "no-bit-operator"),
      ]),
    Production(
      name: "comparisons",
      accepted: [
        ("0 <= x < 10", "(chain 0 <= x < 10)"), ("a == b == c", "(chain a == b == c)"),
        ("a > b >= c == d", "(chain a > b >= c == d)"), ("a in b", "(in a b)"),
        ("a not in b", "(not in a b)"), ("not a in b", "(not (in a b))"), ("a != b", "(!= a b)"),
      ],
      refused: [
        ("a < b > c", "comparison-chain"), ("a != b != c", "comparison-chain"),
        ("a in b in c", "comparison-chain"), ("a == b < c > d", "comparison-chain"),
        ("a === b", "use-equal"), ("a not b", "unexpected-token"),
      ]),
    Production(
      name: "pipes",
      accepted: [
        ("x |> f", "(|> x f)"), ("x |> f(a) |> m.g(b)", "(|> (|> x (call f a)) (call (. m g) b))"),
        ("x\n# why\n\n  |> f", "(|> x f)"), ("x |> r.f", "(|> x (. r f))"),
      ],
      refused: [
        ("x |> f + 1", "pipe-operator"), ("x |> f == 1", "pipe-operator"),
        ("x |> 3", "pipe-target"),
        ("x |> xs[0]", "pipe-target"), ("|> f", "unexpected-token"),
      ]),
  ]

  static let calls: [Production] = [
    Production(
      name: "calls",
      accepted: [
        ("f()", "(call f)"), ("f(a, n: b)(c)", "(call (call f a n: b) c)"),
        ("f(...xs, ...r)", "(call f ...xs ...r)"), ("f(a: 1, ...r)", "(call f a: 1 ...r)"),
        ("f(in: 1)", "(call f in: 1)"),
        ("f(x -> x, (a, b) -> a)", "(call f (-> (x) x) (-> (a b) a))"),
      ],
      refused: [
        ("f (1)", "gap-before-bracket"), ("f(a: 1, 2)", "positional-after-named"),
        ("f(a = 1)", "named-argument"), ("f(a: 1, a: 2)", "duplicate-key"),
        ("f(a b)", "unexpected-token"), ("print \"x\"", "call-parentheses"),
        ("f(x for x in xs)", "no-comprehension"),
      ]),
    Production(
      name: "blocks after calls",
      accepted: [
        ("network { dense(1) }", "(call network {(call dense 1)})"),
        ("f(a) { b\nc }", "(call f a {b c})"), ("m.f { 1 }", "(call (. m f) {1})"),
        ("if (f { a }) { 1 }", "(if (call f {a}) {1})"), ("for x in xs { x }", "(for x in xs {x})"),
        (
          "if any(xs, x -> f(x) { x }) { 1 }",
          "(if (call any xs (-> (x) (call f x {x}))) {1})"
        ),
      ],
      refused: [
        ("f\n{ 1 }", "stray-brace"), ("xs[0] { 1 }", "unexpected-token"),
        ("f { 1 } { 2 }", "unexpected-token"),
      ]),
    Production(
      name: "indices and fields",
      accepted: [
        ("x[i, 1..3]", "(index x i (.. 1 3))"), ("t[\"speed\"]", "(index t \"speed\")"),
        ("x\n  .field\n  .other", "(. (. x field) other)"),
        ("f(x)[0].y", "(. (index (call f x) 0) y)"),
      ],
      refused: [
        ("x[]", "empty-index"), ("x [0]", "gap-before-bracket"), ("x.0", "unexpected-token"),
        ("x.", "unexpected-token"),
      ]),
  ]
}
