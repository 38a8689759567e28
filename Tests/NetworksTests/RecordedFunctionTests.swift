import MaasNetworks
import MaasTensors
import Testing

/// Functions of one's own as files have them: whatever stands there is a function, or an error.
@Suite struct RecordedFunctionTests {
  private static let lines = [
    "for [2]", "input f32 [n,2]", "input f32 []", "input f32 [2,3]", "greater 0 1", "mul 0 0",
    "constant f32 [] 2.0", "div 0 5", "where 3 4 6", "constant f32 [2] 0.5 2.0", "mul 7 8",
    "select 9 part=n,2;n;0,0,n,1;0,0,1,1", "mean 0 axes=1", "mul 10 11",
    "assign 9 12 part=n,2;n;0,0,n,1;0,0,1,1", "random_uniform shape=n,2", "mul 13 14",
    "softmax 15", "matmul 16 2", "slice 17 slices=0,n,1;0,2,1", "constant f32 [n,2] all 1.0/n",
    "concat 17 18 19 axes=1", "constant f32 [n,n] diagonal", "matmul 21 20",
  ]

  private static func layer(_ lines: [String]) throws -> Layer {
    try Layer(
      name: "layer",
      settings: [
        ("function", .text("(limit: [], w: [2, 3]), f")),
        ("parameters", .texts(["[] limit", "[2, 3] w"])), ("ops", .texts(lines)),
        ("start", .texts(["0.5", ""])),
      ])
  }

  /// What a row becomes, by a plan as `predict` and `fit` make them.
  private static func run(_ layer: Layer, rows: Int) throws -> [Float] {
    let network = Network([layer])
    let built = try NetworkGraph(network, input: [2], rows: rows, training: false)
    guard built.graph.nodes.allSatisfy({ $0.shape.count < 1 << 16 }) else { return [] }
    let parameters = try network.initialParameters(input: [2], seed: 1)
    let layout = ParameterLayout(try network.parameterSpecs(input: [2]))
    let plan = try Plan(
      Plan.Request(
        graph: built.graph, rows: rows, data: built.input, parameters: built.parameters,
        layout: layout, output: built.output, gathers: false))
    let workspace = try Workspace(plan)
    for index in 0..<rows * 2 { workspace.arena[plan.input.offset + index] = Float(index) * 0.25 }
    var flat = try layout.pack(parameters)
    return flat.withMutableFloats { weights in
      guard let base = weights.baseAddress, let output = plan.output else { return [] }
      var run = Workspace.Run(parameters: base)
      workspace.run(&run)
      let count = built.graph[built.output].shape.count
      return (0..<count).map { workspace.arena[output.offset + $0] }
    }
  }

  @Test func aFunctionInAFileRunsForAnyNumberOfRows() throws {
    let layer = try Self.layer(Self.lines)
    #expect(try Network([layer]).shapes(input: [2]) == [[7]])
    for rows in [1, 3, 32] {
      let result = try Self.run(layer, rows: rows)
      #expect(result.count == rows * 7)
      #expect(abs(result[5] - 1 / Float(rows)) < 1e-6)
    }
    let again = try Layer(name: "layer", settings: layer.settings)
    #expect(again == layer)
    #expect(again.settings.map(\.value) == layer.settings.map(\.value))
  }

  @Test func anotherShapeOfRowsIsAnError() throws {
    let network = Network([try Self.layer(Self.lines)])
    #expect(throws: CoreError.self) { try network.shapes(input: [3]) }
  }

