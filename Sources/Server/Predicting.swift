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
  /// What is said of a row, part by part: one thing without a name, or several by name.
  var outputs: [Predictor.Output] { get }

  func makeWorkspace() throws -> Workspace

  /// Fills `outputs` (rows × outputWidth) from `rows` (rows × schema.width): probabilities for
  /// classes, else numbers. A row's bits must not depend on the rows beside it.
  func predict(
    _ rows: UnsafeBufferPointer<Float>, into outputs: UnsafeMutableBufferPointer<Float>,
    _ workspace: Workspace) throws
}

extension Predicting {
  public var outputs: [Predictor.Output] { [.init(nil, target, columns: 0..<outputWidth)] }
}

extension Predictor: Predicting {}
