import MaasData
import MaasVM

/// Gathers owned values on the way to a list: whatever ends the way, each is released once.
struct ListBuilder: ~Copyable {
  private var items: [Value] = []

  init(reserving count: Int = 0) { items.reserveCapacity(count) }

  var count: Int { items.count }

  /// Takes over one owner of the value.
  mutating func append(_ value: Value) { items.append(value) }

  /// The list, owned by the caller.
  consuming func list() -> Value {
    let list = Value(list: items)
    items = []
    return list
  }

  deinit { for item in items { item.release() } }
}

extension NativeCall {
  /// Hands every element of a value to the body, borrowed.
  func forEach(_ container: Value, _ body: (Value) throws -> Void) throws {
    var position = 0
    if container.isList {
      // The call's window holds the list, and its items with it.
      for item in container.items {
        position += 1
        if position & 0xFFF == 0 { try pollInterrupt() }
        try body(item)
      }
      return
    }
    try vm.forEachElement(of: container) { element in
      defer { element.release() }
      position += 1
      if position & 0xFFF == 0 { try pollInterrupt() }
      try body(element)
    }
  }

  /// A function of the language as a test. It throws what the function throws, and `wrong-type`
  /// if that gives no bool.
  func test(_ function: Value) -> (Value) throws -> Bool {
    let (vm, name) = (vm, self.function.name)
    return { value in
      let result = try vm.call(function, value)
      if let bool = result.bool { return bool }
      defer { result.release() }
      throw Failure(
        "wrong-type",
        "the function given to `\(name)` must say true or false, and gave "
          + result.typeDescription, help: "compare something: x -> x > 0")
    }
  }

  /// The part of a list, string, tensor, table or dataset between two positions inside it.
  func slice(_ container: Value, _ range: Range<Int>) throws -> Value {
    let slice = Value(
      RangeValue(
        lower: Double(range.lowerBound), upper: Double(range.upperBound), step: nil,
        isClosed: false))
    defer { slice.release() }
    return try vm.element(of: container, [IndexKey(slice)])
  }

  /// The items of a list argument as texts.
  /// - Throws: `wrong-type`.
  func strings(_ name: String) throws -> [String] {
    try checkStrings(name)
    return self[name].items.compactMap(\.string)
  }

  /// - Throws: `wrong-type` where an item of a list argument is no string.
  func checkStrings(_ name: String) throws {
    for (position, item) in self[name].items.enumerated() where !item.isString {
      throw Failure(
        "wrong-type",
        "`\(function.name)` takes strings, and element \(position) of `\(name)` is "
          + item.typeDescription,
        help: item.isNumber || item.isBool ? #"make strings of them: map(xs, x -> "{x}")"# : nil)
    }
  }
}

/// A value by which elements are found again: equal keys are equal values.
enum ValueKey: Hashable {
  case number(Double)
  case bool(Bool)
  case text([UInt8])
  case date(Moment)
  case `nil`

  /// Nil for a value that is compared part by part, and for NaN, which equals nothing.
  init?(_ value: Value) {
    if let number = value.number {
      guard !number.isNaN else { return nil }
      self = .number(number)
    } else if let bool = value.bool {
      self = .bool(bool)
    } else if value.isString {
      self = .text(Array(value.utf8))
    } else if value.isNil {
      self = .nil
    } else if let date = value.date {
      self = .date(date)
    } else {
      return nil
    }
  }
}
