/// The sizes of attention: rows of sequences, heads, and how results are packed.
struct AttentionSizes {
  let rows: Int
  let steps: Int
  let width: Int
  let heads: Int
  let isCausal: Bool
  /// The result, then the shares that each step takes of the others, [rows · heads, steps, steps].
  let packing: Packing

  /// - Throws: `shape-mismatch`, `too-large`.
  init(_ inputs: [Shape], _ attributes: Attributes) throws(CoreError) {
    let x = inputs[0]
    guard x.rank == 3, x[2] % 3 == 0, attributes.heads >= 1, x[2] / 3 % attributes.heads == 0
    else {
      throw CoreError(
        "shape-mismatch",
        "attention of \(attributes.heads) heads takes rows [steps, 3 · width], the width a multiple "
          + "of the heads, and here is \(x)")
    }
    (rows, steps, width) = (x[0], x[1], x[2] / 3)
    heads = attributes.heads
    isCausal = attributes.isCausal
    packing = try Packing(checking: [[rows, steps, width], [rows * heads, steps, steps]])
  }

  func check(mask: Shape?) throws(CoreError) {
    guard let mask, mask != [rows, steps] else { return }
    throw CoreError(
      "shape-mismatch", "a mask of \(rows) rows and \(steps) steps has not shape \(mask)")
  }

  /// The width of a head.
  var part: Int { width / heads }
  /// What a product of query and key is multiplied by.
  var scale: Double { 1 / Double(part).squareRoot() }
  var result: Shape { [rows, steps, width] }

  /// What is added to the score of a key that is not seen: its share becomes 0.
  static let hidden = -1e30
}
