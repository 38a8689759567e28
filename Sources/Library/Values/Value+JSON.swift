import MaasData
import MaasTensors
import MaasVM

// Values of the language as JSON, and back.

extension Value {
  /// The value that a JSON text wrote, owned. Its depth is bounded by the reader.
  public init(_ json: JSON) {
    switch json {
    case .null: self = .nil
    case .bool(let bool): self.init(bool)
    case .number(let number): self.init(number)
    case .string(let text): self.init(text)
    case .array(let elements): self.init(list: elements.map { Value($0) })
    case .object(let members):
      self.init(record: members.map { (key: Value($0.key), value: Value($0.value)) })
    }
  }
}

extension JSON {
  /// A value as JSON: tensors and columns as lists, tables as lists of records, keys and dates as
  /// texts.
  /// - Throws: `not-json` for a value that JSON cannot hold.
  public init(_ value: MaasVM.Value) throws {
    var room = JSON.valueLimit
    try self.init(value, depth: 0, &room)
  }

  /// The most values that are written in one: a list that holds a list twice, and that one another
  /// twice, would have no end.
  private static let valueLimit = 1 << 24

  private init(_ value: MaasVM.Value, depth: Int, _ room: inout Int) throws {
    room -= 1
    guard room >= 0 else {
      throw Failure(
        "too-large", "this is more than \(JSON.valueLimit) values, too many for one JSON text",
        help: "write them in portions: to_json_lines(xs)")
    }
    guard depth <= JSONReader.defaultDepthLimit else {
      throw Failure("not-json", "lists and records nest deeper than a JSON text may")
    }
    if let number = value.number {
      self = .number(number)
    } else if let bool = value.bool {
      self = .bool(bool)
    } else if let text = value.string {
      self = .string(text)
    } else if value.isNil {
      self = .null
    } else if value.isList {
      self = .array(try value.items.map { try JSON($0, depth: depth + 1, &room) })
    } else if value.isRecord {
      self = .object(
        try zip(value.keys, value.fieldValues).map { key, part in
          Member(key.display(quoted: false), try JSON(part, depth: depth + 1, &room))
        })
    } else if let date = value.date {
      self = .string(date.text)
    } else if let tensor = value.tensor {
      self = JSON(tensor, axis: 0, start: 0)
    } else if let native = value.native, let count = native.elementCount {
      self = .array(
        try (0..<count).map { position in
          let element = try native.element(at: position)
          defer { element.release() }
          return try JSON(element, depth: depth + 1, &room)
        })
    } else {
      throw Failure(
        "not-json", "JSON has no way to write \(value.typeDescription)",
        help: "give numbers, strings, bools, nil, lists, records, tensors or tables")
    }
  }

  private init(_ tensor: Tensor, axis: Int, start: Int) {
    if axis == tensor.shape.rank {
      let element = MaasVM.Value(tensor, at: start)
      self = element.bool.map { .bool($0) } ?? .number(element.number ?? .nan)
      return
    }
    let stride = tensor.shape.strides[axis]
    self = .array(
      (0..<tensor.shape[axis]).map { JSON(tensor, axis: axis + 1, start: start + $0 * stride) })
  }
}
