import MaasTensors

/// How one of the attributes of ops is written down and read back; the table is all there are.
struct AttributeRule: Sendable {
  enum Form: Sendable { case counts, decimal, word }

  let key: String
  let form: Form
  /// Nil where the attribute is as it is initially.
  let write: @Sendable (Attributes) -> RecordedWord.Value?
  let read: @Sendable (inout Attributes, RecordedWord, _ rows: Int) throws(CoreError) -> Void

  static let all: [AttributeRule] =
    lists + numbers + decimals + [flag("keep", \.keepsAxes), flag("down", \.descends)]
    + [
      flag("left", \.transposesLeft), flag("right", \.transposesRight), flag("causal", \.isCausal),
      activation, selection, window,
    ]

  private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

  static func named(_ key: String) -> AttributeRule? { byKey[key] }

  private static let lists: [AttributeRule] = [
    AttributeRule(key: "axes", form: .counts) { attributes in
      attributes.axes.map { .list($0) }
    } read: { attributes, word, rows throws(CoreError) in
      attributes.axes = try word.list(-32...31, rows)
    },
    AttributeRule(key: "shape", form: .counts) { attributes in
      attributes.shape.map { .list($0.sizes) }
    } read: { attributes, word, rows throws(CoreError) in
      attributes.shape = try Shape(checking: word.list(0...RowCount.limit, rows))
    },
    AttributeRule(key: "slices", form: .counts) { attributes in
      attributes.slices.isEmpty
        ? nil : .lists(attributes.slices.map { [$0.start, $0.count, $0.step] })
    } read: { attributes, word, rows throws(CoreError) in
      var slices: [Slice] = []
      for numbers in try word.numbers(rows: rows) { slices.append(try word.slice(numbers)) }
      attributes.slices = slices
    },
    AttributeRule(key: "positions", form: .counts) { attributes in
      attributes.positions.isEmpty ? nil : .list(attributes.positions)
    } read: { attributes, word, rows throws(CoreError) in
      attributes.positions = try word.list(0...RowCount.limit, rows)
    },
  ]

  private static let numbers: [AttributeRule] = [
    number("count", \.count, 0...RowCount.limit), number("heads", \.heads, 1...1 << 16),
  ]

  private static let decimals: [AttributeRule] = [
    decimal("low", \.low), decimal("high", \.high), decimal("rate", \.rate),
    decimal("epsilon", \.epsilon), decimal("slope", \.slope),
  ]

  private static func number(
    _ key: String, _ path: WritableKeyPath<AttributeValues, Int> & Sendable,
    _ range: ClosedRange<Int>
  ) -> AttributeRule {
    AttributeRule(key: key, form: .counts) { attributes in
      let number = attributes[dynamicMember: path]
      return number == Attributes.none[dynamicMember: path] ? nil : .list([number])
    } read: { attributes, word, rows throws(CoreError) in
      attributes[dynamicMember: path] = try word.only(range, rows)
    }
  }

  private static func flag(
    _ key: String, _ path: WritableKeyPath<AttributeValues, Bool> & Sendable
  ) -> AttributeRule {
    AttributeRule(key: key, form: .counts) { attributes in
      attributes[dynamicMember: path] ? .list([1]) : nil
    } read: { attributes, word, rows throws(CoreError) in
      attributes[dynamicMember: path] = try word.only(1...1, rows) == 1
    }
  }

  private static func decimal(
    _ key: String, _ path: WritableKeyPath<AttributeValues, Double> & Sendable
  ) -> AttributeRule {
    AttributeRule(key: key, form: .decimal) { attributes in
      let number = attributes[dynamicMember: path]
      return number == Attributes.none[dynamicMember: path] ? nil : .decimal(number)
    } read: { attributes, word, _ throws(CoreError) in
      guard case .decimal(let number) = word.value else { throw word.bad }
      attributes[dynamicMember: path] = number
    }
  }

  private static let activation = AttributeRule(key: "activation", form: .word) { attributes in
    attributes.activation == .identity ? nil : .word(attributes.activation.rawValue)
  } read: { attributes, word, _ throws(CoreError) in
    guard case .word(let name) = word.value, let activation = Activation(rawValue: name) else {
      throw word.bad
    }
    attributes.activation = activation
  }

  /// The sizes of the whole and of the part, then for each axis 0, start, count and step, or 1 and
  /// the positions.
  private static let selection = AttributeRule(key: "part", form: .counts) { attributes in
    guard let selection = attributes.selection else { return nil }
    return .lists(
      [selection.whole.sizes, selection.shape.sizes]
        + selection.axes.map { axis in
          switch axis {
          case .steps(let slice): [0, slice.start, slice.count, slice.step]
          case .list(let positions): [1] + positions
          }
        })
  } read: { attributes, word, rows throws(CoreError) in
    let lists = try word.numbers(rows: rows)
    guard lists.count >= 2 else { throw word.bad }
    var axes: [Selection.Axis] = []
    for list in lists.dropFirst(2) {
      switch list.first {
      case 0?: axes.append(.steps(try word.slice(Array(list.dropFirst()))))
      case 1?: axes.append(.list(Array(list.dropFirst())))
      default: throw word.bad
      }
    }
    attributes.selection = try Selection(
      axes, of: Shape(checking: lists[0]), shape: Shape(checking: lists[1]))
  }

  /// Size, stride, before, after and dilation, two numbers each, and the groups.
  private static let window = AttributeRule(key: "window", form: .counts) { attributes in
    attributes.window.map {
      .list($0.size + $0.stride + $0.before + $0.after + $0.dilation + [$0.groups])
    }
  } read: { attributes, word, rows throws(CoreError) in
    let numbers = try word.list(0...1 << 16, rows)
    guard numbers.count == 11, numbers[8...].allSatisfy({ $0 > 0 }),
      numbers[..<4].allSatisfy({ $0 > 0 })
    else { throw word.bad }
    var window = Window()
    window.size = Array(numbers[0..<2])
    window.stride = Array(numbers[2..<4])
    window.before = Array(numbers[4..<6])
    window.after = Array(numbers[6..<8])
    window.dilation = Array(numbers[8..<10])
    window.groups = numbers[10]
    attributes.window = window
  }
}

extension RecordedWord.Value {
  fileprivate static func list(_ numbers: [Int]) -> RecordedWord.Value { .lists([numbers]) }

  fileprivate static func lists(_ numbers: [[Int]]) -> RecordedWord.Value {
    .counts(numbers.map { $0.map { RowCount($0) } })
  }
}

extension RecordedWord {
  fileprivate var bad: CoreError { RecordedFunction.bad("'\(self)' says nothing") }

  fileprivate func list(_ range: ClosedRange<Int>, _ rows: Int) throws(CoreError) -> [Int] {
    let lists = try numbers(rows: rows)
    guard lists.count == 1, lists[0].allSatisfy({ range.contains($0) }) else { throw bad }
    return lists[0]
  }

  fileprivate func only(_ range: ClosedRange<Int>, _ rows: Int) throws(CoreError) -> Int {
    let numbers = try list(range, rows)
    guard numbers.count == 1 else { throw bad }
    return numbers[0]
  }

  fileprivate func slice(_ numbers: [Int]) throws(CoreError) -> Slice {
    guard numbers.count == 3, numbers[1] >= 0 else { throw bad }
    return Slice(start: numbers[0], count: numbers[1], step: numbers[2])
  }
}
