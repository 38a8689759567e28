import MaasTensors
import Testing

@Test func aTapeGivesTheGradientsOfItsGraph() throws {
  let x = Tensor([1, 2, 3] as [Double])
  let (value, slope) = try Tape.follow { tape in
    let variable = try tape.variable(x)
    let result = try Op.sum(Op.mul(variable, Op.sin(variable)))
    let slope = try tape.gradients(of: result, withRespectTo: [variable])[0]
    return (tape.finished(result), slope)
  }
  let expected = x.doubles().map { sinOf($0) + $0 * cosOf($0) }
  #expect(zip(slope.doubles(), expected).allSatisfy { abs($0 - $1) < 1e-12 })
  #expect(!value.isTraced && !slope.isTraced)
}

@Test func aTapeEndsWithItsBody() throws {
  weak var kept: Tape?
  try Tape.follow { kept = $0 }
  #expect(kept == nil)
  #expect(Tape.current == nil)
  #expect(throws: CoreError.self) {
    try Tape.follow { tape in
      kept = tape
      throw CoreError("mine", "ended early")
    }
  }
  #expect(kept == nil && Tape.current == nil)
}

@Test func aTapeOfManyStepsGoesBackWithoutAStack() throws {
  let steps = 100_000
  let slope = try Tape.follow { tape in
    let variable = try tape.variable(Tensor(1, dtype: .f64))
    var y = variable
    for _ in 0..<steps { y = try Op.add(y, variable) }
    return try tape.gradients(of: y, withRespectTo: [variable])[0]
  }
  #expect(slope.element(at: 0) == Double(steps + 1))
}

/// What a gradient inside another leaves on the tape goes with it, where nothing follows it.
@Test func gradientsThatNothingFollowsLeaveNoNodes() throws {
  try Tape.follow { tape in
    _ = try tape.variable(Tensor(1, dtype: .f64))
    for _ in 0..<10 {
      try Tape.follow { inner in
        let y = try inner.variable(Tensor(2, dtype: .f64))
        let slope = try inner.gradients(of: Op.mul(y, y), withRespectTo: [y])[0]
        #expect(slope.element(at: 0) == 4 && !slope.isTraced)
      }
    }
    #expect(tape.graph.nodes.count == 1)
  }
}

private func sinOf(_ x: Double) -> Double { Op.sin.reference([Plain([], [x])], .none, [])[0] }
private func cosOf(_ x: Double) -> Double { Op.cos.reference([Plain([], [x])], .none, [])[0] }
