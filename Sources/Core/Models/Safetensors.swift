import MaasData
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

  /// The longest header that the format allows.
  static let headerLimit = 100_000_000
}

// MARK: Writing

extension Safetensors {
  /// Writes tensors in this order.
  /// - Throws: `cannot-write`, `interrupted`.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], to writer: inout FileWriter
  ) throws {
    var header = try JSON.object(members(tensors)).bytes()
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

// MARK: Reading

/// A safetensors file whose header has been checked against its length; no tensor is made before
/// one is asked for.
public struct SafetensorsFile {
  /// In the order of their bytes.
  public let entries: [Safetensors.Entry]
  private let file: InputFile
  private let start: Int

  /// - Throws: `no-such-file`, `cannot-read`, `bad-weights` with the byte or the tensor at fault.
  public init(_ path: String) throws {
    file = try InputFile(path)
    let bytes = file.bytes
    guard bytes.count >= 8 else {
      throw badWeights(path, "the file ends at byte \(bytes.count), in the length of its header")
    }
    let length = bytes.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= Safetensors.headerLimit, Int(length) <= bytes.count - 8 else {
      throw badWeights(
        path, "the header says it is \(length) bytes long, and \(bytes.count - 8) follow")
    }
    start = 8 + Int(length)
    entries = try SafetensorsFile.entries(
      UnsafeRawBufferPointer(rebasing: bytes[8..<start]), path, available: bytes.count - start)
  }

  /// The tensor of an entry; NaN is made the one NaN.
  /// - Throws: `too-large`.
  public func tensor(_ entry: Safetensors.Entry) throws -> Tensor {
    var tensor = try Tensor(zeros: entry.shape, dtype: entry.dtype)
    tensor.withMutableBytes { target in
      let range = start + entry.range.lowerBound..<start + entry.range.upperBound
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[range]))
      // Any other byte in a bool would be undefined.
      if entry.dtype == .bool {
        for index in target.indices where target[index] > 1 { target[index] = 1 }
      }
    }
    switch entry.dtype {
    case .f32:
      tensor.withMutableFloats { for index in $0.indices { $0[index] = canonical($0[index]) } }
    case .f64:
      tensor.withMutable(Double.self) {
        for index in $0.indices { $0[index] = canonical($0[index]) }
      }
    case .i32, .u8, .bool: break
    }
    return tensor
  }

  private static func entries(
    _ header: UnsafeRawBufferPointer, _ path: String, available: Int
  ) throws -> [Safetensors.Entry] {
    let json: JSON
    do {
      json = try JSON.parse(header)
    } catch {
      throw error.coreError(in: "\(path), header")
    }
    guard let members = json.members else {
      throw badWeights(path, "the header is \(json.kindName), and an object is needed")
    }
    let entries = try members.filter { $0.key != "__metadata__" }
      .map { try entry($0.key, $0.value, path) }
      .sorted {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw badWeights(
          path,
          "tensor '\(entry.name)' starts at \(entry.range.lowerBound), and the one before it "
            + "ends at \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == available else {
      throw badWeights(path, "the tensors need \(end) bytes, and \(available) follow the header")
    }
    return entries
  }

  private static func entry(
    _ name: String, _ json: JSON, _ path: String
  ) throws -> Safetensors.Entry {
    guard let code = json["dtype"]?.text, let shape = json["shape"]?.elements,
      let offsets = json["data_offsets"]?.elements, offsets.count == 2,
      let begin = offsets[0].int, let end = offsets[1].int, begin >= 0, end >= begin
    else {
      throw badWeights(
        path, "tensor '\(name)' needs a dtype, a shape, and data_offsets of a begin and an end")
    }
    guard let dtype = Safetensors.codes.first(where: { $0.code == code })?.dtype else {
      let known = Safetensors.codes.map(\.code).joined(separator: ", ")
      throw badWeights(path, "tensor '\(name)' has dtype \(code), and one of \(known) is needed")
    }
    let sizes = shape.compactMap(\.int)
    guard sizes.count == shape.count, let shape = try? Shape(checking: sizes) else {
      throw badWeights(path, "tensor '\(name)' has a shape that no tensor has")
    }
    let (needed, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    guard !overflow, needed == end - begin else {
      throw badWeights(
        path,
        "tensor '\(name)' of shape \(shape) and dtype \(code) needs "
          + "\(overflow ? "too many" : "\(needed)") bytes, and has \(end - begin)")
    }
    return Safetensors.Entry(name: name, dtype: dtype, shape: shape, range: begin..<end)
  }
}

/// The error for a file of weights that is not as it must be.
func badWeights(_ path: String, _ message: String) -> CoreError {
  CoreError(
    "bad-weights", message, help: "the file is damaged: save the model again, or copy it again",
    place: path)
}
