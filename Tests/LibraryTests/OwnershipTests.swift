import MaasLibrary
import MaasSession
import MaasSyntax
import MaasVM
import Testing

/// What goes through Swift code is released, also where an error ends it half-way. Objects are
/// counted by thread, and a test without `await` stays on one.
struct OwnershipTests {
  /// Entries that end in an error half-way, and entries that hand values through Swift code.
  @Test(arguments: [
    "map([1, 0], x -> [\"x{x}\", 1 / x])",
    "filter([\"a{1}\", 2], x -> x)",
    "reduce([\"a{1}\", \"b\", 2], (a, b) -> a + b)",
    "group_by([\"a{1}\", \"b\"], x -> [x])",
    "sort_by([\"a{1}\", \"b\"], x -> 1 / 0)",
    "sort([\"a{1}\", 2, [\"b{1}\"]])",
    "find([\"a{1}\"], x -> 1 / 0)",
    "zip([\"a{1}\"], [1, 2])",
    "merge((a: \"s{1}\"), 1)",
    "record([[\"k{1}\", [1]], [2]])",
    "tensor([[1, 2], [3]])",
    "t = table((a: [1, nil], b: [\"x\", \"y{1}\"]))\nt.a = [\"q{1}\", 2]",
    "t = table((a: [1, nil], b: [\"x\", \"y{1}\"]))\nt[0..9]",
    "x = zeros(3)\nx[1] = \"v{1}\"",
    "split(zeros(3), zeros(4))",
    "to_json([\"a{1}\", x -> x])",
    "unique([\"a{1}\", [1], [1], \"a{1}\", (k: \"v{1}\")])",
    "sort([\"b{1}\", \"a{1}\"], (a, b) -> [a])",
    "sort([\"b{1}\", \"a{1}\"], (a, b) -> a < b)",
    "sort_by([\"b{1}\", \"a{1}\"], x -> \"k{x}\")",
    "min([\"b{1}\", \"a{1}\", 1])",
    "find_all(\"a1 b2\", \"(?<x>[a-z])(?<y>[0-9])\")",
    "replace_pattern(\"a1\", \"[a-z]\", x -> [x])",
    "f = memoize(x -> [\"v{x}\"])\nf(\"a{1}\")\nf(\"a{1}\")\nf([1])",
    "map_leaves((a, b) -> [a, b], (x: [\"s{1}\"]), (x: [\"t{1}\"]))",
    "map_leaves((a, b) -> 1 / 0, (x: [\"s{1}\"]), (x: [\"t{1}\"]))",
    "map_leaves((a, b) -> a, (x: [\"s{1}\", 1]), (x: [\"t{1}\", [1]]))",
    "random.choice([\"a{1}\", \"b{1}\"], n: 2)",
    "random.shuffle([\"a{1}\", \"b{1}\"])",
    "parse_json_lines(\"[1]\\n[\")",
    "time(() -> \"a{1}\")",
    "date(\"2026-01-01\") + \"a{1}\"",
    "g = [\"g{1}\"]\nparallel_map(x -> [g, x], [\"a{1}\", [1]], workers: 2)",
    "k = [\"g{1}\"]\nparallel_map(x -> y -> [k, x, y], [\"a{1}\", [1]], workers: 2)[0](1)",
    "parallel_map(x -> 1 / x, [1, 0, 2, 0], workers: 2)",
    "parallel_map(memoize(x -> [x]), [\"a{1}\", \"a{1}\"], workers: 1)",
    "map(split(table((a: [1, 2, 3, 4]))), r -> r[0])",
    "where(table((a: [\"x{1}\", \"y\"])), r -> if r.a == \"y\" { 1 } else { true })",
    "derive(table((a: [\"x{1}\", nil])), \"b\", r -> [r.a])",
    "derive(table((a: [\"x{1}\", \"y\"])), (b: r -> r.a + \"!\", c: r -> 1 / 0))",
    "sort_by(table((a: [\"x{1}\", \"y\"])), r -> [r.a, 1])",
    "group_by(table((a: [\"x{1}\", \"y\"])), r -> r.a)",
    "group_by(table((a: [\"x{1}\", \"y\"])), \"a\", (b: g -> [g], n: length))",
    "group_by(table((a: [\"x{1}\", \"y\"])), \"a\", (b: [\"a\", c -> c[0] + \"!\"]))",
    "pivot(table((a: [1, 1], b: [\"x{1}\", \"x1\"])), rows: \"a\", columns: \"b\", values: \"a\")",
    "table([(a: \"x{1}\"), (a: 2)])",
    "[table((a: [\"x{1}\", nil]))]",
    "t = table((a: [\"x{1}\", nil]))\nt.a[0] = \"q{1}\"\nt.a[1] += \"z\"\nt.a[7] = \"r{1}\"",
    "r = (t: table((a: [1, 2])))\nq = r\nr.t.a[0] = 5\nr.t.a[0].b = [\"x{1}\"]",
    "r = (t: [zeros(2)])\nr.t[0][1] = 5\nr.t[0][1][2] = \"v{1}\"",
    "s = \"a{1}\"\ns[0][1] = \"b{1}\"",
    "t = table((d: [date(2026), nil]))\nt.d + 1e40",
    "t = table((d: [date(2026), nil]))\n[max(t.d, skip_missing: true), date(2025) < t.d, t.d.year]",
    "group_by(table((d: [date(2026), date(2027)])), \"d\")",
    "try fail(\"a{1}\", id: \"x{1}\") catch e -> fail(e)",
    "fail((a: \"x{1}\"))",
    "hash([[\"a{1}\", (b: [1])], x -> x])",
    "fn f(...xs: string) -> list = xs\nf(\"a{1}\", \"b{1}\", 3)",
    "fn f(x) -> number = [x]\nf(\"a{1}\")",
    "date(table((a: [\"2026-01-01\", \"x{1}\"])).a)",
    "c = table((a: [\"x{1}\", nil])).a\nc[0..2] = [\"q{1}\", \"r\"]\nc[0] = 1",
  ])
  func nothingIsLeftBehind(_ text: String) {
    let before = Heap.liveObjects
    for _ in 0..<3 {
      let session = Session(surroundings: CapturedOutput())
      if case .value(let value) = session.run(
        Source(name: "test", text: text), isInteractive: true)
      {
        value?.release()
      }
    }
    #expect(Heap.liveObjects == before)
  }
}
