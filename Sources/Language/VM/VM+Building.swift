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
      case .concatenate: try concatenate(base, i)
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
      if let native = value.native, native.isTraced, native.plainNumber == nil {
        throw native.refusal(by: "the end of a range")
      }
      guard let number = value.plain.number, number == number else {
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

  static let zeroStep = Failure(
    "wrong-range", "the step of a range cannot be 0", help: "10..0..-1 counts down")

  private func concatenate(_ base: UnsafeMutablePointer<Value>, _ i: Instruction) throws {
    var text = Value("")
    for offset in 0..<i.c {
      let piece = base[i.b + offset]
      base[i.b + offset] = .nil
      let shown = piece.isString ? piece : Value(piece.display(quoted: false))
      if !piece.isString { piece.release() }
      defer { shown.release() }
      guard let joined = text.joining(shown) else {
        text.release()
        throw Failure("too-large", "a text has at most \(VM.textLimit) bytes")
      }
      text = joined
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
}
