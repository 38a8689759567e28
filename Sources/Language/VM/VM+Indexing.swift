import MaasCompiler
import MaasSyntax

extension VM {
  // MARK: Reading

  /// The slow path of `index` and `indexInteger`.
  @inline(never)
  func index(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    let container = base[i.b]
    let key: IndexKey
    if i.opcode == .indexInteger {
      key = IndexKey(Value(abs(i.immediate)), isFromEnd: i.immediate < 0)
    } else {
      key = IndexKey(base[i.c], isFromEnd: i.immediate == 1)
    }
    return finish(i, base, locals, keyRegister: i.opcode == .index ? i.c : nil) {
      try element(of: container, [key])
    }
  }

  private func finish(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int, keyRegister: Int?,
    _ body: () throws -> Value
  ) -> Bool {
    do {
      let value = try body()
      empty(base, i.b, locals)
      if let keyRegister { empty(base, keyRegister, locals) }
      write(base, i.a, value)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  @inline(never)
  func indexTwice(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    let (container, first, second) = (base[i.b], base[i.c], base[i.immediate])
    let done = finish(i, base, locals, keyRegister: i.c) {
      let inner = try element(of: container, [IndexKey(first)])
      defer { inner.release() }
      return try element(of: inner, [IndexKey(second)])
    }
    if done, i.immediate != i.a { empty(base, i.immediate, locals) }
    return done
  }

  /// Reads through windows and paths, and optional steps.
  @inline(never)
  func access(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int
  ) -> Bool {
    let container = base[i.b]
    switch i.opcode {
    case .indexMany:
      let count = i.immediate & 0xFF
      let keys = window(base + i.c, count, fromEnd: i.immediate >> 8)
      let done = finish(i, base, locals, keyRegister: nil) { try element(of: container, keys) }
      if done {
        for offset in 0..<count where i.c + offset != i.a { empty(base, i.c + offset, locals) }
      }
      return done
    case .indexOptional:
      let key = IndexKey(base[i.c], isFromEnd: i.immediate == 1)
      return finish(i, base, locals, keyRegister: i.c) {
        container.isNil ? .nil : try optionalElement(of: container, key)
      }
    case .fieldOptional:
      let name = constants[i.immediate]
      return finish(i, base, locals, keyRegister: nil) {
        if container.isNil { return .nil }
        // A record or table may lack the field; anything else never has it.
        guard container.isRecord || container.native?.hasOpenFields == true else {
          return try field(of: container, name)
        }
        return try fieldValue(of: container, name) ?? .nil
      }
    case .takePath: return takePath(i, base)
    default:  // getPath: the keys stay for the assignment that follows.
      return finish(i, base, locals, keyRegister: nil) {
        try follow(container, path(i), base + i.c)
      }
    }
  }

  @inline(__always)
  func path(_ i: Instruction) -> LinkedPath { frames[depth - 1].code.pointee.paths[i.immediate] }

  func window(
    _ first: UnsafeMutablePointer<Value>, _ count: Int, fromEnd: Int
  ) -> [IndexKey] {
    (0..<count).map { IndexKey(first[$0], isFromEnd: fromEnd >> $0 & 1 == 1) }
  }

  /// `root[path]`, owned. What lists and records hold is borrowed on the way.
  func follow(
    _ root: Value, _ path: LinkedPath, _ keys: UnsafeMutablePointer<Value>
  ) throws -> Value {
    var current = root
    var made = Value.nil
    defer { made.release() }
    var next = keys
    for position in 0..<path.count {
      let step = path.steps[position]
      let keys = next
      if let key = step.key(&next), let part = current.partAddress(key) {
        current = part.pointee
        continue
      }
      let part =
        step.keyCount == 0
        ? try field(of: current, step.field)
        : try element(of: current, window(keys, step.keyCount, fromEnd: step.fromEnd))
      next = keys + step.keyCount
      made.release()
      made = part
      current = part
    }
    return current.retained
  }

  /// `container[keys]`, owned.
  public func element(of container: Value, _ keys: [IndexKey]) throws -> Value {
    if let native = container.native { return try native.index(keys) }
    guard container.isObject else { throw notIndexable(container) }
    guard keys.count == 1 else {
      throw Failure(
        "wrong-index", "\(container.typeDescription) takes one index, not \(keys.count)",
        help: container.isList ? "write xs[i][j] for a list of lists" : nil)
    }
    let key = keys[0]
    switch container.header.pointee.kind {
    case .list: return try listElement(container, key)
    case .string: return try textElement(container, key)
    case .record:
      let position = try keyPosition(container, key.value)
      return container.fieldValues[position].retained
    case .range:
      guard let range = container.range else { throw notIndexable(container) }
      let position = try Self.position(key, count: range.count, of: "the range")
      return Value((range.lower ?? 0) + Double(position) * (range.step ?? 1))
    default: throw notIndexable(container)
    }
  }

  private func notIndexable(_ container: Value) -> Failure {
    Failure(
      "no-index", "\(container.typeDescription) has no parts to index",
      help: container.isFunction
        ? "call it: f(x)" : "lists, strings, records, ranges, tensors and tables have")
  }

  private func listElement(_ list: Value, _ key: IndexKey) throws -> Value {
    if let slice = key.value.range {
      let positions = try Self.positions(slice, count: list.items.count, of: "the list")
      return Value(list: positions.map { list.items[$0].retained })
    }
    let position = try Self.position(key, count: list.items.count, of: "the list")
    return list.items[position].retained
  }

  private func textElement(_ text: Value, _ key: IndexKey) throws -> Value {
    let count = text.characterCount
    guard let slice = key.value.range else {
      let position = try Self.position(key, count: count, of: "the string")
      return text.characters(position..<(position + 1))
    }
    let positions = try Self.positions(slice, count: count, of: "the string")
    if slice.step == nil {
      guard let first = positions.first, let last = positions.last else { return Value("") }
      return text.characters(first..<(last + 1))
    }
    var joined = Value("")
    for position in positions {
      let character = text.characters(position..<(position + 1))
      joined = StringObject.append(joined, character)
      character.release()
    }
    return joined
  }

  private func optionalElement(of container: Value, _ key: IndexKey) throws -> Value {
    // Without the error that would say what is missing: it looks for near names.
    if container.isRecord, key.value.isKey {
      let position = RecordObject.find(container.recordObject, key.value)
      return position < 0 ? .nil : container.fieldValues[position].retained
    }
    do {
      return try element(of: container, [key])
    } catch let failure as Failure
      where ["missing-key", "index-out-of-range", "unknown-column"].contains(failure.id)
    {
      return .nil
    }
  }

  private func keyPosition(_ record: Value, _ key: Value) throws -> Int {
    guard key.isKey else {
      throw Failure(
        "wrong-index", "a key is a string, a number or a bool, not \(key.typeDescription)")
    }
    let position = RecordObject.find(record.recordObject, key)
    guard position >= 0 else { throw missingKey(record, key) }
    return position
  }

  private func missingKey(_ record: Value, _ key: Value) -> Failure {
    let names = record.keys.compactMap(\.string)
    let near = key.string.map { nearNames(to: $0, among: names) } ?? []
    var help = "give a value for what may be missing: r[key] ?? 0"
    var rewrites: [Diagnostic.Rewrite] = []
    if let first = near.first, let written = key.string {
      help = "did you mean `\(first)`?"
      rewrites = [.name(written, with: first)]
    } else if !names.isEmpty, names.count <= 8 {
      help = "it has " + names.joined(separator: ", ")
    }
    return Failure(
      "missing-key", "the record has no key \(key.display(quoted: true))", help: help,
      rewrites: rewrites)
  }

  /// The 0-based position a key stands for.
  ///
  /// - Throws: `index-out-of-range`, `wrong-index`
  public static func position(
    _ key: IndexKey, count: Int, of what: @autoclosure () -> String
  ) throws -> Int {
    guard key.value.isNumber else {
      if let native = key.value.native, native.isTraced { throw native.refusal(by: "an index") }
      throw Failure("wrong-index", "an index is a whole number, not \(key.value.typeDescription)")
    }
    guard let number = key.value.integer else {
      throw Failure(
        "wrong-index", "an index is a whole number, not \(key.value.display(quoted: true))",
        help: "`//` divides to a whole number", rewrites: [.sign("/", with: "//")])
    }
    let position = key.isFromEnd ? count - number : number
    guard position >= 0, position < count else {
      throw outOfRange(key, number, count: count, of: what())
    }
    return position
  }

  private static func outOfRange(
    _ key: IndexKey, _ number: Int, count: Int, of what: String
  ) -> Failure {
    let shown = key.isFromEnd ? "-\(number)" : "\(number)"
    var help: String?
    var rewrites: [Diagnostic.Rewrite] = []
    if !key.isFromEnd, number == count, count > 0 {
      rewrites = [.index("\(count)", with: "\(count - 1)")]
      help = "the first index is 0, so the last is \(count - 1); -1 also gives the last"
    } else if number < 0 {
      help = "only an index written with a minus counts from the end: xs[-1]"
    } else if count > 0 {
      help = "indices go from 0 to \(count - 1)"
    }
    return Failure(
      "index-out-of-range",
      "index \(shown) is outside \(what), which has \(count) "
        + (count == 1 ? "element" : "elements"), help: help, rewrites: rewrites)
  }

  /// The positions a slice stands for. An end past the length is an error.
  public static func positions(_ slice: RangeValue, count: Int, of what: String) throws -> [Int] {
    func bound(_ value: Double?, _ isFromEnd: Bool, _ initial: Int) throws -> Int {
      guard let value else { return initial }
      guard let whole = Value(value).integer else {
        throw Failure(
          "wrong-index", "the ends of a slice are whole numbers, not \(value.maasText)",
          help: "`//` divides to a whole number")
      }
      let position = isFromEnd ? count - whole : whole
      guard position >= 0, position <= count else {
        throw Failure(
          "index-out-of-range",
          "a slice end of \(isFromEnd ? -whole : whole) is outside \(what), which has \(count) "
            + (count == 1 ? "element" : "elements"),
          help: "take and drop stop at the end: take(xs, n)")
      }
      return position
    }
    let step = slice.step.flatMap { Value($0).integer } ?? 1
    guard step != 0, slice.step == nil || Value(slice.step ?? 1).integer != nil else {
      throw Failure("wrong-index", "the step of a slice is a whole number other than 0")
    }
    let lower = try bound(slice.lower, slice.isLowerFromEnd, step > 0 ? 0 : count - 1)
    var upper = try bound(slice.upper, slice.isUpperFromEnd, step > 0 ? count : -1)
    if slice.isClosed {
      upper += step > 0 ? 1 : -1
      guard upper <= count else {
        throw Failure(
          "index-out-of-range",
          "a slice end of \(upper - 1) is outside \(what), which has "
            + "\(count) elements", help: "..= includes its end; .. does not")
      }
    }
    guard step > 0 || lower < count else {
      if lower <= upper || slice.lower == nil { return [] }
      throw Failure(
        "index-out-of-range",
        "a slice that counts down from \(lower) starts outside \(what), which has \(count) "
          + (count == 1 ? "element" : "elements"), help: "the last index is \(count - 1)")
    }
    return Array(stride(from: lower, to: upper, by: step))
  }

  // MARK: Fields

  @inline(never)
  func field(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int
  ) -> Bool {
    let container = base[i.b]
    return finish(i, base, locals, keyRegister: nil) {
      try field(of: container, constants[i.immediate])
    }
  }

  /// `container.name`, owned; nil where there is no such part.
  func fieldValue(of container: Value, _ name: Value) throws -> Value? {
    if container.isRecord {
      let position = RecordObject.find(container.recordObject, name)
      return position >= 0 ? container.fieldValues[position].retained : nil
    }
    return try container.native?.field(name.string ?? "")
  }

  func field(of container: Value, _ name: Value) throws -> Value {
    if let value = try fieldValue(of: container, name) { return value }
    let text = name.string ?? ""
    let ours = host.isBuiltin(text) ? text : container.isRecord ? nil : ForeignMethods.ours[text]
    if let ours { throw habit(text, ours, container) }
    if container.isRecord { throw missingKey(container, name) }
    let names = container.native?.fieldNames ?? []
    let near = nearNames(to: text, among: names)
    var help: String?
    var rewrites: [Diagnostic.Rewrite] = []
    if let first = near.first {
      help = "did you mean `.\(first)`?"
      rewrites = [.name(text, with: first)]
    } else if !names.isEmpty {
      help = "it has " + names.map { ".\($0)" }.joined(separator: ", ")
    } else {
      help = "fields are those of records, tables and the like: (a: 1).a"
    }
    throw Failure(
      "no-field", "\(container.typeDescription) has no `.\(text)`", help: help, rewrites: rewrites)
  }

  /// `xs.append(1)`, as other languages write it.
  private func habit(_ name: String, _ ours: String, _ container: Value) -> Failure {
    Failure(
      "no-field", "\(container.typeDescription) has no `.\(name)`; `\(ours)` is a function",
      help: "functions stand in front: \(ours)(x, …) or x |> \(ours)(…)",
      rewrites: [.function(ours)])
  }
}
