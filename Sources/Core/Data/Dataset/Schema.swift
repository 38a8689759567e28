import MaasTensors

/// What turns raw rows into the numbers a network sees. Learned from the training data and kept in
/// the model: the only copy of the preprocessing.
public struct Schema: Hashable, Sendable {
  /// How a column becomes numbers.
  public enum Kind: Hashable, Sendable {
    /// As it is.
    case number
    /// A bool: 0 or 1.
    case flag
    /// One of these texts, in the order of code points: a 1 in its place among zeros.
    case category([String])
  }

  /// One column of the training data.
  public struct Field: Hashable, Sendable {
    public var name: String
    public var kind: Kind

    public init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }

    /// The numbers this column becomes: 1, or one for each category.
    public var width: Int {
      if case .category(let categories) = kind { return categories.count }
      return 1
    }
  }

  /// Where rows come from: named columns of a table, or slices of a tensor of this shape.
  public enum Form: Hashable, Sendable {
    case fields([Field])
    case tensor(Shape)
  }

  public let form: Form

  /// The shape of one encoded row: `[width]`, or the shape of a tensor's slice.
  public let rowShape: Shape

  public init(_ form: Form) {
    self.form = form
    switch form {
    case .fields(let fields): rowShape = [fields.reduce(0) { $0 + $1.width }]
    case .tensor(let shape): rowShape = shape
    }
  }

  /// The numbers in one encoded row.
  public var width: Int { rowShape.count }

  /// The columns, empty where rows are slices of a tensor.
  public var fields: [Field] {
    if case .fields(let fields) = form { return fields }
    return []
  }

  /// The columns, and where each lies in an encoded row; empty where rows are slices of a tensor.
  public var columns: [(name: String, places: Range<Int>)] {
    var end = 0
    return fields.map { field in
      end += field.width
      return (field.name, end - field.width..<end)
    }
  }

  /// One name for each encoded number: `age`, `sex=female`, `sex=male`; empty for tensors.
  public var names: [String] {
    fields.flatMap { field in
      if case .category(let categories) = field.kind {
        return categories.map { "\(field.name)=\($0)" }
      }
      return [field.name]
    }
  }
}
