import MaasTensors

/// Writes a tensor as NumPy reads it with `np.load`: format version 1, little-endian, C order.
/// - Throws: `cannot-write`, `interrupted`; a file that was there before is unchanged then.
public func saveNPY(_ tensor: Tensor, _ path: String) throws {
  try AtomicFile.write(path) { writer in
    try writer.write(npyHeader(tensor))
    try tensor.withBytes { try writer.write($0) }
  }
}

/// Mark, version, length and dictionary, filled up so that the elements start at a multiple of 64.
func npyHeader(_ tensor: Tensor) -> [UInt8] {
  let codes: [DType: String] = [.f32: "<f4", .f64: "<f8", .i32: "<i4", .u8: "|u1", .bool: "|b1"]
  let sizes = tensor.shape.sizes.map { String($0) }.joined(separator: ", ")
  let tuple = tensor.shape.rank == 1 ? "(\(sizes),)" : "(\(sizes))"
  let text =
    "{'descr': '\(codes[tensor.dtype] ?? "|u1")', 'fortran_order': False, 'shape': \(tuple), }"
  let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
  let dictionary = Array((text + String(repeating: " ", count: padding) + "\n").utf8)
  let mark: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  return mark + [UInt8(dictionary.count & 0xFF), UInt8(dictionary.count >> 8)] + dictionary
}
