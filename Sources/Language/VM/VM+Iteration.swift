import MaasCompiler

// Going through values: the loops of the language and those of builtins.

extension VM {
  /// Computes the state of a counted loop. Whole numbers that rise: the current one, the step, the
  /// one that would come after the last. Anything else: start, step, minus infinity, position,
  /// count, since the numbers of a range are `start + position * step`.
  /// - Returns: whether there is no step to take; nil after an error.
  @inline(never)
  func prepareCount(_ state: UnsafeMutablePointer<Value>, isClosed: Bool) -> Bool? {
    if let isEmpty = prepareOnes(state, isClosed: isClosed) { return isEmpty }
    for end in 0..<3 where state[end].isObject {
      if let number = state[end].native?.plainNumber { write(state, end, Value(number)) }
    }
    guard state[0].isNumber, state[1].isNumber, state[2].isNumber else {
      if let native = (0..<3).lazy.compactMap({ state[$0].native }).first, native.isTraced {
        fail(native.refusal(by: "the end of a range"))
        return nil
      }
      let wrong = [state[0], state[1], state[2]].first { !$0.isNumber } ?? .nil
      fail("wrong-type", "the ends of a range are numbers, not \(wrong.typeDescription)")
      return nil
    }
    guard state[2].double != 0 else {
      fail(Self.zeroStep)
      return nil
    }
    let range = RangeValue(
      lower: state[0].double, upper: state[1].double, step: state[2].double, isClosed: isClosed)
    let count = range.count
    let (start, step) = (state[0].double, state[2].double)
    state[1] = Value(step)
    write(state, 3, .nil)
    write(state, 4, .nil)
    if count == 0 { return true }
    let stop = start + Double(count) * step
    if step > 0, start == start.rounded(), step == step.rounded(),
      max(abs(start), abs(stop)) < 9_007_199_254_740_992
    {
      state[2] = Value(stop)
    } else {
      state[2] = Value(-Double.infinity)
      state[3] = Value(0)
      state[4] = Value(count)
    }
    return false
  }

  /// The same for whole numbers that rise by one, the usual case; nil for any other.
  @inline(__always)
  private func prepareOnes(_ state: UnsafeMutablePointer<Value>, isClosed: Bool) -> Bool? {
    let (lower, upper) = (state[0].double, state[1].double)
    let limit = 4_503_599_627_370_496.0
    guard state[2].double == 1, abs(lower) < limit, abs(upper) < limit,
      Double(Int(lower)) == lower, Double(Int(upper)) == upper
    else { return nil }
    state[1] = Value(1)
    state[2] = Value(isClosed ? upper + 1 : upper)
    write(state, 3, .nil)
    write(state, 4, .nil)
    return lower >= state[2].double
  }

  /// Starts going through the value in `a`: its first element goes to `b`.
  /// - Returns: whether there is none; nil after an error.
  @inline(never)
  func prepareIteration(_ base: UnsafeMutablePointer<Value>, _ a: Int, _ b: Int) -> Bool? {
    let container = base[a]
    guard elementCount(of: container) != nil else {
      fail(notIterable(container))
      return nil
    }
    write(base, a + 1, Value(-1))
    return iterate(base, a, b)
  }

  func notIterable(_ value: Value) -> Failure {
    Failure(
      "not-iterable", "\(value.typeDescription) has no elements to go through",
      help: value.isNumber
        ? "count with a range: for i in 0..n" : "lists, strings, ranges, records and tensors have",
      rewrites: value.isNumber ? [.around("0..", "")] : [])
  }

  /// Moves on to the next element.
  /// - Returns: whether the end was reached; nil after an error.
  @inline(never)
  func iterate(_ base: UnsafeMutablePointer<Value>, _ a: Int, _ b: Int) -> Bool? {
    let container = base[a]
    let next = Int(base[a + 1].double) + 1
    guard next < elementCount(of: container) ?? 0 else { return true }
    base[a + 1] = Value(next)
    do {
      write(base, b, try element(of: container, at: next))
      return false
    } catch {
      fail(error)
      return nil
    }
  }

  /// How many elements a loop finds; nil for what has none.
  public func elementCount(of container: Value) -> Int? {
    guard container.isObject else { return nil }
    switch container.header.pointee.kind {
    case .list: return container.items.count
    case .string: return container.characterCount
    case .record: return container.keys.count
    case .range: return container.range.flatMap { $0.upper == nil ? nil : $0.count }
    case .native: return container.native?.elementCount
    case .closure, .builtin: return nil
    }
  }

  /// The element a loop finds at a position, owned: items, characters, `[key, value]` pairs.
  public func element(of container: Value, at position: Int) throws -> Value {
    switch container.header.pointee.kind {
    case .list: return container.items[position].retained
    case .string: return container.characters(position..<(position + 1))
    case .record:
      return Value(list: [
        container.keys[position].retained, container.fieldValues[position].retained,
      ])
    case .range:
      guard let range = container.range else { return .nil }
      return Value((range.lower ?? 0) + Double(position) * (range.step ?? 1))
    case .native: return try container.native?.element(at: position) ?? .nil
    case .closure, .builtin: return .nil
    }
  }

  /// Hands every element, owned, to `body`.
  public func forEachElement(of container: Value, _ body: (Value) throws -> Void) throws {
    guard let count = elementCount(of: container) else { throw notIterable(container) }
    for position in 0..<count {
      if position & 0xFFFF == 0xFFFF { try checkInterrupt() }
      try body(try element(of: container, at: position))
    }
  }

  /// The most elements that a list is made of at once: 2 GB.
  public static let elementLimit = 1 << 28

  /// - Throws: `too-large` for more elements than a list can hold.
  func checkRoom(for container: Value) throws {
    guard let count = elementCount(of: container), count > VM.elementLimit else { return }
    throw Failure(
      "too-large", "a list of \(Double(count).maasText) elements does not fit into memory",
      help: "go through it with a loop: for x in …")
  }

  /// All elements, owned.
  ///
  /// - Throws: `too-large`, `interrupted`, `not-iterable`.
  public func elements(of container: Value) throws -> [Value] {
    try checkRoom(for: container)
    var all: [Value] = []
    try forEachElement(of: container) { all.append($0) }
    return all
  }
}
