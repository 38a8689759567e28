import MaasVM
import Testing

/// Counts of owners are exact: when a program has ended and its variables are cleared, as many
/// objects are alive as before. One test at a time: the count is one for the process.
@Suite(.serialized)
struct CountingTests {
  private static let programs: [(String, String)] = [
    ("lists in a loop", "xs = []\nfor i in 0..1000 { xs = append(xs, [i, \"{i}\"]) }\nxs = nil"),
    ("an append that fails", "fn f(x) { y = [x]; x = append(x, y); y }\ny = f(\"text\")"),
    ("strings", "s = \"\"\nfor i in 0..1000 { s += \"part {i}, \" }\nt = s + s\ns = nil\nt = nil"),
    (
      "records",
      "r = (:)\nfor i in 0..100 { r[\"k{i}\"] = [i] }\nr.k1 = \"x\"\nq = r\nq.k2 = nil\nr = nil\nq = nil"
    ),
    (
      "closures",
      "fn adder(n) = x -> x + n\nfs = []\nfor i in 0..50 { fs = append(fs, adder([i])) }\nfs = nil\nadder = nil"
    ),
    (
      "local recursion",
      "fn outer() { fn down(n) { if n == 0 { return [] }; append(down(n - 1), n) }\n down(20) }\nx = outer()\nx = nil\nouter = nil"
    ),
    ("errors half-way", "xs = [[1], [2]]\nfn f(a) { b = [a, a]; b[7] }\nxs = nil\ny = f([\"x\"])"),
    ("errors in arguments", "fn f(a, b) = a\nx = f([1, 2], f([3], [4][9]))"),
    (
      "errors beside what is lent",
      "xs = [[1], [2]]\nfn g() = [1][5]\nxs = insert(xs, 0, g())\nxs = insert(xs, \"x\")\nxs = insert(xs)"
    ),
    ("errors in builtins", "xs = [\"a\"]\nxs = append(xs)"),
    (
      "break with temporaries",
      "fn f(a, b) = a\nwhile true { x = f([1], if true { break } else { 2 }) }"
    ),
    (
      "return with temporaries",
      "fn f(a, b) = a\nfn g() { x = f([1], if true { return 5 } else { 2 }) }\ny = g()\ng = nil\nf = nil"
    ),
    (
      "nested places",
      "m = [[1, 2], [3, 4]]\nn = m\nm[0][1] = [9]\nm[1] = \"row\"\nm = nil\nn = nil"
    ),
    (
      "destructuring",
      "[a, ...rest] = [[1], [2], [3]]\n(p, q) = (p: [1], q: [2], r: 3)\na = nil\nrest = nil\np = nil\nq = nil"
    ),
    ("swap", "a = [1]\nb = [2]\na, b = [b, a]\na = nil\nb = nil"),
    (
      "defaults and names",
      "fn f(a, b = [1], ...c) = [a, b, c]\nx = f([0], [2], [3], [4])\nx = f(b: [5], a: \"z\")\nx = nil\nf = nil"
    ),
    ("calls from builtins", "x = apply((a, b) -> [a, b], [1], \"s\")\nx = apply(a -> a[3], [1])"),
    (
      "missing with fallback",
      "r = (a: [1])\nx = r.b ?? [2]\ny = r.a[5] ?? r.a\nx = nil\ny = nil\nr = nil"
    ),
    ("conditionals", "x = if 1 < 2 { [1] } else { [2] }\ny = [1] == [1] and [2] == [2]\nx = nil"),
    (
      "slices",
      "xs = [[1], [2], [3], [4]]\nys = xs[1..3]\nzs = xs[-1]\nxs = nil\nys = nil\nzs = nil"
    ),
    (
      "iteration",
      "for [k, v] in (a: [1], b: [2]) { x = v }\nfor c in \"héllo\" { y = c }\nx = nil\ny = nil"
    ),
    (
      "typed results and rests",
      "fn f(...a: list) -> list = a\nx = f([1], [2])\nx = f([1], 2)\nx = nil\nf = nil"
    ),
    (
      "patterns that fail half-way",
      "fn f(v) = match v { [[a], [b, c]] -> c; (k: [a, ...b]) -> b; _ -> 0 }\nx = f([[1], [2]])\nx = f((k: [[1], [2]]))\nx = nil\nf = nil"
    ),
    (
      "try and catch",
      "fn f(a) { b = [a]; try b[3] catch e -> [e, b] }\nx = f([1])\nx = try f(f([2])) catch _ -> 0\nx = nil\nf = nil"
    ),
    (
      "chained closures",
      "fn f(n) { g = v -> v; for i in 0..n { h = g; g = v -> h(v) }; g }\ng = f(50)\nx = g([1])\nx = nil\ng = nil\nf = nil"
    ),
    (
      "update of what is missing",
      "r = (:)\nr.a ??= [[1]]\nr.a ??= [[2]]\nr.b = append(r.b ?? [], [3])\nr.c.d ??= [4]\nr = nil"
    ),
    (
      "collecting blocks",
      "fn f(a, xs) = xs\nx = f([1]) { [2]; for i in 0..3 { [i] }; if true { [4] } }\ny = f([1]) { [2]; [3][9] }\nx = nil\nf = nil"
    ),
    (
      "a local function that calls itself and is kept",
      "fn f() { xs = [[1]]; fn g(n) = if n == 0 { xs } else { g(n - 1) }; g }\ng = f()\nx = g(5)\nx = nil\ng = nil\nf = nil"
    ),
    ("deep recursion", "fn down(n) { xs = [n]; down(n + 1) + 1 }\ndown(0)"),
  ]

  @Test(arguments: programs.map(\.0))
  func everyObjectIsFreed(_ name: String) throws {
    let program = try #require(CountingTests.programs.first { $0.0 == name }).1
    let machine = TestMachine()
    let clear =
      "xs = nil; ys = nil; x = nil; y = nil; r = nil; f = nil; g = nil; down = nil; s = nil"
    // Once for what stays: interned names and the words of constants.
    _ = machine.shown(clear)
    _ = machine.shown(program)
    _ = machine.shown(clear)
    let before = Heap.liveObjects
    _ = machine.shown(program)
    _ = machine.shown(clear)
    #expect(Heap.liveObjects == before)
  }

  @Test func aListNestedAMillionDeepIsFreed() {
    let machine = TestMachine()
    let before = Heap.liveObjects
    #expect(machine.shown("xs = []\nfor i in 0..1_000_000 { xs = [xs] }\nlength(xs)") == "1")
    #expect(Heap.liveObjects - before >= 1_000_000)
    #expect(machine.shown("xs = nil\n1") == "1")
    #expect(Heap.liveObjects - before < 100)
  }
}
