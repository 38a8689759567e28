import Glibc
import MaasSyntax
import MaasVM

extension Builtins {
  /// Functions about functions, and what explains them.
  static let functions: [Builtin] = [
    Builtin(
      "memoize(f: function) -> function",
      """
      A version of a function that keeps its results and gives them again for equal arguments.

          square = memoize(x -> {
            print("working")
            x^2
          })
          square(3)              # prints: working
          square(3)              # => 9
      """
    ) { call in Value(Memo(call[0].retained).function) },
    Builtin(
      "map_leaves(f: function, x, ...others)",
      """
      Lists and records of the same structure with `f` applied to what they hold: numbers, tensors, whatever is neither list nor record.

          map_leaves(x -> x * 2, (a: 1, b: [2, 3]))              # => (a: 2, b: [4, 6])
          map_leaves((p, d) -> p - d, [1, (b: 5)], [1, (b: 2)])  # => [0, (b: 3)]
      """
    ) { call in
      var leaves = LeafMapper(call: call[0], vm: call.vm)
      return try leaves.map([call[1]] + call[2].items)
    },
    Builtin(
      "parallel_map(f: function, xs, workers: number = nil) -> list",
      """
      The results of calling `f` with each element, on several threads: as many as there are processors, or `workers`. The results do not depend on how many, nor do random numbers and the order of what is printed. `f` works on copies, and sees the globals as they are now.

          parallel_map(x -> x^2, 0..4)                           # => [0, 1, 4, 9]
          parallel_map(x -> random.uniform(), 0..9) == parallel_map(x -> random.uniform(), 0..9, workers: 1)    # => false
      """, isPure: false
    ) { call in try call.parallelMap(call[1], call[0]) },
    Builtin(
      "parallel_map(xs: list | range | string | record | tensor | column | table | dataset, f: function, workers: number = nil) -> list",
      """
      As above, for a pipeline.

          [1, 2] |> parallel_map(x -> x + 1)                     # => [2, 3]
      """, isPure: false
    ) { call in try call.parallelMap(call[0], call[1]) },
    Builtin(
      "help(x = nil)",
      """
      Prints what a function or the name of a builtin does; without an argument, all names.

          help("abs")            # prints: abs(x: number | tensor | column)
      """, isPure: false
    ) { call in
      guard let library = call.vm.host as? Library else { return .nothing }
      call.surroundings.print(try library.help(for: call[0]))
      return .nothing
    },
  ]
}

extension NativeCall {
  fileprivate func parallelMap(_ xs: Value, _ function: Value) throws -> Value {
    let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let workers = try int("workers", or: processors, in: 1...256)
    guard let library = vm.host as? Library else { return .nil }
    if xs.isList { return try ParallelMap(vm, library, function, xs.items).run(workers: workers) }
    var elements = ListBuilder()
    try forEach(xs) { elements.append($0.retained) }
    let list = elements.list()
    defer { list.release() }
    return try ParallelMap(vm, library, function, list.items).run(workers: workers)
  }
}

extension Library {
  /// The text that `help` prints.
  /// - Throws: `unknown-name`.
  fileprivate func help(for value: Value) throws -> String {
    if value.bits == Value.absent.bits || value.isNil {
      let names = Set(Library.builtins.map(\.name)).sorted().joined(separator: " ")
      return names + "\n\nhelp(name) explains one.\n"
    }
    if let described = value.documentation {
      return "\(described.signature)\n\n\(described.text)\n"
    }
    guard let name = value.nativeFunction?.name ?? value.string else {
      return "\(value.typeDescription): \(value.display(quoted: true))\n"
    }
    let pages = declarations(name).map { "\($0.signature)\n\n\($0.documentation)\n" }
    if !pages.isEmpty { return pages.joined(separator: "\n") }
    let near = nearNames(to: name, among: builtinNames).first
    throw Failure(
      "unknown-name", "there is no builtin \(Value.quote(name))",
      help: near.map { "did you mean \($0)?" } ?? "help() lists all names",
      rewrites: near.map { [.word(name, with: $0)] } ?? [])
  }
}

/// The results of a function by its arguments. Belongs to one VM, hence to one thread at a time.
private final class Memo: @unchecked Sendable {
  private enum Key: Hashable {
    case plain(ValueKey)
    case digest(String)
  }
  private let called: Value
  private var results: [Key: Value] = [:]