  @Test func linesThatAreDamagedAreErrors() {
    let damaged: [(Int, String)] = [
      (0, "for 2"), (0, "for [2"), (0, "for [-2]"), (1, "input f32 [n,2"), (1, "input u8 [n,2]"),
      (1, "input f32 [n,99999999999999999999]"), (3, "greater 0"), (3, "greater 0 9"),
      (3, "greater 0 -1"), (3, "grater 0 1"), (5, "constant f32 [3] 2.0"),
      (5, "constant f32 [] two"), (5, "constant f64 [] 2.0"), (5, "constant f32 [n] from x"),
      (10, "select 9"), (10, "select 9 part=n,2;n;0,0,n,1;0,5,1,1"),
      (10, "select 9 part=n,2;2;0,0,n,1;0,0,1,1"), (10, "select 9 part=;"), (11, "mean 0 axes=7"),
      (11, "mean 0 axes=x"), (14, "random_uniform shape=-1,2"), (14, "dropout 0 rate=0.5"),
      (14, "embedding 0 2"), (18, "slice 17 slices=0,n,1;2,2,1"), (18, "slice 17 slices=0,n"),
      (19, "constant f32 [n,2] all 1.0/"), (21, "constant f32 [n,2147483648,n] diagonal"),
      (22, "matmul 21 20 wrong=1"), (11, "mean 0 axes=-9223372036854775808"),
      (5, "constant i32 [n] from -9223372036854775808"), (1, "input f32 [-1099511627776n,2]"),
      (1, "input f32 [-9223372036854775808n,2]"), (10, "reshape 0 shape=n,2 offset=64"),
      (18, "slice 17 slices=0,n,1;0,2147483648,0"),
    ]
    for (place, line) in damaged {
      var lines = Self.lines
      lines[place] = line
      #expect(throws: CoreError.self, "\(line)") {
        try Self.run(Self.layer(lines), rows: 3)
      }
    }
  }

  @Test func bytesThatChangeNeverTrap() throws {
    var random = Lottery(state: 1)
    let text = Array(Self.lines.joined(separator: "\n").utf8)
    let letters = Array("0123456789n+-*/=,;[] .abcdefx".utf8)
    for _ in 0..<20_000 {
      var changed = text
      for _ in 0...random.next(3) {
        guard changed.count > 1 else { break }
        let place = random.next(changed.count)
        switch random.next(4) {
        case 0: changed.remove(at: place)
        case 1: changed.insert(letters[random.next(letters.count)], at: place)
        case 2: changed = Array(changed[..<max(1, place)])
        default: changed[place] = letters[random.next(letters.count)]
        }
      }
      let lines = String(decoding: changed, as: UTF8.self).split(separator: "\n").map(String.init)
      if let layer = try? Self.layer(lines) { _ = try? Self.run(layer, rows: 1 + random.next(4)) }
    }
  }

  @Test func randomGraphsNeverTrap() throws {
    var random = Lottery(state: 7)
    let ops = Op.all.filter { !Op.namesOfLayers.contains($0.name) }
    var ran = 0
    for _ in 0..<30_000 {
      var lines = ["for [2]", "input f32 [n,2]", "input f32 []", "input f32 [2,3]"]
      for _ in 0...random.next(4) {
        if random.next(4) == 0 {
          lines.append(random.constant())
          continue
        }
        let op = ops[random.next(ops.count)]
        let most = min(op.arity.upperBound, op.arity.lowerBound + 2)
        let count = op.arity.lowerBound + random.next(most - op.arity.lowerBound + 1)
        let inputs = (0..<count).map { _ in "\(random.next(lines.count - 1))" }
        let told = (0..<random.next(4)).map { _ in random.word() }
        lines.append(([op.name] + inputs + told).joined(separator: " "))
      }
      guard let layer = try? Self.layer(lines) else { continue }
      if (try? Self.run(layer, rows: 1 + random.next(3))) != nil { ran += 1 }
    }
    #expect(ran > 100)
  }
}

/// Numbers without a pattern.
private struct Lottery {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, bound)))
  }

  mutating func count() -> String {
    [
      "0", "1", "2", "3", "n", "n+1", "2n", "-1", "6", "2147483648", "-2147483648",
      "-9223372036854775808",
    ][next(12)]
  }

  private mutating func counts(_ most: Int) -> String {
    (0..<next(most + 1)).map { _ in count() }.joined(separator: ",")
  }

  mutating func word() -> String {
    switch next(12) {
    case 0: "axes=\(counts(3))"
    case 1: "shape=\(counts(4))"
    case 2:
      "slices="
        + (0..<next(4)).map { _ in "\(count()),\(count()),\(count())" }
        .joined(separator: ";")
    case 3: "positions=\(counts(4))"
    case 4: "count=\(count())"
    case 5: "heads=\(count())"
    case 6: "offset=\(count())"
    case 7: ["left=1", "right=1", "down=1", "keep=1", "causal=1"][next(5)]
    case 8: ["low=nan", "high=1e300", "low=-inf", "epsilon=0.1", "rate=2.0"][next(5)]
    case 9: "part=n,2;\(counts(2));\(next(2)),\(counts(3));\(next(2)),\(counts(3))"
    case 10: "window=" + (0..<11).map { _ in "\(next(4))" }.joined(separator: ",")
    default: "activation=\(["relu", "softmax", "identity"][next(3)])"
    }
  }

  mutating func constant() -> String {
    [
      "constant f32 [2] 1 2", "constant i32 [n] from 0", "constant bool [n,2] all 1*1",
      "constant f32 [n,n] diagonal", "constant i32 [2] 5 -3", "constant f32 [0] ",
      "constant u8 [2,2] 1 2 3 4", "constant f32 [n,2] all 1.0/n", "constant i32 [] 0",
      "constant f32 [1,n,2,1] all 0.5*n",
      "constant f32 [] 3.0", "constant i32 [n] from -9223372036854775808",
    ][next(12)]
  }
}
