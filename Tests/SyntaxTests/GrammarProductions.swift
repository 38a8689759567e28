import MaasSyntax
import Testing

/// Every production of the grammar, in the order of language.md. The table below is an exhaustive
/// switch: a production without a row does not compile.
enum GrammarProduction: CaseIterable {
  // Lexical
  /// `names: Unicode letters, digits and _`
  case name
  /// `keywords are no names`
  case keyword
  /// `# to the end of the line`
  case comment
  /// `## before a fn or an assignment`
  case documentation
  /// `# %% Title`
  case cell
  /// `a newline ends a statement`
  case newline
  /// `; ends a statement`
  case semicolon
  /// `a line goes on behind an operator, and before |>`
  case continued
  /// `1  1_000  0.5  1e-3  0xff`
  case number
  /// `"text"`
  case string
  /// `'raw'`
  case rawString
  /// `three quotes … three quotes and ''' … '''`
  case multiLine
  /// `\n \t \\ \" \' \{ \u{1F600}`
  case escape
  /// `"{expression}"`
  case interpolation
  /// `{x:[<>^][0][width][,][.digits][% or e]}`
  case format
  /// `# =>  # prints:  # error:`
  case mark

  // Values
  /// `nil`
  case nothing
  /// `true false`
  case truth
  /// `[a, b, ...c]`
  case list
  /// `(name: a, "two words": b, [c]: d, ...r)`
  case record
  /// `(:)`
  case emptyRecord
  /// `keywords may be keys`
  case keywordKey
  /// `(a)`
  case group
  /// `a..b`
  case halfOpenRange
  /// `a..=b`
  case closedRange
  /// `a..b..step`
  case steppedRange
  /// `x -> …, (a, b) -> …, () -> …`
  case lambda
  /// `x -> { … }`
  case lambdaBlock

  // Expressions
  /// `f(a, b)`
  case call
  /// `f(a, name: b)`
  case namedArgument
  /// `f(...list), f(...record)`
  case spreadArgument
  /// `f(a) { … }`
  case trailingBlock
  /// `x[i, j]`
  case index
  /// `x[a..], x[..b], x[..]`
  case slice
  /// `x.name`
  case field
  /// `^, to the right`
  case power
  /// `-x`
  case negate
  /// `* / // % @`
  case product
  /// `+ -`
  case sum
  /// `a ?? b`
  case coalesce
  /// `== != < <= > >=`
  case comparison
  /// `0 <= x < 10`
  case chain
  /// `in, not in`
  case membership
  /// `not a`
  case negation
  /// `a and b`
  case both
  /// `a or b`
  case either
  /// `x |> f(a)`
  case pipe
  /// `if a { b } else { c }`
  case ifExpression
  /// `match x { pattern -> result }`
  case matchExpression
  /// `try a catch e -> b`
  case tryExpression
  /// `try { … } catch e -> { … }`
  case tryBlock

  // Statements
  /// `a = b`
  case assignName
  /// `x[i] = v`
  case assignIndex
  /// `r.a.b = v`
  case assignField
  /// `a, b = pair; _`
  case assignSeveral
  /// `[a, ...rest] = xs`
  case assignList
  /// `(a, b: c) = r`
  case assignRecord
  /// `+= -= *= /= //= %= ^= @=`
  case update
  /// `??=`
  case assignIfMissing
  /// `fn f(a) { … }`
  case fnBlock
  /// `fn f(a) = …`
  case fnExpression
  /// `fn f(a) -> type`
  case fnResult
  /// `a = 1 as a parameter`
  case defaultValue
  /// `...rest`
  case restParameter
  /// `a: number`
  case parameterType
  /// `T?`
  case optionalType
  /// `A | B`
  case unionType
  /// `tensor[n, 784]`
  case tensorShape
  /// `([a, b]) -> …`
  case listParameter
  /// `fn f((a, b: c))`
  case recordParameter
  /// `if a { … } else { … }`
  case choice
  /// `else if`
  case elseIf
  /// `for x in xs { … }`
  case loop
  /// `for a, b in xs`
  case forSeveral
  /// `for [a, b] in xs`
  case forPattern
  /// `while a { … }`
  case repetition
  /// `break`
  case leaving
  /// `continue`
  case skipping
  /// `return a`
  case giving

