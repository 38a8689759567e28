import MaasData
import MaasLibrary
import MaasModels
import MaasServer
import MaasSession
import MaasTensors
import MaasTerminal
import MaasTraining

/// The surroundings of a program at a terminal: output, progress, servers, requests.
class Console: Surroundings {
  private let line = ProgressLine()
  /// Servers that the program started, also those it has forgotten.
  private(set) var services: [Service] = []
  private let isSandboxed: Bool

  init(isSandboxed: Bool = false) { self.isSandboxed = isSandboxed }

  /// - Throws: `sandboxed` where the network is forbidden.
  private func checkNetwork() throws {
    guard isSandboxed else { return }
    throw CoreError(
      "sandboxed", "--sandbox forbids the network", help: "run the script without --sandbox")
  }

  func print(_ text: String) { Screen.output.write(text) }
  func note(_ text: String) {
    line.clear()
    Screen.error.show("note: \(text)")
  }

  private lazy var lines = PlainLines(isInteractive: false)

  func readLine() throws -> String? {
    switch lines.next(prompt: "", pending: "") {
    case .line(let text): return text
    case .end: return nil
    case .interrupted: throw CoreError("interrupted", "interrupted")
    }
  }

  // MARK: Training

  func observeTraining() -> (FitEvent) -> Void {
    var run: FitBeginning?
    var isLast = false
    var validation: [(name: String, value: Double)] = []
    var seconds = 0.0
    return { event in
      switch event {
      case .began(let beginning):
        run = beginning
        Screen.error.show(beginning.text)
      case .progress(let step): self.line.show(Progress(step, validation))
      case .epochEnded(let record):
        guard let run else { return }
        validation = record.validation
        seconds += record.seconds
        var progress = Progress(record, of: run)
        let isEnd = isLast || record.epoch == run.epochs
        // The last line stays: its speed is that of the whole training.
        if isEnd { progress.samplesPerSecond = run.samplesPerSecond(record.epoch, seconds) }
        self.line.show(progress)
        if isEnd { self.line.finish() }
      case .note(let text): self.note(text)
      case .interrupted: isLast = true
      case .failed: self.line.abandon()
      }
    }
  }

  // MARK: Network

  func serve(_ request: ServiceRequest) throws -> any RunningService {
    try checkNetwork()
    var options = ServerOptions()
    options.host = request.host
    options.port = request.port
    let server = try Server(
      predictor: request.predictor, model: request.name, version: request.version,
      options: options)
    try server.start()
    let service = Service(server)
    services.append(service)
    return service
  }

  func request(url: String, body: JSON?, timeout: Double) throws -> JSON {
    try checkNetwork()
    let answer =
      try body.map { try postJSON(url: url, body: $0, timeout: timeout) }
      ?? getJSON(url: url, timeout: timeout)
    guard answer.status < 400 else { throw refusal(answer.status, answer.body) }
    return answer.body
  }

  /// The error that a server answered with, as an error of the program.
  private func refusal(_ status: Int, _ body: JSON) -> CoreError {
    let error = body["error"]
    return CoreError(
      error?["id"]?.text ?? "request-failed",
      "the server answered \(status): \(error?["message"]?.text ?? "no description")",
      help: error?["help"]?.text)
  }
}

/// A console for checking marks: what the program prints is kept, and nothing else is shown.
final class QuietConsole: Console, CapturingSurroundings {
  private var text = ""

  override func print(_ text: String) { self.text += text }
  override func note(_ text: String) {}
  override func readLine() throws -> String? { nil }
  override func observeTraining() -> (FitEvent) -> Void { { _ in } }

  func take() -> String {
    defer { text = "" }
    return text
  }
}

/// A server that a program started.
final class Service: RunningService {
  private let server: Server
  init(_ server: Server) { self.server = server }

  var url: String { server.url }
  var port: Int { server.port }
  var isRunning: Bool { server.isRunning }
  func stop() { server.stop() }
}

extension FitBeginning {
  /// What is about to be done, with the rule of the shards.
  fileprivate var text: String {
    let shards = shards == 1 ? "1 shard" : "\(shards) shards"
    let workers = workers == 1 ? "1 worker" : "\(workers) workers"
    return "fit: \(rows) rows, batches of \(batch) in \(shards) (\(shardRule)), \(workers)"
  }
}

extension EpochRecord {
  /// What was measured on the validation data, by name.
  fileprivate var validation: [(name: String, value: Double)] {
    ([("loss", validationLoss), ("accuracy", validationAccuracy)]
      + outputs.flatMap {
        [
          ("\($0.name).loss", $0.validationLoss), ("\($0.name).accuracy", $0.validationAccuracy),
        ]
      })
      .compactMap { name, value in value.map { (name, $0) } }
  }
}

extension FitBeginning {
  /// Over some epochs that took so many seconds.
  fileprivate func samplesPerSecond(_ epochs: Int, _ seconds: Double) -> Double {
    Double(rows) * Double(epochs) / max(seconds, 1e-9)
  }
}

extension Progress {
  /// The end of an epoch.
  fileprivate init(_ record: EpochRecord, of run: FitBeginning) {
    self.init(
      epoch: record.epoch, epochs: run.epochs, step: run.steps, steps: run.steps,
      loss: record.loss, metrics: Progress.metrics(record.accuracy, record.outputs),
      validation: record.validation,
      samplesPerSecond: Double(run.rows) / max(record.seconds, 1e-9),
      secondsLeft: record.seconds * Double(run.epochs - record.epoch))
  }

  fileprivate init(_ step: FitProgress, _ validation: [(name: String, value: Double)]) {
    self.init(
      epoch: step.epoch, epochs: step.epochs, step: step.step, steps: step.steps, loss: step.loss,
      metrics: Progress.metrics(step.accuracy, step.outputs), validation: validation,
      samplesPerSecond: step.samplesPerSecond, secondsLeft: step.secondsLeft)
  }

  /// What is shown beside the loss: the accuracy, or loss and accuracy of each output.
  fileprivate static func metrics(
    _ accuracy: Double?, _ outputs: [EpochRecord.Output]
  ) -> [(name: String, value: Double)] {
    let own = accuracy.map { [(name: "accuracy", value: $0)] } ?? []
    return own
      + outputs.flatMap { output in
        [(name: "\(output.name).loss", value: output.loss)]
          + (output.accuracy.map { [(name: "\(output.name).accuracy", value: $0)] } ?? [])
      }
  }
}
