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