  /// Takes over one owner of the function.
  init(_ called: Value) { self.called = called }

  deinit {
    called.release()
    for value in results.values { value.release() }
  }

  /// The function that remembers.
  var function: NativeFunction {
    let name = called.nativeFunction?.name ?? called.documentation?.signature ?? ""
    let memo = NativeFunction(
      name: "memoized",
      parameters: [
        NativeFunction.Parameter(
          name: "arguments", types: .any, isOptional: false, isRest: true)
      ], signature: "memoized \(name)",
      copyForVM: { Value(Memo(try $0.copy(self.called)).function) },
      body: { call in try self.result(call) })
    return memo
  }

  private func result(_ call: borrowing NativeCall) throws -> Value {
    let arguments = call[0]
    // What a gradient follows belongs to its tape.
    if arguments.isTraced { return try call.vm.call(called, Array(arguments.items)) }
    let key: Key
    if arguments.items.count == 1, let plain = ValueKey(arguments.items[0]) {
      key = .plain(plain)
    } else {
      key = .digest(try ContentHash.hex(of: arguments, in: call.vm))
    }
    if let known = results[key] { return known.retained }
    let value = try call.vm.call(called, Array(arguments.items))
    // The function may have called itself with the same arguments meanwhile.
    results.updateValue(value.retained, forKey: key)?.release()
    return value
  }
}

/// Goes through values of one structure side by side.
private struct LeafMapper {
  private static let depthLimit = 500
  let call: Value
  let vm: VM
  private var path: [String] = []

  init(call: Value, vm: VM) {
    self.call = call
    self.vm = vm
  }

  /// - Throws: `structure-mismatch` with the path, `too-nested`, what the function throws.
  mutating func map(_ values: [Value]) throws -> Value {
    guard path.count < LeafMapper.depthLimit else {
      throw Failure(
        "too-nested",
        "`map_leaves` goes into lists and records that nest at most \(LeafMapper.depthLimit) deep",
        help: "keep what belongs together in one list: append(xs, x), not [xs, x]")
    }
    let first = values[0]
    guard first.isList || first.isRecord else {
      if let other = values.first(where: { $0.isList || $0.isRecord }) {
        throw mismatch(first.typeDescription, other.typeDescription)
      }
      return try vm.call(call, values)
    }
    for other in values.dropFirst() { try check(first, other) }
    if first.isList {
      var items = ListBuilder(reserving: first.items.count)
      for position in first.items.indices {
        items.append(try part("[\(position)]", values.map { $0.items[position] }))
      }
      return items.list()
    }
    let keys = first.keys
    var results = ListBuilder(reserving: keys.count)
    for (position, key) in keys.enumerated() {
      let parts = try values.dropFirst().map { try vm.element(of: $0, [IndexKey(key)]) }
      defer { for part in parts { part.release() } }
      let name = ".\(key.display(quoted: false))"
      results.append(try part(name, [first.fieldValues[position]] + parts))
    }
    let list = results.list()
    defer { list.release() }
    return Value(
      record: zip(keys, list.items).map { (key: $0.retained, value: $1.retained) })
  }

  private mutating func part(_ step: String, _ values: [Value]) throws -> Value {
    path.append(step)
    let value = try map(values)
    path.removeLast()
    return value
  }

  private func check(_ first: Value, _ other: Value) throws {
    if first.isList {
      guard other.isList else { throw mismatch("a list", other.typeDescription) }
      if first.items.count != other.items.count {
        throw mismatch("\(first.items.count) elements", "\(other.items.count)")
      }
      return
    }
    guard other.isRecord else { throw mismatch("a record", other.typeDescription) }
    for key in first.keys where !(try vm.comparison(.contains, key, other).bool ?? false) {
      throw mismatch("the key \(key.display(quoted: true))", "no such key")
    }
    if first.keys.count != other.keys.count {
      throw mismatch("\(first.keys.count) keys", "\(other.keys.count)")
    }
  }

  private func mismatch(_ one: String, _ other: String) -> Failure {
    let place = path.isEmpty ? "at the top" : "at \(path.joined())"
    return Failure(
      "structure-mismatch",
      "`map_leaves` takes values of one structure, and \(place) one has \(one), another \(other)",
      help: "give all the same keys, lengths and shapes")
  }
}
