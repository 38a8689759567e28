import MaasTensors
import MaasVM

extension Builtins {
  /// Random numbers: the same in every run, unless the seed says otherwise.
  static let random: [Builtin] = [randomRecord, seed] + draws

  /// `random`, whose fields are the functions below.
  private static let randomRecord = Builtin(
    constant: "random",
    """
    The functions of random numbers: uniform, normal, integer, choice, shuffle. The same script draws the same numbers in every run; `seed` chooses others.

        random.integer(1..=6) in 1..=6     # => true
    """
  ) {
    var fields: [(String, [Builtin])] = []
    for builtin in draws {
      if fields.last?.0 == builtin.shortName {
        fields[fields.count - 1].1.append(builtin)
      } else {
        fields.append((builtin.shortName, [builtin]))
      }
    }
    return Value(fields: fields.map { ($0.0, Value($0.1.function)) })
  }

  private static let seed = Builtin(
    "seed(n: number = nil, random: bool = false) -> number",
    """
    Restarts the random numbers from a seed; `random: true` asks the system for one and prints it. Gives the seed in force, which is 0 at the start; `split` and `fit` take it where they are given none.

        seed(42)
        a = random.uniform()
        seed(42)
        random.uniform() == a      # => true
    """, isPure: false
  ) { call in
    if call.bool("random", or: false) {
      if call.has("n") {
        throw Failure(
          "wrong-value", "`seed` takes a number or `random: true`, and here are both")
      }
      var system = SystemRandomNumberGenerator()
      let seed = UInt64(UInt32(truncatingIfNeeded: system.next()))
      call.random.restart(seed: seed)
      call.surroundings.note("seed(\(seed)) draws these numbers again")
    } else if call.has("n") {
      call.random.restart(seed: try call.seed("n"))
    }
    return Value(Double(call.random.seed))
  }

  private static let draws: [Builtin] = numbers + integers + elements

  private static let numbers: [Builtin] = [
    Builtin(
      "random.uniform(low: number = 0, high: number = 1, shape: list = nil)",
      """
      A number between two others, the lower one included, each as likely; with a shape, a tensor of them.

          0 <= random.uniform() < 1              # => true
          random.uniform(-1, 1, shape: [2, 3]).shape     # => [2, 3]
      """, isPure: false
    ) { call in
      let (low, high) = (call.number("low", or: 0), call.number("high", or: 1))
      guard low <= high, (high - low).isFinite else {
        throw Failure(
          "wrong-value",
          "`random.uniform` needs `low` at most `high`, and they are \(Value(low).display(quoted: true))"
            + " and \(Value(high).display(quoted: true))")
      }
      if let tape = Tape.current, tape.isOfLayer {
        return try call.drawnLater(.uniformDraw, times: high - low, plus: low, tape)
      }
      return try call.drawn { low + (high - low) * $0.uniform() }
    },
    Builtin(
      "random.normal(mean: number = 0, deviation: number = 1, shape: list = nil)",
      """
      A number of the normal distribution; with a shape, a tensor of them.

          random.normal(shape: [3]).shape        # => [3]
          abs(mean(random.normal(10, 2, shape: [1000])) - 10) < 0.5      # => true
      """, isPure: false
    ) { call in
      let (mean, deviation) = (call.number("mean", or: 0), call.number("deviation", or: 1))
      guard deviation >= 0, deviation.isFinite, mean.isFinite else {
        throw Failure(
          "wrong-value",
          "`random.normal` needs a finite mean and a deviation of at least 0, not "
            + "\(Value(mean).display(quoted: true)) and \(Value(deviation).display(quoted: true))")
      }
      if let tape = Tape.current, tape.isOfLayer {
        return try call.drawnLater(.normalDraw, times: deviation, plus: mean, tape)
      }
      return try call.drawn { mean + deviation * $0.normal() }
    },
  ]

  private static let integers: [Builtin] = [
    Builtin(
      "random.integer(range: range, shape: list = nil)",
      """
      A whole number of a range, each as likely; with a shape, a tensor of them.

          random.integer(1..=6) in 1..=6         # => true
          random.integer(0..2, shape: [4]).dtype # => "i32"
      """, isPure: false
    ) { call in
      guard let range = call[0].range, let lower = range.lower, range.upper != nil else {
        throw Failure(
          "wrong-range", "`random.integer` needs a range with both ends, such as 1..=6")
      }
      let step = range.step ?? 1
      guard Value(lower).integer != nil, Value(step).integer != nil else {
        throw Failure(
          "wrong-range", "`random.integer` needs a range of whole numbers, not \(call.shown(0))",
          help: "random.uniform(low, high) gives any number")
      }
      return try call.drawnInteger(from: lower, step: step, count: range.count)
    },
    Builtin(
      "random.integer(limit: number, shape: list = nil)",
      """
      A whole number from 0 up to, not including, a limit, each as likely.

          random.integer(10) in 0..10            # => true
      """, isPure: false
    ) { call in
      try call.drawnInteger(from: 0, step: 1, count: call.int("limit", in: 1...(1 << 53)))
    },
  ]

