/// The kernel of an op that multiplies numbers rounded to bfloat16 (eight bits of precision, the range
/// of f32) and adds them up in f32: what the matrix units of a processor do many times as fast.
///
/// Its first two inputs hold the upper halves of f32, row-major; what follows them, and its result, is
/// f32.
package struct HalfKernel: Sendable {
  /// Whether such shapes are faster so, with the rounding.
  package let suits: @Sendable ([Shape], Attributes, Shape) -> Bool
  package let prepare: Op.PrepareRule
}
