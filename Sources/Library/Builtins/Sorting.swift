import Glibc
import MaasVM

extension Builtins {
  /// Elements in order.
  static let sorting: [Builtin] = [
    Builtin(
      "sort(xs: list | string | range | record | column | dataset, before: function = nil, descending: bool = false) -> list",
      """
      The elements in rising order: numbers, strings by code points, dates, lists element by element; or in the order of a function that says whether its first argument stands before its second. Equal ones stay in their order.

          sort([3, 1, 2])                      # => [1, 2, 3]
          sort(["b", "a"], descending: true)   # => ["b", "a"]
          sort([1, -3, 2], (a, b) -> abs(a) < abs(b))    # => [1, 2, -3]
      """
    ) { call in
      let elements = try call.vm.elements(of: call[0])
      defer { for element in elements { element.release() } }
      let descending = call.bool("descending", or: false)
      if call.has("before"), !call[1].isNil {
        return Value(list: try call.sorted(elements, descending: descending, by: call[1]))
      }
      if elements.allSatisfy(\.isNumber) { return Value(sorted: elements, descending: descending) }
      return Value(list: try call.sorted(elements, descending: descending).map(\.retained))
    },
    Builtin(
      "sort_by(xs: list | string | range | record | tensor | dataset | column, f: function, descending: bool = false) -> list",
      """
      The elements in the rising order of what `f` gives for each; equal ones stay in their order.

          sort_by(["ccc", "a", "bb"], length)  # => ["a", "bb", "ccc"]
      """
    ) { call in
      var keys = ListBuilder()
      try call.forEach(call[0]) { keys.append(try call.vm.call(call[1], $0)) }
      let list = keys.list()
      defer { list.release() }
      let order = try call.order(
        Array(list.items), descending: call.bool("descending", or: false))
      if call[0].isList { return Value(list: order.map { call[0].items[$0].retained }) }
      var sorted = ListBuilder(reserving: order.count)
      for position in order { sorted.append(try call.vm.element(of: call[0], at: position)) }
      return sorted.list()
    },
  ]
}

extension Value {
  /// A list of numbers in order; nan comes last.
  fileprivate init(sorted values: [Value], descending: Bool) {
    var numbers = values.compactMap(\.number)
    let unordered = numbers.count { $0.isNaN }
    if unordered > 0 { numbers.removeAll(where: \.isNaN) }
    if descending { numbers.sort(by: >) } else { numbers.sort() }
    numbers += [Double](repeating: .nan, count: unordered)
    self.init(list: numbers.map { Value($0) })
  }

  /// Strings by code points, equal ones as they are. Most pairs are told apart by their first eight
  /// bytes, which stand beside the value.
  fileprivate static func sorted(strings: [Value], descending: Bool) -> [Value] {
    var entries = strings.map { (prefix: $0.bytePrefix, value: $0) }
    if descending {
      entries.sort {
        $0.prefix != $1.prefix ? $0.prefix > $1.prefix : $1.value.precedes($0.value)
      }
    } else {
      entries.sort {
        $0.prefix != $1.prefix ? $0.prefix < $1.prefix : $0.value.precedes($1.value)
      }
    }
    return entries.map(\.value)
  }

  /// The first eight bytes of a string, the first of them highest. Only where this is a string.
  private var bytePrefix: UInt64 {
    let bytes = utf8
    if bytes.count >= 8 {
      return UInt64(
        bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
    var prefix: UInt64 = 0
    for position in 0..<8 {
      prefix = prefix << 8 | (position < bytes.count ? UInt64(bytes[position]) : 0)
    }
    return prefix
  }

  /// Whether a string stands before another, by code points. Only where both are strings.
  fileprivate func precedes(_ other: Value) -> Bool {
    let (left, right) = (utf8, other.utf8)
    guard let a = left.baseAddress, let b = right.baseAddress else { return false }
    let order = memcmp(a, b, min(left.count, right.count))
    return order != 0 ? order < 0 : left.count < right.count
  }
}

extension NativeCall {
  /// The values in their order, borrowed; equal ones stay as they are.
  /// - Throws: `no-order` for values that have none, `interrupted`.
  fileprivate func sorted(_ values: [Value], descending: Bool) throws -> [Value] {
    if values.allSatisfy(\.isString) {
      return Value.sorted(strings: values, descending: descending)
    }
    var comparisons = 0
    return try values.sorted { left, right in
      comparisons += 1
      if comparisons & 0xFFFF == 0 { try pollInterrupt() }
      return try descending ? isLess(right, left) : isLess(left, right)
    }
  }

  /// The values, retained, in the order of a function of the language.
  fileprivate func sorted(
    _ values: [Value], descending: Bool, by before: Value
  ) throws -> [Value] {
    let vm = vm
    return try values.sorted { left, right in
      let result = try descending ? vm.call(before, right, left) : vm.call(before, left, right)
      if let bool = result.bool { return bool }
      defer { result.release() }
      throw Failure(
        "wrong-type",
        "the function given to `sort` must say true or false, and gave \(result.typeDescription)",
        help: "compare its arguments: (a, b) -> a < b; sort_by(xs, f) sorts by a key")
    }.map(\.retained)
  }

  /// The positions of values in their order; equal ones stay as they are, nan comes last.
  /// - Throws: `no-order`, `interrupted`.
  func order(_ values: [Value], descending: Bool) throws -> [Int] {
    if values.allSatisfy(\.isNumber) {
      let keys = values.enumerated().map { (key: $1.number ?? .nan, position: $0) }
      return keys.sorted { left, right in
        let (a, b) = (left.key, right.key)
        if a == b || (a.isNaN && b.isNaN) { return left.position < right.position }
        if a.isNaN || b.isNaN { return b.isNaN }
        return descending ? a > b : a < b
      }.map(\.position)
    }
    var comparisons = 0
    return try values.indices.sorted { left, right in
      comparisons += 1
      if comparisons & 0xFFFF == 0 { try pollInterrupt() }
      let (a, b) = descending ? (values[right], values[left]) : (values[left], values[right])
      if a.isString, b.isString { return a.precedes(b) }
      return try isLess(a, b)
    }
  }

  /// - Throws: `no-order`.
  func isLess(_ a: Value, _ b: Value) throws -> Bool {
    let result = try vm.comparison(.less, a, b)
    defer { result.release() }
    if let bool = result.bool { return bool }
    throw Failure("no-order", "\(a.typeDescription) and \(b.typeDescription) have no order")
  }
}
