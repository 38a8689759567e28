extension Production {
  static let strings: [Production] = [
    Production(
      name: "strings",
      accepted: [
        ("\"\"", "\"\""), (#""a\n\t\\\"\'\{\u{41}}""#, #""a\n\t\\\"\'{A}""#),
        ("'raw {x}\\n'", #""raw {x}\\n""#), ("\"}\"", "\"}\""),
        ("\"a {x} b {\"in {y}\"}\"", #"(string "a " x " b " (string "in " y))"#),
        (
          "\"{x:.3} {y:>8} {z:08,.1%} {(a: 1).a:e}\"",
          #"(string (format x .3) " " (format y >8) " " (format z 08,.1%) " " (format (. (record a: 1) a) e))"#
        ),
        ("\"{if a { 1 } else { 2 }}\"", "(string (if a {1} {2}))"),
      ],
      refused: [
        ("\"a", "unclosed-string"), ("'a", "unclosed-string"), ("\"\"\"a", "unclosed-string"),
        ("\"{x\"", "unclosed-interpolation"), ("\"{}\"", "empty-interpolation"),
        ("\"{{x}}\"", "brace-escape"), (#""\q""#, "bad-escape"), (#""\u{FFFFFF}""#, "bad-escape"),
        ("\"{x:.3f}\"", "bad-format"), ("\"{x:}\"", "bad-format"), ("\"{x:9999}\"", "bad-format"),
        ("f\"{x}\"", "string-prefix"), ("\"{x y}\"", "unexpected-token"),
      ]),
    Production(
      name: "multi-line strings",
      accepted: [
        ("\"\"\"\n    a\n      b\n\n    c\n    \"\"\"", #""a\n  b\n\nc""#),
        ("\"\"\"one \"quoted\" line\"\"\"", #""one \"quoted\" line""#),
        ("\"\"\"\n  a {x}\n  {y}\n  \"\"\"", #"(string "a " x "\n" y)"#),
        ("'''\n  {x}\\n\n   b'''", #""{x}\\n\n b""#), ("\"\"\"\r\n a\r\n b\r\n \"\"\"", #""a\nb""#),
        ("\"\"\"\n  a\n \"\"\"", "\" a\""), ("\"\"\"\"\"\"", "\"\""),
        ("\"\"\"\n  {f(\n1)}\n  \"\"\"", "(string (call f 1))"),
      ],
      refused: [("\"\"\"\n{x", "unexpected-token")]),
  ]

  static let statements: [Production] = [
    Production(
      name: "assignment",
      accepted: [
        ("a = 1; b = 2", "(= a 1)\n(= b 2)"), ("a, b = [b, a]", "(= a b [b a])"),
        ("(rate, width) = s", "(= (pattern (record rate: rate width: width)) s)"),
        ("[a, ...r] = v", "(= (pattern [a ...r]) v)"), ("a, ...r = v", "(= (pattern [a ...r]) v)"),
        ("x[i].b, _ = f()", "(= (. (index x i) b) (pattern _) (call f))"),
        ("m[i, j] -= 2", "(-= (index m i j) 2)"), ("x @= y", "(@= x y)"), ("x //= y", "(//= x y)"),
        ("x ??= y", "(??= x y)"), ("x =\n  3", "(= x 3)"),
        ("(kind: k, days) = s", "(= (pattern (record kind: k days: days)) s)"),
      ],
      refused: [
        ("f(x) = 3", "bad-target"), ("1 = x", "bad-target"), ("a, b += 1", "bad-target"),
        ("a = b = 3", "chained-assignment"), ("if = 3", "keyword-as-name"),
        ("in = 3", "keyword-as-name"), ("x := 3", "assign-sign"), ("x <- 3", "assign-sign"),
        ("x: number = 3", "no-annotation"), ("let x = 3", "no-declaration"),
        ("x = 1, 2", "no-tuples"), ("x++", "no-increment"), ("x--", "no-increment"),
      ]),
    Production(
      name: "loops",
      accepted: [
        (
          "for i, x in enumerate(xs) { print(x) }",
          "(for i x in (call enumerate xs) {(call print x)})"
        ),
        ("for [k, v] in r { break }", "(for [k v] in r {(break)})"),
        ("while not done { continue }", "(while (not done) {(continue)})"),
        ("while a\n{ b }", "(while a {b})"),
      ],
      refused: [
        ("for x { 1 }", "unexpected-token"), ("for in xs { 1 }", "keyword-as-name"),
        ("while { 1 }", "stray-brace"), ("while x = 1 { 2 }", "assignment-in-condition"),
        ("for x in xs:\n  x", "use-braces"),
      ]),
    Production(
      name: "return",
      accepted: [("return", "(return)"), ("return x + 1", "(return (+ x 1))")],
      refused: [("return a, b", "no-tuples"), ("return )", "stray-bracket")]),
  ]

  static let functions: [Production] = [
    Production(
      name: "fn",
      accepted: [
        ("fn f() { }", "(fn f () {})"),
        (
          "fn f(a, b: number = 1, ...rest) -> tensor = a",
          "(fn f (a b:number=1 ...rest) -> tensor a)"
        ),
        (
          "fn f(x: tensor[n, 784], y: string? | list) { x }",
          "(fn f (x:tensor[n,784] y:string|list?) {x})"
        ),
        ("fn f([a, b], (c: d)) = a", "(fn f ([a b] (record c: d)) a)"),
        (
          "## One.\n##\n##     f(1)  # => 1\nfn f(x) = x",
          #"(doc "One.\n\n    f(1)  # => 1" (fn f (x) x))"#
        ),
        ("## lost\n\nfn f(x) = x", "(fn f (x) x)"), ("## rate\nx = 1", #"(doc "rate" (= x 1))"#),
      ],
      refused: [
        ("fn (x) = x", "fn-expression"), ("fn f x = x", "unexpected-token"),
        ("fn f(a, a) = a", "duplicate-name"), ("fn f(...a, ...b) = a", "second-rest"),
        ("fn f(...a = 1) = a", "bad-parameter"), ("fn f(x: 3) = x", "unexpected-token"),
        ("fn f(x: int) = x", "foreign-type"), ("fn f(x: list[3]) = x", "type-sizes"),
        ("fn f(x) = { x }", "stray-brace"), ("fn f(x) => x", "use-equal-body"),
        ("def f(x) { x }", "use-fn"), ("x = fn f(x) = x", "fn-expression"),
        ("fn f(1) = 1", "bad-parameter"),
      ]),
    Production(
      name: "functions as values",
      accepted: [
        ("() -> 1", "(-> () 1)"), ("(a, b) -> { a\nb }", "(-> (a b) {a b})"),
        ("([word, n]) -> -n", "(-> ([word n]) (- n))"), ("x -> y -> x", "(-> (x) (-> (y) x))"),
        ("f((a: number = 1) -> a)", "(call f (-> (a:number=1) a))"), ("_ -> 1", "(-> (_) 1)"),
      ],
      refused: [
        ("x => x", "use-arrow"), ("f = lambda x: x", "use-arrow"), ("1 -> x", "assign-sign"),
      ]),
  ]

  static let branches: [Production] = [
    Production(
      name: "if",
      accepted: [
        ("if a { 1 } else if b { 2 } else { 3 }", "(if a {1} {(if b {2} {3})})"),
        ("x = if a { 1 } else { 2 }", "(= x (if a {1} {2}))"), ("if a\n{ 1 }", "(if a {1})"),
      ],
      refused: [
        ("if a { 1 }\nelse { 2 }", "branch-line"), ("else { 1 }", "lost-branch"),
        ("if a { 1 } elif b { 2 }", "use-else-if"), ("if a 1", "unexpected-token"),
        ("if a:\n  b", "use-braces"), ("a ? b : c", "no-ternary"), ("a && b", "use-and"),
        ("a || b", "use-or"), ("!a", "use-not"), ("if a then b", "use-braces"),
      ]),
    Production(
      name: "match",
      accepted: [
        (
          "match x {\n  s if s >= 0.9 -> \"A\"\n  0.8..0.9, -1..=-0.5 -> { b }\n}",
          #"(match x (arm s if (>= s 0.9) "A") (arm (.. 0.8 0.9),(..= (- 1) (- 0.5)) {b}))"#
        ),
        (
          "match x { \"a\", nil -> 1; n: number -> 2; _ -> y = 3 }",
          "(match x (arm \"a\",nil 1) (arm n:number 2) (arm _ (= y 3)))"
        ),
        (
          "match x { (kind: \"late\", days) -> days; [a, ...r] -> r; [...] -> 1 }",
          "(match x (arm (record kind: \"late\" days: days) days) (arm [a ...r] r) (arm [...] 1))"
        ),
        ("match x { a if (b) -> 1 }", "(match x (arm a if b 1))"), ("match x { }", "(match x)"),
      ],
      refused: [
        ("match x { _ -> 1\n2 -> 3 }", "unreachable-arm"),
        ("match x { 1 | 2 -> 3 }", "arm-separator"),
        ("match x { 1 -> 2, 3 -> 4 }", "arm-separator"), ("match x { case 1 -> 2 }", "foreign-arm"),
        ("match x { default -> 2 }", "foreign-arm"), ("match x { \"a{b}\" -> 2 }", "bad-pattern"),
        ("match x { a + 1 -> 2 }", "unexpected-token"), ("match x { 1 => 2 }", "use-arrow"),
        ("match x { 1.. -> 2 }", "open-range"), ("match x { [...a, ...b] -> 2 }", "second-rest"),
        ("match x\n1", "unexpected-token"), ("match x { None -> 2 }", "use-nil"),
      ]),
    Production(
      name: "try",
      accepted: [
        ("x = try f() catch e -> 0", "(= x (try (call f) e 0))"),
        (
          "try { a\nb } catch (id, message) -> { c }",
          "(try {a b} (record id: id message: message) {c})"
        ),
        ("x = 1 + (try f() catch _ -> 0)", "(= x (+ 1 (try (call f) _ 0)))"),
      ],
      refused: [
        ("try f()", "try-without-catch"), ("1 + try f() catch e -> 0", "try-operand"),
        ("try { a }\ncatch e -> 0", "branch-line"), ("catch e -> 0", "lost-branch"),
        ("try f() catch e { 0 }", "catch-arrow"),
      ]),
  ]

  static let lines: [Production] = [
    Production(
      name: "lines",
      accepted: [
        ("a +\nb", "(+ a b)"), ("a\n-b", "a\n(- b)"), ("f(\na,\nb\n)", "(call f a b)"),
        ("x = a and\n not b", "(= x (and a (not b)))"), ("a\n(b)", "a\nb"), ("a\n[b]", "a\n[b]"),
        ("[x -> {\na\nb\n}]", "[(-> (x) {a b})]"), ("f(x,\n  y) # c\nz", "(call f x y)\nz"),
        ("a;;b;", "a\nb"), ("x.in\ny", "(. x in)\ny"),
      ],
      refused: [
        ("a b", "call-parentheses"), ("f(1", "unclosed-bracket"), ("x = [1, 2", "unclosed-bracket"),
        ("{ 1 }", "stray-brace"), ("f(1]", "unclosed-bracket"), ("x = 1)", "stray-bracket"),
        ("}", "stray-bracket"), ("print（1）", "full-width"), ("a\u{A0}b", "bad-character"),
      ])
  ]
}
