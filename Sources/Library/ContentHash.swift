import MaasTensors
import MaasVM

/// The digest behind `hash(x)`. Values are taken in so that no two different ones give the same
/// bytes: each starts with its type and its length.
enum ContentHash {
  /// - Throws: `no-hash` for functions and handles.
  static func hex(of value: Value) throws -> String {
    if let model = value.native as? ModelValue { return model.model.hash }
    var digest = Digest()
    var pending = [value]
    while let next = pending.popLast() { try add(next, to: &digest, &pending) }
    return digest.hex
  }

  private static func add(
    _ value: Value, to digest: inout Digest, _ pending: inout [Value]
  ) throws {
    digest.update(Int(value.type.rawValue))
    switch value.type {
    case .nil: break
    case .bool: digest.update(value.bool == true ? 1 : 0)
    case .number:
      let number = value.number ?? .nan
      digest.update(Int(bitPattern: UInt(number == 0 ? 0 : number.bitPattern)))
    case .string:
      digest.update(value.utf8.count)
      digest.update(value.string ?? "")
    case .list:
      digest.update(value.items.count)
      pending.append(contentsOf: value.items.reversed())
    case .record:
      digest.update(value.keys.count)
      for (key, part) in zip(value.keys, value.fieldValues).reversed() {
        pending.append(part)
        pending.append(key)
      }
    case .range: digest.update(value.display(quoted: true))
    case .tensor:
      guard let tensor = (value.native as? TensorValue)?.tensor else { return }
      digest.update(tensor.dtype.name)
      digest.update(tensor.shape.rank)
      for size in tensor.shape.sizes { digest.update(size) }
      tensor.withBytes { digest.update($0) }
    case .date: digest.update(value.date?.microseconds ?? 0)
    case .layer, .network, .optimizer:
      digest.update(value.display(quoted: true))
    default:
      throw Failure("no-hash", "\(value.typeDescription) has no content to digest")
    }
  }
}
