import MaasTensors

/// Features and labels, with what kind of labels they are: what a network is trained on.
public struct Dataset: Sendable {
  /// One row an example: `[count] + schema.rowShape`, f32; or u8, as images are, which take a
  /// quarter of the memory.
  public let features: Tensor
  /// Class positions as i32 `[count]`, or numbers as f32 `[count, k]`; those of several outputs side
  /// by side as f32.
  public let labels: Tensor
  /// How raw rows became features.
  public let schema: Schema
  /// What the labels mean.
  public let target: Target
  /// Why the labels of each output are classes or numbers, in words; empty where the user said so.
  public let reasons: [String]

  /// A dataset from parts that fit: shapes and types as the properties say.
  package init(
    features: Tensor, labels: Tensor, schema: Schema, target: Target, reason: String = ""
  ) {
    self.init(
      features: features, labels: labels, schema: schema, target: target, reasons: [reason])
  }

  /// - Parameter reasons: one for each output.
  init(
    features: Tensor, labels: Tensor, schema: Schema, target: Target, reasons: [String]
  ) {
    precondition(
      (features.dtype == .f32 || features.dtype == .u8)
        && features.shape.sizes.first == labels.shape.sizes.first
    )
    self.features = features
    self.labels = labels
    self.schema = schema
    self.target = target
    self.reasons = reasons
  }

  /// The number of rows.
  public var count: Int { features.shape[0] }

  /// Why labels are classes or numbers, in words; empty where the user said so.
  public var reason: String { reasons.filter { !$0.isEmpty }.joined(separator: "; ") }

  /// The class labels in order; empty for numbers.
  public var classes: [Label] { target.classes }

  /// The rows at these positions, in this order.
  /// - Throws: `out-of-range` for a position that does not exist.
  public func subset(rows: [Int]) throws -> Dataset {
    try Dataset(
      features: features.rows(rows), labels: labels.rows(rows), schema: schema, target: target,
      reasons: reasons)
  }
}