  // Patterns
  /// `1 "a" nil true -1`
  case literalPattern
  /// `0.8..0.9, 0..=9`
  case intervalPattern
  /// `a`
  case namePattern
  /// `_`
  case wildcard
  /// `n: number`
  case typePattern
  /// `[a, b, ...rest]`
  case listPattern
  /// `(kind: "late", days)`
  case recordPattern
  /// `a, b -> …`
  case alternatives
  /// `a if condition -> …`
  case guarded
  /// `pattern -> a = b`
  case armAssignment
  /// `an arm behind a catch-all`
  case armOrder

  // Bounds
  /// `250 levels`
  case nesting
}

extension GrammarProduction {
  /// A text that has the production, one that has it wrong, and the id of its error.
  var row: (accepted: String, refused: String, id: String) {
    switch self {
    case .name:
      (
        "准确率 = x_1",
        "x = 1st", "bad-number"
      )
    case .keyword:
      (
        "x.if",
        "if = 1", "keyword-as-name"
      )
    case .comment:
      (
        "x = 1  # one",
        "x = 1 // the first one", "comment-sign"
      )
    case .documentation:
      (
        "## One.\nfn f() = 1",
        "## One.\nf() = 1", "bad-target"
      )
    case .cell:
      (
        "# %% Load\nx = 1",
        "# %% Load\nx = = 1", "assignment-in-expression"
      )
    case .newline:
      (
        "a = 1\nb = 2",
        "a = 1 b = 2", "unexpected-token"
      )
    case .semicolon:
      (
        "a = 1; b = 2",
        "a = 1, b = 2", "no-tuples"
      )
    case .continued:
      (
        "x = a +\n  b\n  |> f",
        "x = a\n  * b", "unexpected-token"
      )
    case .number:
      (
        "x = [1, 1_000, 0.5, 1e-3, 0xff]",
        "x = 1__000", "bad-number"
      )
    case .string:
      (
        "x = \"text\"",
        "x = \"text", "unclosed-string"
      )
    case .rawString:
      (
        "x = 'raw {x}\\n'",
        "x = 'raw", "unclosed-string"
      )
    case .multiLine:
      (
        "x = \"\"\"\n  a\n    b\n  \"\"\"",
        "x = \"\"\"\n  a", "unclosed-string"
      )
    case .escape:
      (
        "x = \"\\n\\t\\\\\\\"\\'\\{\\u{1F600}\"",
        "x = \"\\q\"", "bad-escape"
      )
    case .interpolation:
      (
        "x = \"loss {loss + 1}\"",
        "x = \"loss {}\"", "empty-interpolation"
      )
    case .format:
      (
        "x = \"{a:>08,.1%} {b:e} {c:^8}\"",
        "x = \"{a:.3f}\"", "bad-format"
      )
    case .mark:
      (
        "1 + 1  # => 2",
        "1 +  # => 2", "unexpected-token"
      )
    case .nothing:
      (
        "x = nil",
        "x = null", "use-nil"
      )
    case .truth:
      (
        "x = [true, false]",
        "x = True", "use-true"
      )
    case .list:
      (
        "x = [1, \"a\", ...xs,]",
        "x = [1, 2", "unclosed-bracket"
      )
    case .record:
      (
        "x = (a: 1, \"two words\": 2, [\"k{i}\"]: 3, ...r)",
        "x = (a: 1, 2)", "record-key"
      )
    case .emptyRecord:
      (
        "x = (:)",
        "x = ()", "empty-parentheses"
      )
    case .keywordKey:
      (
        "x = (if: 1, in: 2).in",
        "x = (a: 1, a: 2)", "duplicate-key"
      )
    case .group:
      (
        "x = (a + b) * c",
        "x = (a + b * c", "unclosed-bracket"
      )
    case .halfOpenRange:
      (
        "x = 0..10",
        "x = 0..", "open-range"
      )
    case .closedRange:
      (
        "x = 0..=10",
        "x = 0...10", "closed-range"
      )
    case .steppedRange:
      (
        "x = 10..0..-1",
        "x = 0..1..2..3", "range-chain"
      )
    case .lambda:
      (
        "f = [x -> x, (a, b) -> a + b, () -> 1]",
        "f = x => x", "use-arrow"
      )
    case .lambdaBlock:
      (
        "f = x -> {\n  y = x\n  y\n}",
        "f = x -> { y = x", "unclosed-bracket"
      )
    case .call:
      (
        "f(a, b)(c)",
        "f (a)", "gap-before-bracket"
      )
    case .namedArgument:
      (
        "f(a, name: b)",
        "f(name = b)", "named-argument"
      )
    case .spreadArgument:
      (
        "f(...xs, a: 1, ...r)",
        "f(...)", "unexpected-token"
      )
    case .trailingBlock:
      (
        "network { dense(1); dense(2) }",
        "f(a)\n{ b }", "stray-brace"
      )
    case .index:
      (
        "x[i, 1..3][-1]",
        "x[]", "empty-index"
      )
    case .slice:
      (
        "x[1..][..3][.., 0]",
        "x[1:3]", "slice-colon"
      )
    case .field:
      (
        "x.a.b\n  .c",
        "x.", "unexpected-token"
      )
    case .power:
      (
        "-2^3^-1",
        "2 ** 3", "use-caret"
      )
    case .negate:
      (
        "-x * -y",
        "+x", "no-unary-plus"
      )
    case .product:
      (
        "a * b / c // d % e @ f",
        "a * / b", "unexpected-token"
      )
    case .sum:
      (
        "a + b - c",
        "a +", "unexpected-token"
      )
    case .coalesce:
      (
        "a.b ?? c ?? 0 + 1",
        "a ?? x -> x", "function-operand"
      )
    case .comparison:
      (
        "[a == b, a != b, a < b, a >= b]",
        "a === b", "use-equal"
      )
    case .chain:
      (
        "0 <= x < 10",
        "a < b > c", "comparison-chain"
      )
    case .membership:
      (
        "[a in b, a not in b]",
        "a not b", "unexpected-token"
      )
    case .negation:
      (
        "not a == b",
        "a == not b", "not-operand"
      )
    case .both:
      (
        "a and b and not c",
        "a && b", "use-and"
      )
    case .either:
      (
        "a or b and c",
        "a || b", "use-or"
      )
    case .pipe:
      (
        "x |> f(a) |> m.g",
        "x |> f + 1", "pipe-operator"
      )
    case .ifExpression:
      (
        "x = if a { b } else if c { d } else { e }",
        "x = a ? b : c", "no-ternary"
      )
    case .matchExpression:
      (
        "y = match x {\n  1 -> \"one\"\n  _ -> { z }\n}",
        "match x { 1 => 2 }", "use-arrow"
      )
    case .tryExpression:
      (
        "x = try f() catch e -> e.message",
        "x = try f()", "try-without-catch"
      )
    case .tryBlock:
      (
        "try { f() } catch (id, message) -> { print(id) }",
        "try { f() } catch e { g() }", "catch-arrow"
      )
    case .assignName:
      (
        "a = b",
        "a := b", "assign-sign"
      )
    case .assignIndex:
      (
        "x[i, 1] = v",
        "f()[i] + 1 = v", "bad-target"
      )
    case .assignField:
      (
        "bodies[i].mass = v",
        "1.a = v", "bad-target"
      )
    case .assignSeveral:
      (
        "a, _ = [1, 2]",
        "a, b = 1, 2", "no-tuples"
      )
    case .assignList:
      (
        "[a, ...rest] = xs",
        "[a, ...b, ...c] = xs", "second-rest"
      )
    case .assignRecord:
      (
        "(rate, width: w) = settings",
        "(rate, rate) = settings", "duplicate-key"
      )
    case .update:
      (
        "a += 1; b[i] //= 2; c @= d",
        "a, b += 1", "bad-target"
      )
    case .assignIfMissing:
      (
        "r[k] ??= []",
        "r[k] ||= []", "assign-sign"
      )
    case .fnBlock:
      (
        "fn f(a) {\n  a\n}",
        "fn f(a) => { a }", "use-equal-body"
      )
    case .fnExpression:
      (
        "fn f(a) = a + 1",
        "fn f(a) = { a }", "stray-brace"
      )
    case .fnResult:
      (
        "fn f(a) -> tensor = a",
        "fn f(a): tensor { a }", "result-type"
      )
    case .defaultValue:
      (
        "fn f(a, b = a + 1) = b",
        "fn f(...b = 1) = b", "bad-parameter"
      )
    case .restParameter:
      (
        "fn f(a, ...rest) = rest",
        "fn f(...a, ...b) = a", "second-rest"
      )
    case .parameterType:
      (
        "fn f(a: number, b: tensor) = a",
        "fn f(a: int) = a", "foreign-type"
      )
    case .optionalType:
      (
        "fn f(a: string?) = a",
        "fn f(a: ?string) = a", "unexpected-token"
      )
    case .unionType:
      (
        "fn f(a: string | list) = a",
        "fn f(a: string or list) = a", "unexpected-token"
      )
    case .tensorShape:
      (
        "fn f(a: tensor[n, 784]) = a",
        "fn f(a: list[3]) = a", "type-sizes"
      )
    case .listParameter:
      (
        "f = ([word, n]) -> -n",
        "f = ([a, 1 + 1]) -> a", "unexpected-token"
      )
    case .recordParameter:
      (
        "fn f((a, b: c)) = a",
        "fn f((1)) = a", "unexpected-token"
      )
    case .choice:
      (
        "if a { b } else { c }",
        "if a { b }\nelse { c }", "branch-line"
      )
    case .elseIf:
      (
        "if a { b } else if c { d }",
        "if a { b } elif c { d }", "use-else-if"
      )
    case .loop:
      (
        "for x in xs { print(x) }",
        "for x of xs { print(x) }", "foreign-loop"
      )
    case .forSeveral:
      (
        "for i, x in enumerate(xs) { print(i) }",
        "for i x in xs { print(i) }", "unexpected-token"
      )
    case .forPattern:
      (
        "for [k, v] in r { print(k) }",
        "for [k, v in r { print(k) }", "unclosed-bracket"
      )
    case .repetition:
      (
        "while not done { f() }",
        "while x = 1 { f() }", "assignment-in-condition"
      )
    case .leaving:
      (
        "while a { break }",
        "while a { break 2 }", "unexpected-token"
      )
    case .skipping:
      (
        "while a { continue }",
        "while a { continue x }", "unexpected-token"
      )
    case .giving:
      (
        "fn f() { return 1 }",
        "fn f() { return 1, 2 }", "no-tuples"
      )
    case .literalPattern:
      (
        "match x { 1, \"a\", nil, true, -1 -> 2 }",
        "match x { \"a{b}\" -> 2 }", "bad-pattern"
      )
    case .intervalPattern:
      (
        "match x { 0.8..0.9, 0..=9 -> 1 }",
        "match x { 1.. -> 2 }", "open-range"
      )
    case .namePattern:
      (
        "match x { a -> a }",
        "match x { a + 1 -> 2 }", "unexpected-token"
      )
    case .wildcard:
      (
        "match x { _ -> 1 }",
        "match x { default -> 1 }", "foreign-arm"
      )
    case .typePattern:
      (
        "match x { n: number -> n }",
        "match x { n: 3 -> n }", "unexpected-token"
      )
    case .listPattern:
      (
        "match x { [a, ...rest] -> a; [...] -> 1 }",
        "match x { [a, ...b, ...c] -> a }", "second-rest"
      )
    case .recordPattern:
      (
        "match x { (kind: \"late\", days) -> days }",
        "match x { (kind: \"late\", ...) -> 1 }", "bad-pattern"
      )
    case .alternatives:
      (
        "match x { 1, 2 -> 3 }",
        "match x { 1 | 2 -> 3 }", "arm-separator"
      )
    case .guarded:
      (
        "match x { a if a > 1 -> a }",
        "match x { a when a > 1 -> a }", "unexpected-token"
      )
    case .armAssignment:
      (
        "match x { 1 -> y = 2 }",
        "match x { 1 -> = 2 }", "unexpected-token"
      )
    case .armOrder:
      (
        "match x { 1 -> 2\n_ -> 3 }",
        "match x { _ -> 3\n1 -> 2 }", "unreachable-arm"
      )
    case .nesting:
      (
        "x = " + String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100),
        "x = " + String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300),
        "too-deep"
      )
    }
  }
}

@Test(arguments: GrammarProduction.allCases)
func everyProductionIsTakenAndRefused(_ production: GrammarProduction) {
  let row = production.row
  let taken = parse(Source(name: "taken.maas", text: row.accepted))
  #expect(taken.diagnostics.map(\.id) == [], "\(row.accepted)")
  let refused = parse(Source(name: "refused.maas", text: row.refused))
  #expect(refused.diagnostics.map(\.id) == [row.id], "\(row.refused)")
}
