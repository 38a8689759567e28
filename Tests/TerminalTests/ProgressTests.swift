import MaasTerminal
import Testing

private func progress(epoch: Int, epochs: Int = 10, step: Int = 60) -> Progress {
  Progress(
    epoch: epoch, epochs: epochs, step: step, steps: 60, loss: 0.123456,
    metrics: [("accuracy", 0.95)], samplesPerSecond: 41_234.4, secondsLeft: 61.2)
}

@Test func theLineHoldsWhatItsWidthAllows() {
  let step = progress(epoch: 3, step: 45)
  let line = { (width: Int) in step.line(width: width) }
  #expect(
    line(100)
      == "epoch 3/10  step 45/60  loss 0.1235  accuracy 0.95  41,234 samples/s  1:02 left")
  #expect(line(70) == "epoch 3/10  step 45/60  loss 0.1235  accuracy 0.95  1:02 left")
  #expect(line(50) == "epoch 3/10  loss 0.1235  accuracy 0.95  1:02 left")
  #expect(line(40) == "epoch 3/10  loss 0.1235  accuracy 0.95")
  #expect(line(12) == "epoch 3/10")
  #expect(line(4) == "epoc")
  #expect(line(0) == "")
}

@Test func whatWasMeasuredOnValidationDataIsShown() {
  var step = progress(epoch: 3, step: 45)
  step.validation = [("loss", 0.25), ("accuracy", 0.9375)]
  #expect(
    step.line()
      == "epoch 3/10  step 45/60  loss 0.1235  accuracy 0.95  val loss 0.25  val accuracy 0.9375  "
      + "41,234 samples/s  1:02 left")
  #expect(step.line(width: 75).hasSuffix("accuracy 0.95  val loss 0.25  val accuracy 0.9375"))
  #expect(
    step.summary
      == "epoch 3/10  loss 0.1235  accuracy 0.95  val loss 0.25  val accuracy 0.9375  "
      + "41,234 samples/s")
}

@Test func numbersThatAreNoneDoNotStopIt() {
  let odd = Progress(
    epoch: 1, epochs: 1, step: 1, steps: 1, loss: .nan, samplesPerSecond: .infinity,
    secondsLeft: .nan)
  #expect(odd.line() == "epoch 1/1  step 1/1  loss nan  ? samples/s  ? left")
}

@Test(arguments: [(0.2, "0:01"), (59.5, "1:00"), (3_723, "1:02:03")])
func timeLeftIsShownAsAClock(_ seconds: Double, _ expected: String) {
  #expect(Progress.clock(seconds) == expected)
}

@Test func theLiveLineIsDrawnTenTimesASecondAndLeavesASummary() {
  let pipe = Pipe()
  var time = 0.0
  let line = ProgressLine(screen: pipe.screen, isLive: true) { time }
  for step in 1...60 {
    line.show(progress(epoch: 1, epochs: 1, step: step))
    time += 0.01
  }
  line.finish()
  let parts = pipe.text().split(separator: "\r")
  #expect(parts.count == 7)
  #expect(parts.dropLast().allSatisfy { $0.hasSuffix("\u{1B}[K") && !$0.contains("\n") })
  #expect(parts.last == "\u{1B}[Kepoch 1/1  loss 0.1235  accuracy 0.95  41,234 samples/s\n")
}

@Test func aLiveLineThatWasClearedIsDrawnAgain() {
  let pipe = Pipe()
  let line = ProgressLine(screen: pipe.screen, isLive: true) { 0 }
  line.show(progress(epoch: 1, step: 1))
  line.clear()
  line.clear()
  line.show(progress(epoch: 1, step: 2))
  let parts = pipe.text().split(separator: "\r")
  #expect(parts.count == 3)
  #expect(parts[1] == "\u{1B}[K")
  #expect(parts[2].contains("step 2/60"))
}

@Test(arguments: [1, 7, 19, 20, 21, 39, 40, 41, 100, 999, 1_000])
func plainLinesAreOneAnEpochAndAtMostTwenty(_ epochs: Int) {
  let pipe = Pipe()
  let line = ProgressLine(screen: pipe.screen, isLive: false) { 0 }
  for epoch in 1...epochs {
    for step in [1, 30, 60, 60] { line.show(progress(epoch: epoch, epochs: epochs, step: step)) }
  }
  line.finish()
  let lines = pipe.text().split(separator: "\n")
  #expect(lines.count <= 20)
  #expect(epochs > 20 || lines.count == epochs)
  #expect(lines.last?.hasPrefix("epoch \(epochs)/\(epochs)  ") == true)
}

@Test func aRunThatWasCutShortShowsItsLastStepOnce() {
  let pipe = Pipe()
  let line = ProgressLine(screen: pipe.screen, isLive: false) { 0 }
  line.show(progress(epoch: 1, epochs: 2))
  line.show(progress(epoch: 2, epochs: 2, step: 30))
  line.finish()
  line.finish()
  #expect(pipe.text().split(separator: "\n").map { $0.prefix(9) } == ["epoch 1/2", "epoch 2/2"])
}
