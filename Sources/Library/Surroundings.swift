import MaasData
import MaasModels
import MaasTensors
import MaasTraining
import MaasVM

/// What builtins reach outside the language: the program that composes everything supplies it.
public protocol Surroundings: AnyObject {
  /// Text that a program prints, as it is.
  func print(_ text: String)
  /// A remark for the person at the terminal, which is not part of the program's output.
  func note(_ text: String)
  /// The next line of the program's input without its end, nil at the end of it.
  /// - Throws: `interrupted`, `not-utf8`.
  func readLine() throws -> String?
  /// The folder of the registry.
  var registryFolder: String { get }
  /// A watcher of one training run.
  func observeTraining() -> (FitEvent) -> Void
  /// Starts to serve a model.
  func serve(_ request: ServiceRequest) throws -> any RunningService
  /// Posts JSON, or gets where there is no body, and gives the decoded answer.
  func request(url: String, body: JSON?, timeout: Double) throws -> JSON
}

extension Surroundings {
  public func readLine() throws -> String? { nil }
  public var registryFolder: String { "models" }
  public func observeTraining() -> (FitEvent) -> Void { { _ in } }
  public func serve(_ request: ServiceRequest) throws -> any RunningService {
    throw CoreError("no-network", "nothing can be served here")
  }
  public func request(url: String, body: JSON?, timeout: Double) throws -> JSON {
    throw CoreError("no-network", "no requests can be made here")
  }
}

/// A model to be served, and where.
public struct ServiceRequest: Sendable {
  public var predictor: Predictor
  public var name: String
  public var version: Int?
  public var host: String
  public var port: Int

  public init(predictor: Predictor, name: String, version: Int?, host: String, port: Int) {
    self.predictor = predictor
    self.name = name
    self.version = version
    self.host = host
    self.port = port
  }
}

/// A server that was started.
public protocol RunningService: AnyObject {
  var url: String { get }
  var port: Int { get }
  var isRunning: Bool { get }
  /// Finishes what was accepted, then ends.
  func stop()
}

/// Surroundings that swallow everything, for a VM without a library.
final class Silence: Surroundings {
  static var shared: Silence { Silence() }
  func print(_ text: String) {}
  func note(_ text: String) {}
}
