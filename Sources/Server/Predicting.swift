import MaasData
import MaasModels

/// All the server knows of a model: what rows look like, what outputs mean, and outputs for rows.
public protocol Predicting: Sendable {
  /// What one thread needs to predict; made and used on that thread only.
  associatedtype Workspace

  var schema: Schema { get }
  var target: Target { get }
  /// Numbers predicted for each row: one a class or number; one for two classes under a sigmoid,
  /// which is then the probability of the second.
  var outputWidth: Int { get }
  /// Above it one output means the second of two classes.
  var threshold: Double { get }
  /// Whether outputs for classes are probabilities, and not scores.
  var givesProbabilities: Bool { get }

  func makeWorkspace() throws -> Workspace

  /// Fills `outputs` (rows × outputWidth) from `rows` (rows × schema.width): probabilities for
  /// classes, else numbers. A row's bits must not depend on the rows beside it.
  func predict(
    _ rows: UnsafeBufferPointer<Float>, into outputs: UnsafeMutableBufferPointer<Float>,
    _ workspace: Workspace) throws
}

extension Predicting {
  public var threshold: Double { 0.5 }
  public var givesProbabilities: Bool { true }
}

extension Predictor: Predicting {}
