/// In what numbers a network multiplies matrices while it is trained. Weights, sums and all else
/// are f32.
public enum Precision: String, Sendable, CaseIterable {
  case f32
  /// Factors are rounded to bfloat16.
  case bf16
}
