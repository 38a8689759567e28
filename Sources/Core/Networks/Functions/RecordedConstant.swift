import MaasTensors

/// A tensor that a function was followed with, for blocks of any number of rows.
struct RecordedConstant: Sendable {
  let dtype: DType
  /// One a size.
  let shape: [RowCount]
  let content: Content

  enum Content: Sendable {
    /// The same whatever the rows are.
    case given(Tensor)
    /// One number everywhere.
    case filled(Amount)
    /// 0, 1, 2, …, from a first number on.
    case counted(from: Int)
    /// 1 where row and column are the same, else 0.
    case diagonal
  }

  /// A number that may depend on the rows of a block.
  enum Amount: Sendable {
    case times(Double, RowCount)
    case over(Double, RowCount)

    func value(rows: Int) -> Double? {
      switch self {
      case .times(let factor, let count): count.value(rows: rows).map { factor * Double($0) }
      case .over(let number, let count): count.value(rows: rows).map { number / Double($0) }
      }
    }
  }

  /// The constant that is each of the tensors in a block of that many rows; nil where none is.
  init?(_ tensors: [Tensor], rows: [Int]) {
    guard let first = tensors.first,
      tensors.allSatisfy({ $0.dtype == first.dtype && $0.shape.rank == first.shape.rank })
    else { return nil }
    dtype = first.dtype
    var shape: [RowCount] = []
    for axis in 0..<first.shape.rank {
      guard let size = RowCount(tensors.map { $0.shape[axis] }, rows: rows) else { return nil }
      shape.append(size)
    }
    self.shape = shape
    if tensors.allSatisfy({ $0.shape == first.shape && $0.hasBits(of: first) }) {
      content = .given(first)
      return
    }
    let rules = Content.candidates(tensors, rows: rows)
    let found = rules.first { rule in
      zip(tensors, rows).allSatisfy { tensor, rows in
        (try? Self(first.dtype, shape, rule).tensor(rows: rows))?.hasBits(of: tensor) ?? false
      }
    }
    guard let found else { return nil }
    content = found
  }

  init(_ dtype: DType, _ shape: [RowCount], _ content: Content) {
    (self.dtype, self.shape, self.content) = (dtype, shape, content)
  }

  /// The tensor in a block of so many rows.
  /// - Throws: `bad-model`, `too-large`.
  func tensor(rows: Int) throws -> Tensor {
    if case .given(let tensor) = content { return tensor }
    let sizes = shape.compactMap { $0.value(rows: rows) }
    guard sizes.count == shape.count else {
      throw RecordedFunction.bad("a constant is larger than any tensor")
    }
    let target = try Shape(checking: sizes)
    switch content {
    case .given(let tensor): return tensor
    case .filled(let amount):
      guard let value = amount.value(rows: rows) else {
        throw RecordedFunction.bad("a number is too large")
      }
      return try Tensor(repeating: value, shape: target).converted(to: dtype)
    case .counted(let start):
      let type: DType = dtype == .f32 ? .f32 : .i32
      _ = try Tensor(uninitialized: target, dtype: .f64)
      return Tensor((0..<target.count).map { Double(start + $0) }, shape: target)
        .converted(to: type)
    case .diagonal:
      var tensor = try Tensor(zeros: target)
      let width = target.sizes.last ?? 1
      tensor.withMutableFloats { numbers in
        for row in 0..<min(width, target.rank == 2 ? target[0] : 0) {
          numbers[row * (width + 1)] = 1
        }
      }
      return tensor.converted(to: dtype)
    }
  }
}

