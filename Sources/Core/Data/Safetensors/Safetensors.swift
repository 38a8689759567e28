import MaasTensors

/// Named tensors in one file, in the format of Hugging Face's safetensors: the length of a JSON
/// header, the header, and the bytes of all tensors without gaps.
public enum Safetensors {
  /// One tensor of a file: its name, type and shape, and where its bytes lie after the header.
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var dtype: DType
    public var shape: Shape
    public var range: Range<Int>
  }

  /// The codes of the format for the types that tensors have here.
  static let codes: [(code: String, dtype: DType)] = [
    ("F32", .f32), ("F64", .f64), ("I32", .i32), ("U8", .u8), ("BOOL", .bool),
  ]

  /// What the header calls the texts about the file.
  static let metadataKey = "__metadata__"

  /// The longest header that the format allows.
  static let headerLimit = 100_000_000
}

extension Safetensors {
  /// Writes tensors in this order.
  /// - Parameter metadata: texts about the file, in its header.
  /// - Throws: `cannot-write`, `interrupted`.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [(name: String, text: String)] = [],
    to writer: inout FileWriter
  ) throws {
    var members = members(tensors)
    if !metadata.isEmpty {
      let texts = metadata.map { JSON.Member($0.name, .string($0.text)) }
      members.insert(JSON.Member(metadataKey, .object(texts)), at: 0)
    }
    var header = try JSON.object(members).bytes()
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try writer.write($0) }
    try writer.write(header)
    for (_, tensor) in tensors { try tensor.withBytes { try writer.write($0) } }
  }

  private static func members(_ tensors: [(name: String, tensor: Tensor)]) -> [JSON.Member] {
    var start = 0
    return tensors.map { name, tensor in
      let end = start + tensor.count * tensor.dtype.size
      defer { start = end }
      let code = codes.first { $0.dtype == tensor.dtype }?.code ?? "U8"
      return JSON.Member(
        name,
        [
          "dtype": .string(code),
          "shape": .array(tensor.shape.sizes.map { .number(Double($0)) }),
          "data_offsets": [.number(Double(start)), .number(Double(end))],
        ])
    }
  }
}
