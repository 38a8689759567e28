import MaasKernels

/// Fills a tensor with the elements of another at `start` + i · strides[0] + j · strides[1] + …, for
/// i < sizes[0] and so on. The caller sees to it that all of them lie inside it.
func move(
  _ input: Tensor, from start: Int, _ sizes: [Int], _ strides: [Int], to result: Tensor
) {
  var (joined, steps): ([Int], [Int]) = ([], [])
  for (size, stride) in zip(sizes, strides) where size != 1 {
    if let last = steps.last, last == stride * size {
      joined[joined.count - 1] *= size
      steps[steps.count - 1] = stride
    } else {
      joined.append(size)
      steps.append(stride)
    }
  }
  if joined.isEmpty { (joined, steps) = ([1], [1]) }
  maas_move(
    input.storage.bytes + start * input.dtype.size, result.storage.bytes, input.dtype.size,
    joined.count, joined, steps)
  withExtendedLifetime((input, result)) {}
}
