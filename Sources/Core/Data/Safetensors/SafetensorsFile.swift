import MaasTensors

/// A safetensors file whose header has been checked against its length; no tensor is made before
/// one is asked for.
public struct SafetensorsFile {
  /// In the order of their bytes.
  public let entries: [Safetensors.Entry]
  /// Texts about the file.
  public let metadata: [String: String]
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
    let header = try SafetensorsFile.header(
      UnsafeRawBufferPointer(rebasing: bytes[8..<start]), path)
    entries = try SafetensorsFile.entries(header, path, available: bytes.count - start)
    let texts = header.first { $0.key == Safetensors.metadataKey }?.value.members ?? []
    metadata = Dictionary(
      texts.compactMap { member in member.value.text.map { (member.key, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The tensor of a name, if the file has it.
  /// - Throws: `too-large`.
  public func tensor(named name: String) throws -> Tensor? {
    try entries.first { $0.name == name }.map { try tensor($0) }
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

  private static func header(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws -> [JSON.Member] {
    let json: JSON
    do {
      json = try JSON.parse(bytes)
    } catch {
      throw error.coreError(in: "\(path), header")
    }
    guard let members = json.members else {
      throw badWeights(path, "the header is \(json.kindName), and an object is needed")
    }
    return members
  }

  private static func entries(
    _ members: [JSON.Member], _ path: String, available: Int
  ) throws -> [Safetensors.Entry] {
    let entries = try members.filter { $0.key != Safetensors.metadataKey }
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
package func badWeights(_ path: String, _ message: String) -> CoreError {
  CoreError(
    "bad-weights", message, help: "the file is damaged: save the model again, or copy it again",
    place: path)
}
