import CHeap
import MaasCompiler

extension VM {
  /// The slow path of a comparison that gives a value.
  @inline(never)
  func compare(
    _ i: Instruction, _ operation: Opcode, _ base: UnsafeMutablePointer<Value>, _ locals: Int
  ) -> Bool {
    do {
      let value =
        i.immediate == 0
        ? try comparison(operation, base[i.b], base[i.c])
        // `a > b`: its errors speak of that.
        : try comparison(
          operation == .less ? .jumpGreaterConstant : .jumpGreaterOrEqualConstant, base[i.c],
          base[i.b])
      empty(base, i.b, locals)
      empty(base, i.c, locals)
      write(base, i.a, value)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// The slow path of a comparison that jumps; nil after an error.
  @inline(never)
  func compareForJump(
    _ i: Instruction, _ operation: Opcode, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int
  ) -> Bool? {
    let usesConstant: Bool
    switch i.opcode {
    case .jumpLess, .jumpLessOrEqual, .jumpEqual: usesConstant = false
    default: usesConstant = true
    }
    let left = base[i.b]
    let right = usesConstant ? constants[i.c] : base[i.c]
    do {
      try checkInterrupt()
      let value = try comparison(operation, left, right)
      empty(base, i.b, locals)
      if !usesConstant { empty(base, i.c, locals) }
      if let bool = value.bool { return bool }
      failNotBool(value)
      value.release()
    } catch {
      fail(error)
    }
    return nil
  }

  /// What a native operand makes of an operator; the right one is asked where the left one does
  /// not know the other.
  func nativeBinary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value? {
    if let native = left.native, let value = try native.binary(operation, left, right) {
      return value
    }
    return try right.native?.binary(operation, left, right)
  }

  private func nativeEquality(_ left: Value, _ right: Value) throws -> Value? {
    if let native = left.native, let value = try native.equality(left, right) { return value }
    return try right.native?.equality(left, right)
  }

  /// `left op right` as an owned value: a bool, or something element-wise.
  public func comparison(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value {
    switch operation {
    case .contains: return Value(try contains(right, left))
    case .notContains: return Value(!(try contains(right, left)))
    case .equal, .notEqual, .jumpEqual, .jumpEqualConstant:
      if let value = try nativeEquality(left, right) {
        if operation == .notEqual, let bool = value.bool { return Value(!bool) }
        if operation == .notEqual, let inner = value.native, let negated = try inner.unary(.not) {
          value.release()
          return negated
        }
        return value
      }
      return Value(left.isEqual(to: right) == (operation != .notEqual))
    default: break
    }
    if let value = try nativeBinary(operation, left, right) { return value }
    if left.isNumber, right.isNumber {
      let (a, b) = (left.double, right.double)
      switch operation {
      case .less: return Value(a < b)
      case .lessOrEqual: return Value(a <= b)
      case .jumpGreaterConstant: return Value(a > b)
      default: return Value(a >= b)
      }
    }
    guard let order = try order(left, right, operation) else { return .false }
    switch operation {
    case .less: return Value(order < 0)
    case .lessOrEqual: return Value(order <= 0)
    case .jumpGreaterConstant: return Value(order > 0)
    default: return Value(order >= 0)
    }
  }

  /// Negative, zero or positive: the order of two values of one ordered type, lists element by
  /// element; nil where a NaN decides. Deep lists are walked with a stack of their own.
  func order(_ left: Value, _ right: Value, _ operation: Opcode) throws -> Int? {
    var pairs = SeenPairs()
    var open = [(left: left, right: right, next: 0)]
    // Two values that are no lists are one pair.
    if !(left.isList && right.isList) { return try orderOne(left, right, operation) }
    while let (a, b, next) = open.last {
      guard next < min(a.items.count, b.items.count) else {
        if a.items.count != b.items.count { return a.items.count - b.items.count }
        open.removeLast()
        continue
      }
      open[open.count - 1].next += 1
      if next & 0xFFFF == 0 { try checkInterrupt() }
      let (x, y) = (a.items[next], b.items[next])
      if x.isList, y.isList {
        if pairs.insert(x, y) { open.append((x, y, 0)) }
        continue
      }
      if x.isNumber || x.isString || y.isNumber || y.isString {
        guard let order = try orderOne(x, y, operation) else { return nil }
        if order != 0 { return order }
      } else if !x.isEqual(to: y) {
        _ = try orderOne(x, y, operation)
      }
    }
    return 0
  }

  private func orderOne(_ left: Value, _ right: Value, _ operation: Opcode) throws -> Int? {
    if left.isNumber, right.isNumber {
      let (a, b) = (left.double, right.double)
      return a < b ? -1 : a > b ? 1 : a == b ? 0 : nil
    }
    if left.isString, right.isString { return left.compareString(right) }
    throw Failure(
      "no-order",
      "`\(operation.symbol)` does not order \(left.typeDescription) and \(right.typeDescription)",
      help: "compare two numbers, two strings or two lists")
  }

  /// `element in container`
  func contains(_ container: Value, _ element: Value) throws -> Bool {
    if container.isList { return container.items.contains { $0.isEqual(to: element) } }
    if container.isRecord {
      return element.isKey && RecordObject.find(container.recordObject, element) >= 0
    }
    if container.isString, element.isString {
      return element.utf8.isEmpty || container.utf8.offset(of: element.utf8, from: 0) != nil
    }
    if let range = container.range, element.plain.isNumber {
      return range.containsNumber(element.plain.double)
    }
    throw Failure(
      "wrong-operands",
      "`in` does not look for \(element.typeDescription) in \(container.typeDescription)",
      help: "the right side is a list, a record, a string or a range of numbers")
  }
}

/// Pairs of shared lists and records that a walk has met: looked into once, however often a value
/// holds them.
struct SeenPairs {
  private struct Pair: Hashable {
    var left: UInt64
    var right: UInt64
  }

  private var pairs: Set<Pair> = []

  /// Whether the pair is to be looked into: it is new, or has one holder only.
  mutating func insert(_ left: Value, _ right: Value) -> Bool {
    guard !left.isUnique, !right.isUnique else { return true }
    return pairs.insert(Pair(left: left.bits, right: right.bits)).inserted
  }
}

extension RangeValue {
  /// Whether a number lies in the range: an interval, unless it is stepped.
  func containsNumber(_ number: Double) -> Bool {
    guard number == number else { return false }
    if let lower, number < lower, (step ?? 1) > 0 { return false }
    if let upper, isClosed ? number > upper : number >= upper, (step ?? 1) > 0 { return false }
    guard let step, let lower else { return true }
    // As the elements are computed: start + i * step.
    let position = ((number - lower) / step).rounded()
    return position >= 0 && lower + position * step == number
      && Int(exactly: position).map { $0 < count } ?? false
  }
}

extension Value {
  /// Structural equality, as inside lists and records: a plain bool for any two values. Deep
  /// values are compared with a worklist, not by recursion.
  public func isEqual(to other: Value) -> Bool {
    if isNumber || other.isNumber { return equalsNumber(other) }
    if bits == other.bits, !isObject { return true }
    guard isObject, other.isObject, header.pointee.kind == other.header.pointee.kind else {
      return false
    }
    if isString { return equalsString(other) }
    var pending = [(self, other)]
    var seen = SeenPairs()
    while let (a, b) = pending.popLast() {
      let isDeep = a.isObject && b.isObject && (a.isList || a.isRecord)
      if isDeep, !seen.insert(a, b) { continue }
      guard a.equalsShallow(b, &pending) else { return false }
    }
    return true
  }

  /// Equality where at least one side is a number.
  @inline(__always)
  private func equalsNumber(_ other: Value) -> Bool {
    if isNumber, other.isNumber { return double == other.double }
    return isObject && plain.isNumber && plain.double == other.double
      || other.isObject && other.plain.isNumber && other.plain.double == double
  }

  private func equalsShallow(_ other: Value, _ pending: inout [(Value, Value)]) -> Bool {
    if isNumber || other.isNumber { return equalsNumber(other) }
    if !isObject || !other.isObject { return bits == other.bits }
    guard header.pointee.kind == other.header.pointee.kind else { return false }
    switch header.pointee.kind {
    case .string: return equalsString(other)
    case .list:
      guard items.count == other.items.count else { return false }
      pending.append(contentsOf: zip(items, other.items))
      return true
    case .record:
      guard keys.count == other.keys.count else { return false }
      for (key, value) in zip(keys, fieldValues) {
        let position = RecordObject.find(other.recordObject, key)
        guard position >= 0 else { return false }
        pending.append((value, other.fieldValues[position]))
      }
      return true
    case .range: return range == other.range
    case .closure: return bits == other.bits
    case .builtin: return nativeFunction === other.nativeFunction
    case .native:
      guard let left = native, let right = other.native else { return false }
      return left.isEqual(to: right)
    }
  }
}