extension RecordedConstant.Content {
  /// What a constant that differs between blocks may be.
  fileprivate static func candidates(_ tensors: [Tensor], rows: [Int]) -> [Self] {
    guard let first = tensors.first, first.count > 0 else { return [.diagonal] }
    let value = first.element(at: 0)
    var candidates: [Self] = []
    if tensors.allSatisfy({ $0.element(at: 0) == value }) {
      candidates.append(.filled(.times(value, RowCount(1))))
    }
    if let whole = Int(exactly: value), whole.magnitude <= RowCount.limit {
      candidates.append(.counted(from: whole))
    }
    candidates.append(.diagonal)
    for offset in -2...2 {
      let count = RowCount(offset, perRow: 1)
      let now = Double(rows[0] + offset)
      for number in [Double(Float(value / now)), value / now] {
        candidates.append(.filled(.times(number, count)))
      }
      for number in [Double(Float(value * now)), value * now] {
        candidates.append(.filled(.over(number, count)))
      }
    }
    let wholes = tensors.compactMap { Int(exactly: $0.element(at: 0)) }
    if wholes.count == tensors.count, let count = RowCount(wholes, rows: rows) {
      candidates.append(.filled(.times(1, count)))
    }
    return candidates
  }
}

extension Tensor {
  fileprivate func hasBits(of other: Tensor) -> Bool {
    guard dtype == other.dtype, shape == other.shape else { return false }
    return withBytes { left in other.withBytes { right in left.elementsEqual(right) } }
  }
}

// MARK: Text

extension RecordedConstant: CustomStringConvertible {
  /// `f32 [2] 0.5 1`, `f32 [n,3] all 1/n`, `i32 [n] from 0`, `f32 [n,n] diagonal`.
  var description: String {
    let sizes = shape.map(\.description).joined(separator: ",")
    return "\(dtype) [\(sizes)] \(content)"
  }

  /// - Parameter words: of the description.
  /// - Throws: `bad-model`, `too-large`.
  init(_ words: ArraySlice<Substring>) throws {
    let bad = RecordedFunction.bad("'constant \(words.prefix(8).joined(separator: " "))' is none")
    guard words.count >= 2, let type = words.first,
      let dtype = DType.allCases.first(where: { $0.name == type }), dtype != .f64,
      let shape = RecordedFunction.sizes(words[words.startIndex + 1])
    else { throw bad }
    let rest = words.dropFirst(2)
    switch (rest.first, rest.count) {
    case ("all"?, 2):
      guard let amount = Amount(rest.last ?? "") else { throw bad }
      self.init(dtype, shape, .filled(amount))
    case ("from"?, 2):
      guard let start = rest.last.flatMap({ Int($0) }), start.magnitude <= RowCount.limit,
        dtype == .f32 || dtype == .i32
      else { throw bad }
      self.init(dtype, shape, .counted(from: start))
    case ("diagonal"?, 1): self.init(dtype, shape, .diagonal)
    default:
      let sizes = shape.compactMap { $0.perRow == 0 ? $0.plus : nil }
      let numbers = rest.compactMap { Double(String($0)) }
      guard sizes.count == shape.count, numbers.count == rest.count else { throw bad }
      let target = try Shape(checking: sizes)
      guard target.count == numbers.count else { throw bad }
      self.init(
        dtype, shape, .given(Tensor(numbers, shape: target).converted(to: dtype)))
    }
  }
}

extension RecordedConstant.Content: CustomStringConvertible {
  var description: String {
    switch self {
    case .given(let tensor): tensor.numbersText
    case .filled(let amount): "all \(amount)"
    case .counted(let start): "from \(start)"
    case .diagonal: "diagonal"
    }
  }
}

extension RecordedConstant.Amount: CustomStringConvertible {
  var description: String {
    switch self {
    case .times(let factor, let count): "\(factor)*\(count)"
    case .over(let number, let count): "\(number)/\(count)"
    }
  }

  fileprivate init?(_ text: Substring) {
    guard let split = text.firstIndex(where: { $0 == "*" || $0 == "/" }),
      let number = Double(String(text[..<split])),
      let count = RowCount(text[text.index(after: split)...])
    else { return nil }
    self = text[split] == "*" ? .times(number, count) : .over(number, count)
  }
}

extension Tensor {
  /// All numbers, each as the shortest text that gives it back.
  var numbersText: String {
    if dtype == .f32 {
      return withFloats { $0.lazy.map { $0.isNaN ? "nan" : "\($0)" }.joined(separator: " ") }
    }
    return doubles().map { "\(Int($0))" }.joined(separator: " ")
  }
}
