import MaasTensors

/// Linear algebra, on matrices for which it is well conditioned.
let matrixRows: [OpRow] = [
  OpRow(op: .inverse, shapes: squares, differentiates: [0], prepare: dominant),
  OpRow(
    op: .solve, shapes: [[[1, 1], [1]], [[5, 5], [5]], [[7, 7], [7, 3]]], differentiates: [0, 1],
    prepare: dominant),
  OpRow(op: .determinant, shapes: squares, differentiates: [0], prepare: dominant),
  OpRow(op: .cholesky, shapes: squares, differentiates: [0], prepare: positive),
  OpRow(
    op: .qr, shapes: [[[1, 1]], [[3, 3]], [[7, 3]], [[17, 5]]], differentiates: [0]),
  OpRow(op: .qr, shapes: [[[3, 7]]]),
  OpRow(
    op: .svd, shapes: [[[1, 1]], [[3, 3]], [[7, 3]], [[3, 5]], [[17, 4]]], differentiates: [0]),
  OpRow(op: .eigh, shapes: [[[1, 1]], [[3, 3]], [[5, 5]]], differentiates: [0]),
]

private let squares: [[Shape]] = [[[1, 1]], [[3, 3]], [[5, 5]], [[17, 17]]]

/// Each number on the diagonal greater than the others of its row together.
@Sendable private func dominant(_ x: Tensor) -> Tensor { withDiagonal(x, 2.5 * Double(x.shape[0])) }

/// The symmetric part is positive definite.
@Sendable private func positive(_ x: Tensor) -> Tensor { withDiagonal(x, 2 * Double(x.shape[0])) }

private func withDiagonal(_ x: Tensor, _ value: Double) -> Tensor {
  var x = x
  for row in 0..<x.shape[0] {
    let place = row * (x.shape[0] + 1)
    x.setElement(at: place, to: x.element(at: place) + value)
  }
  return x
}
