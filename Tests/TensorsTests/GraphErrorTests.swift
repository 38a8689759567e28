import MaasTensors
import Testing

/// What a graph refuses: each error has its id.
private func idOfError(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return (error as? CoreError)?.id }
}

@Test func onlyANumberHasAGradient() {
  var graph = Graph()
  let x = graph.input("x", [3])
  #expect(idOfError { _ = try graph.gradients(of: x, withRespectTo: [x]) } == "not-a-number")
}

@Test func aStepThatJumpsHasNoGradient() throws {
  let jump = try #require(Op.all.first { $0.gradient == nil && $0.name == "round" })
  var graph = Graph()
  let x = graph.input("x", [1])
  let y = try graph.apply(jump, x)
  #expect(idOfError { _ = try graph.gradients(of: y, withRespectTo: [x]) } == "no-gradient")
}

@Test func aGraphNeedsItsInputs() {
  var graph = Graph()
  let x = graph.input("x", [3])
  #expect(idOfError { _ = try graph.evaluate([x], inputs: [:]) } == "missing-input")
}

/// An op whose way back has no rule, with the shapes of its inputs.
@Test(arguments: [
  (Op.lstm, [[2, 1, 8], [2, 8]] as [[Int]]), (.gru, [[2, 1, 6], [2, 6], [2]]),
  (.rnn, [[2, 1, 2], [2, 2]]), (.attention, [[1, 3, 12]]),
])
func sequencesHaveFirstDerivativesOnlyAndSaySo(_ op: Op, _ shapes: [[Int]]) throws {
  var graph = Graph()
  let inputs = shapes.enumerated().map { graph.input("x\($0)", Shape($1)) }
  func square(_ node: NodeID) throws -> NodeID {
    try graph.apply(.sum, graph.apply(.mul, node, node))
  }
  let result = try graph.apply(op, inputs)
  let first = try graph.gradients(of: square(result), withRespectTo: inputs)
  let second = try square(first[0])
  do {
    _ = try graph.gradients(of: second, withRespectTo: inputs)
    Issue.record("no error")
  } catch let error as CoreError {
    #expect(error.id == "no-gradient")
    #expect(error.message == "the gradient of \(op.name) cannot be differentiated again")
  }
}
