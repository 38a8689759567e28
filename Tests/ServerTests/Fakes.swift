import Glibc
import MaasData
import MaasModels
import MaasServer
import MaasTensors
import Testing

/// All tests of servers, one after another: they count threads and connections.
@Suite(.serialized) struct Servers {}

/// A model that is no network: output k of a row is the share of its numbers at places k, k + n,
/// … of their sum, so that every number counts.
struct FakePredictor: Predicting {
  var schema: Schema
  var target: Target
  var outputWidth: Int
  /// Held while it predicts, if there is one.
  var gate: Gate?

  /// What breaks in it, if anything.
  var fault: Fault?

  /// What it says of a row, where that is more than one thing.
  var parts: [Predictor.Output]?

  var outputs: [Predictor.Output] { parts ?? [.init(nil, target, columns: 0..<outputWidth)] }

  enum Fault { case memory, prediction }
  struct Broken: Error {}

  func makeWorkspace() throws -> Int {
    if fault == .memory { throw Broken() }
    return 0
  }

  func predict(
    _ rows: UnsafeBufferPointer<Float>, into outputs: UnsafeMutableBufferPointer<Float>,
    _ workspace: Int
  ) throws {
    gate?.pass()
    if fault == .prediction { throw Broken() }
    let width = schema.width
    for row in 0..<rows.count / width {
      var sums = [Float](repeating: 0, count: outputWidth)
      for place in 0..<width { sums[place % outputWidth] += rows[row * width + place] }
      let total = sums.reduce(0, +)
      for place in 0..<outputWidth {
        let share = total == 0 ? 1 / Float(outputWidth) : sums[place] / total
        outputs[row * outputWidth + place] = target.kind == .classes ? share : sums[place]
      }
    }
  }

  /// Four pixels, three digits.
  static let digits = FakePredictor(
    schema: Schema(.fields((0..<4).map { Schema.Field("p\($0)", .number) })),
    target: .classes([.number(0), .number(1), .number(7)], name: "digit"), outputWidth: 3)

  /// A column of each kind, two classes under one sigmoid.
  static let people = FakePredictor(
    schema: Schema(
      .fields([
        .init("age", .number), .init("member", .flag), .init("colour", .category(["blue", "red"])),
      ])),
    target: .classes([.text("no"), .text("yes")], name: nil), outputWidth: 1)
}

/// Holds those who pass until it is opened, and tells that one has come.
final class Gate: @unchecked Sendable {
  private let arrivals = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  private let passes = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() {
    sem_init(arrivals, 0, 0)
    sem_init(passes, 0, 0)
  }

  deinit {
    sem_destroy(arrivals)
    sem_destroy(passes)
    arrivals.deallocate()
    passes.deallocate()
  }

  func pass() {
    sem_post(arrivals)
    sem_wait(passes)
  }

  /// Waits until somebody stands at the gate.
  func awaitArrival() { sem_wait(arrivals) }

  /// Lets `count` pass.
  func open(_ count: Int) { for _ in 0..<count { sem_post(passes) } }

  /// Tells an arrival without waiting at the gate.
  func arrive() { sem_post(arrivals) }
}

/// Options of a server with two workers, changed by `change`.
func options(_ change: (inout ServerOptions) -> Void = { _ in }) -> ServerOptions {
  var options = ServerOptions()
  options.threads = 2
  change(&options)
  return options
}

/// Runs `body` with a started server and stops it.
func withServer(
  _ predictor: FakePredictor = .digits, version: Int? = 1,
  _ options: ServerOptions = options(), _ body: (Server) throws -> Void
) throws {
  let server = try Server(
    predictor: predictor, model: "digits", version: version, options: options)
  try server.start()
  defer { server.stop() }
  try body(server)
}

/// A request with a body.
func post(_ body: String, to path: String = "/predict", headers: String = "") -> String {
  "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}

/// A request without one.
func get(_ path: String, headers: String = "", method: String = "GET") -> String {
  "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n"
}

/// The answer of a server, asked on a connection of its own.
func answer(_ server: Server, _ request: String) -> WireAnswer? {
  let wire = Wire(port: server.port)
  wire.send(request)
  return wire.answer()
}