  private static let elements: [Builtin] = [
    Builtin(
      "random.choice(xs, n: number = nil)",
      """
      One of the elements, each as likely; with `n`, a list of so many, none of them twice.

          random.choice(["a", "b"]) in ["a", "b"]        # => true
          sort(random.choice(0..3, n: 3))        # => [0, 1, 2]
      """, isPure: false
    ) { call in
      try call.checkDrawsNow()
      let count = try call.count(of: 0)
      guard call.has("n") else {
        guard count > 0 else {
          throw Failure(
            "empty", "`random.choice` of no elements has nothing to choose",
            help: "check the length first: if length(xs) > 0 { … }")
        }
        return try call.vm.element(of: call[0], at: call.random.integer(below: count))
      }
      let wanted = try call.int("n", in: 0...Int.max)
      guard wanted <= count else {
        throw Failure(
          "wrong-value", "`random.choice` cannot choose \(wanted) of \(count) elements",
          help: "to choose with repetition: map(0..\(wanted), i -> random.choice(xs))")
      }
      try call.checkListSize(wanted)
      var chosen = ListBuilder(reserving: wanted)
      for position in call.random.sample(wanted, below: count) {
        chosen.append(try call.vm.element(of: call[0], at: position))
      }
      return chosen.list()
    },
    Builtin(
      "random.shuffle(xs: list | range | string | tensor | column | table | dataset)",
      """
      The elements, characters or rows in random order.

          sort(random.shuffle([3, 1, 2]))        # => [1, 2, 3]
      """, isPure: false
    ) { call in
      try call.checkDrawsNow()
      let count = try call.count(of: 0)
      try call.checkListSize(count)
      let order = call.random.sample(count, below: count)
      if call[0].isList { return Value(list: order.map { call[0].items[$0].retained }) }
      if call[0].native != nil {
        let rows = Value(numbers: order)
        defer { rows.release() }
        return try call.vm.element(of: call[0], [IndexKey(rows)])
      }
      var shuffled = ListBuilder(reserving: count)
      for position in order { shuffled.append(try call.vm.element(of: call[0], at: position)) }
      let list = shuffled.list()
      guard call[0].isString else { return list }
      defer { list.release() }
      return Value(list.items.map { $0.string ?? "" }.joined())
    },
  ]
}

extension NativeCall {
  /// An argument as it is written, for messages.
  func shown(_ position: Int) -> String { self[position].display(quoted: true) }

  /// How many elements an argument has.
  /// - Throws: `not-iterable`.
  func count(of position: Int) throws -> Int {
    if let count = vm.elementCount(of: self[position]) { return count }
    throw Failure(
      "not-iterable", "\(self[position].typeDescription) has no elements to go through",
      help: self[position].isNumber ? "a range has: 0..n" : nil)
  }

  /// - Throws: `too-large` for more elements than a list is made of.
  fileprivate func checkListSize(_ count: Int) throws {
    guard count > VM.elementLimit else { return }
    throw Failure(
      "too-large",
      "`\(function.name)` would make a list of \(count) elements, and it has at most "
        + "\(VM.elementLimit)")
  }

  /// A number, or a tensor of the argument `shape` with one draw for each element.
  fileprivate func drawn(_ draw: (RandomSource) -> Double) throws -> Value {
    guard has("shape"), !self["shape"].isNil else { return Value(draw(random)) }
    var tensor = try Tensor(zeros: shape())
    let source = random
    try tensor.withMutableFloats { numbers in
      for position in numbers.indices {
        if position & 0xFFFF == 0xFFFF { try pollInterrupt() }
        numbers[position] = Float(draw(source))
      }
    }
    return Value(tensor)
  }

  /// In the function of a layer: a draw of each step.
  fileprivate func drawnLater(
    _ op: Op, times factor: Double, plus shift: Double, _ tape: Tape
  ) throws -> Value {
    let shape = has("shape") && !self["shape"].isNil ? try shape() : []
    let scaled = try Op.mul(tape.draw(op, shape), Tensor(factor))
    return Value(try Op.add(scaled, Tensor(shift)))
  }

  /// - Throws: `depends-on-data` in the function of a layer, where positions would be drawn once.
  fileprivate func checkDrawsNow() throws {
    guard let tape = Tape.current, tape.isOfLayer else { return }
    throw Failure(
      "depends-on-data",
      "\(tape.subject) is traced before there is data, and `\(function.name)` would be drawn once for all steps",
      help: "random.uniform and random.normal are drawn anew each step: "
        + "where(random.uniform(shape: x.shape) < 0.5, a, b)")
  }

  fileprivate func drawnInteger(from lower: Double, step: Double, count: Int) throws -> Value {
    try checkDrawsNow()
    guard count > 0 else {
      throw Failure(
        "empty", "`random.integer` of an empty range has nothing to choose",
        help: "start..end leaves its end out: 0..6 goes from 0 to 5")
    }
    let last = lower + Double(count - 1) * step
    let source = random
    guard has("shape"), !self["shape"].isNil else {
      return Value(lower + Double(source.integer(below: count)) * step)
    }
    guard Int32(exactly: lower) != nil, Int32(exactly: last) != nil else {
      throw Failure("not-exact", "a tensor of i32 holds whole numbers of 32 bits")
    }
    var tensor = try Tensor(zeros: shape(), dtype: .i32)
    try tensor.withMutable(Int32.self) { numbers in
      for position in numbers.indices {
        if position & 0xFFFF == 0xFFFF { try pollInterrupt() }
        numbers[position] = Int32(lower + Double(source.integer(below: count)) * step)
      }
    }
    return Value(tensor)
  }

  /// The argument `shape`: a list of sizes.
  private func shape() throws -> Shape {
    let sizes = try self["shape"].items.map { item in
      guard let size = item.integer, item.isNumber, size >= 0 else {
        throw Failure(
          "wrong-value",
          "a shape is a list of whole numbers, and here is \(item.display(quoted: true))")
      }
      return size
    }
    return try Shape(checking: sizes)
  }
}
