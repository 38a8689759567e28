import MaasLibrary
import MaasSession
import MaasSyntax
import MaasTraining
import Testing

/// What `fit` remarks beside what a program prints.
private final class KeptNotes: Surroundings {
  private(set) var notes: [String] = []

  func print(_ text: String) {}
  func note(_ text: String) { notes.append(text) }
  func observeTraining() -> (FitEvent) -> Void {
    { [self] event in if case .note(let text) = event { note(text) } }
  }
}

/// - Parameter body: of the loss (t, p).
private func notes(loss body: String, rate: Double = 0.01, epochs: Int) -> [String] {
  let text = """
    data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
    loss = (t, p) -> \(body)
    fit(network { dense(1) }, data, loss: loss, optimizer: sgd(\(rate)), epochs: \(epochs), seed: 1)
    """
  let kept = KeptNotes()
  guard
    case .value(let value) = Session(surroundings: kept).run(
      Source(name: "test", text: text), isInteractive: false)
  else { return ["failed"] }
  value?.release()
  return kept.notes
}

@Test func aLossBelowZeroThatDoesNotRiseIsNotDoubted() {
  #expect(notes(loss: "mean((t - p)^2) - 100", epochs: 1) == [])
  #expect(notes(loss: "mean((t - p)^2) - 100", epochs: 5) == [])
  #expect(notes(loss: "mean(p * 0) - 100", epochs: 2) == [])
  let risen = notes(loss: "mean((t - p)^2) - 100", rate: 2, epochs: 3)
  #expect(risen.count == 1 && risen[0].hasPrefix("the loss ended higher than it began: "))
}

@Test func aLossThatAFileCannotKeepIsRemarkedOn() {
  let found = notes(
    loss: "sum(map(0..length(t), row -> (t[row] - p[row])^2)) / length(t)", epochs: 1)
  #expect(
    found == [
      "the loss, (t, p) -> …, does something else for each number of rows: a saved model does not "
        + "keep it, and predicts, but cannot evaluate"
    ])
}
