import MaasData
import MaasTensors
import MaasVM

/// The digest behind `hash(x)`. Values are taken in so that no two different ones give the same
/// bytes: each starts with its type and its length. A list or record inside another is taken in by
/// its own digest, so that one which occurs many times is digested once.
struct ContentHash {
  /// A list or record that is being digested: what came so far, and which part comes next.
  private struct Open {
    let value: Value
    var digest = Digest()
    var next = 0

    init(_ value: Value) {
      self.value = value
      digest.update(Int(value.type.rawValue))
      digest.update(parts)
    }

    /// How many parts there are: the keys and values of a record take turns.
    var parts: Int { value.isList ? value.items.count : 2 * value.keys.count }

    func part(_ position: Int) -> Value {
      if value.isList { return value.items[position] }
      let half = position / 2
      return position % 2 == 0 ? value.keys[half] : value.fieldValues[half]
    }
  }

  private let vm: VM
  /// Digests of lists and records that have several owners.
  private var known: [UInt64: Digest] = [:]

  /// - Throws: `no-hash` for functions and handles, `interrupted`.
  static func hex(of value: Value, in vm: VM) throws -> String {
    if let model = value.native as? ModelValue { return model.model.hash }
    var hash = ContentHash(vm: vm)
    return try hash.digest(of: value).hex
  }

  private init(vm: VM) { self.vm = vm }

  /// Goes through nested values with a stack of its own, for they may nest a million deep.
  private mutating func digest(of root: Value) throws -> Digest {
    guard root.isList || root.isRecord else {
      var digest = Digest()
      try add(root, to: &digest)
      return digest
    }
    var open = [Open(root)]
    var steps = 0
    while true {
      steps += 1
      if steps & 0xFFF == 0 { try vm.checkInterrupt() }
      let last = open.count - 1
      let position = open[last].next
      guard position < open[last].parts else {
        let done = open.removeLast()
        guard !open.isEmpty else { return done.digest }
        if !done.value.isUnique { known[done.value.bits] = done.digest }
        open[last - 1].digest.update(done.digest)
        continue
      }
      open[last].next += 1
      let part = open[last].part(position)
      if !part.isList && !part.isRecord {
        try add(part, to: &open[last].digest)
      } else if let digest = known[part.bits] {
        open[last].digest.update(digest)
      } else {
        open.append(Open(part))
      }
    }
  }

  private func add(_ value: Value, to digest: inout Digest) throws {
    digest.update(Int(value.type.rawValue))
    switch value.type {
    case .nil: break
    case .bool: digest.update(value.bool == true ? 1 : 0)
    case .number: digest.update(value.number ?? .nan)
    case .string: digest.update(text: value.utf8)
    case .range: digest.update(value.display(quoted: true))
    case .tensor:
      guard let tensor = (value.native as? TensorValue)?.tensor else { return }
      digest.update(tensor.dtype.name)
      digest.update(tensor.shape.rank)
      for size in tensor.shape.sizes { digest.update(size) }
      tensor.withBytes { digest.update($0) }
    case .column:
      if let column = value.column?.column { try add(column, to: &digest) }
    case .table:
      guard let table = value.table else { return }
      digest.update(table.columns.count)
      digest.update(table.rowCount)
      for column in table.columns {
        digest.update(column.name.utf8.count)
        digest.update(column.name)
        try add(column, to: &digest)
      }
    case .date: digest.update(value.date?.microseconds ?? 0)
    case .layer, .network, .optimizer, .loss, .schedule:
      digest.update(value.display(quoted: true))
    default:
      throw Failure(
        "no-hash", "\(value.typeDescription) has no content to digest",
        help: "hash the data it is made from")
    }
  }

  /// The cells alone: columns are equal whatever their names.
  private func add(_ column: Column, to digest: inout Digest) throws {
    digest.update(column.kind.cellName)
    digest.update(column.count)
    for row in 0..<column.count {
      if row & 0xFFFF == 0 { try vm.checkInterrupt() }
      switch column[row] {
      case .missing: digest.update(0)
      case .number(let number):
        digest.update(1)
        digest.update(number)
      case .bool(let bool): digest.update(bool ? 3 : 2)
      case .date(let moment):
        digest.update(4)
        digest.update(moment.microseconds)
      case .text(let text):
        digest.update(5)
        digest.update(text.utf8.count)
        digest.update(text)
      }
    }
  }
}

extension Digest {
  /// A number by its bits; 0 and -0 are equal, and so are their digests.
  fileprivate mutating func update(_ number: Double) {
    update(Int(bitPattern: UInt(number == 0 ? 0 : number.bitPattern)))
  }

  fileprivate mutating func update(text: UnsafeBufferPointer<UInt8>) {
    update(text.count)
    update(UnsafeRawBufferPointer(text))
  }
}
