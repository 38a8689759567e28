import MaasCompiler
import MaasSyntax

extension VM {
  // MARK: Values from values

  @inline(never)
  func build(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    do {
      switch i.opcode {
      case .collectAll: try collectAll(base, i, locals)
      case .recordSet: try recordSet(base, i, locals)
      case .recordMerge: try recordMerge(base, i, locals)
      case .makeRange: write(base, i.a, try range(base + i.b, flags: i.immediate))
      case .concatenate: concatenate(base, i)
      case .format:
        let format = frames[depth - 1].code.pointee.function.takeUnretainedValue()
          .prototype.formats[i.immediate]
        let text = try base[i.b].formatted(format)
        empty(base, i.b, locals)
        write(base, i.a, Value(text))
      default: try unpack(base, i, locals)
      }
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// The slow path of `xs = append(xs, v)`: a list that others hold, too, or no list at all.
  @inline(never)
  func appendItem(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int, at slot: UnsafeMutablePointer<Value>
  ) -> Bool {
    if slot.pointee.isList {
      slot.pointee = slot.pointee.appending(base[i.b].retained)
      empty(base, i.b, locals)
      return true
    }
    // The call itself, for its errors.
    let window = base + frames[depth - 1].code.pointee.registerCount
    window[0] = slot.pointee.retained
    window[1] = base[i.b].retained
    let isDone = callNative(
      constants[i.immediate], arguments: window, count: 2, flags: CallFlags(bits: 0))
    for position in 0..<2 {
      window[position].release()
      window[position] = .nil
    }
    if isDone {
      write(slot, 0, result)
      result = .nothing
    }
    return isDone
  }

  private func collectAll(
    _ base: UnsafeMutablePointer<Value>, _ i: Instruction, _ locals: Int
  ) throws {
    let source = base[i.b]
    try checkRoom(for: source)
    try forEachElement(of: source) { base[i.a].appendItem($0) }
    empty(base, i.b, locals)
  }

  private func recordSet(
    _ base: UnsafeMutablePointer<Value>, _ i: Instruction, _ locals: Int
  ) throws {
    guard base[i.b].isKey else {
      throw Failure(
        "wrong-index", "a key is a string, a number or a bool, not \(base[i.b].typeDescription)")
    }
    RecordObject.set(base[i.a].recordObject, base[i.b].retained, base[i.c].retained)
    empty(base, i.b, locals)
    empty(base, i.c, locals)
  }

  private func recordMerge(
    _ base: UnsafeMutablePointer<Value>, _ i: Instruction, _ locals: Int
  ) throws {
    let source = base[i.b]
    guard source.isRecord else {
      throw Failure(
        "wrong-type", "`...` inside a record takes a record, not \(source.typeDescription)")
    }
    for (key, value) in zip(source.keys, source.fieldValues) {
      RecordObject.set(base[i.a].recordObject, key.retained, value.retained)
    }
    empty(base, i.b, locals)
  }

  private func range(_ window: UnsafeMutablePointer<Value>, flags: Int) throws -> Value {
    func bound(_ value: Value) throws -> Double? {
      if value.isNil { return nil }
      guard let number = value.number, number == number else {
        throw Failure("wrong-type", "the ends of a range are numbers, not \(value.typeDescription)")
      }
      return number
    }
    var range = RangeValue(
      lower: try bound(window[0]), upper: try bound(window[1]), step: try bound(window[2]),
      isClosed: flags & 1 != 0)
    guard range.step != 0 else { throw Self.zeroStep }
    range.isLowerFromEnd = flags & 4 != 0
    range.isUpperFromEnd = flags & 8 != 0
    return Value(range)
  }

  private static let zeroStep = Failure(
    "wrong-range", "the step of a range cannot be 0", help: "10..0..-1 counts down")

  private func concatenate(_ base: UnsafeMutablePointer<Value>, _ i: Instruction) {
    var text = Value("")
    for offset in 0..<i.c {
      let piece = base[i.b + offset]
      base[i.b + offset] = .nil
      if piece.isString {
        text = StringObject.append(text, piece)
      } else {
        let shown = Value(piece.display(quoted: false))
        text = StringObject.append(text, shown)
        shown.release()
      }
      piece.release()
    }
    write(base, i.a, text)
  }

  func closure(_ index: Int, _ frame: UnsafeMutablePointer<Frame>) -> Value {
    let outer = frame.pointee.code.pointee.function.takeUnretainedValue()
    let function = outer.functions[index]
    let captures = function.prototype.captures
    let closure = ClosureObject.make(function, captureCount: captures.count)
    let values = ClosureObject.captures(of: closure)
    for (position, capture) in captures.enumerated() {
      switch capture {
      case .register(let register): values[position] = frame.pointee.base[register].retained
      case .capture(let inner):
        values[position] = frame.pointee.captures[inner].retained
      }
    }
    return Value(object: closure)
  }

  // MARK: Destructuring

  private func unpack(
    _ base: UnsafeMutablePointer<Value>, _ i: Instruction, _ locals: Int
  ) throws {
    let source = base[i.b].retained
    defer { source.release() }
    if source.isList, i.immediate < 0, source.items.count == i.c {
      // By far the most common: the items of a list, one each.
      empty(base, i.b, locals)
      for offset in 0..<i.c { write(base, i.a + offset, source.items[offset].retained) }
      return
    }
    guard let count = elementCount(of: source) else { throw notIterable(source) }
    let rest = i.immediate
    guard rest < 0 ? count == i.c : count >= i.c - 1 else {
      throw Failure(
        "wrong-count",
        "\(rest < 0 ? "\(i.c)" : "at least \(i.c - 1)") names take apart a list of \(count)",
        help: rest < 0 ? "collect what is left: [first, ...rest] = xs" : nil)
    }
    let parts = try elements(of: source)
    empty(base, i.b, locals)
    let restCount = parts.count - i.c + 1
    var next = 0
    for offset in 0..<i.c {
      if offset == rest {
        write(base, i.a + offset, Value(list: Array(parts[next..<(next + restCount)])))
        next += restCount
      } else {
        write(base, i.a + offset, parts[next])
        next += 1
      }
    }
  }

  // MARK: Going through values

  /// Computes the state of a counted loop. Whole numbers that rise: the current one, the step, the
  /// one that would come after the last. Anything else: start, step, minus infinity, position,
  /// count, since the numbers of a range are `start + position * step`.
  /// - Returns: whether there is no step to take; nil after an error.
  @inline(never)
  func prepareCount(_ state: UnsafeMutablePointer<Value>, isClosed: Bool) -> Bool? {
    guard state[0].isNumber, state[1].isNumber, state[2].isNumber else {
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

  private func notIterable(_ value: Value) -> Failure {
    Failure(
      "not-iterable", "\(value.typeDescription) has no elements to go through",
      help: value.isNumber ? "count with a range: for i in 0..n" : nil)
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
  private func checkRoom(for container: Value) throws {
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
