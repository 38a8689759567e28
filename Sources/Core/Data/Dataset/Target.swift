/// What a network's outputs mean.
public enum Target: Hashable, Sendable {
  /// One output a class, in this order. `name` is the column the labels came from, if any.
  case classes([Label], name: String?)
  /// One output a number; the names of the columns they came from.
  case numbers(names: [String])

  /// What the user asks for with `kind:`.
  public enum Kind: String, Sendable, CaseIterable {
    case classes
    case numbers
  }

  /// Which of the two this is.
  public var kind: Kind {
    switch self {
    case .classes: .classes
    case .numbers: .numbers
    }
  }

  /// The outputs a network needs: a class each, or a number each.
  public var width: Int {
    switch self {
    case .classes(let labels, _): labels.count
    case .numbers(let names): names.count
    }
  }

  /// The class labels in order; empty for numbers.
  public var classes: [Label] {
    switch self {
    case .classes(let labels, _): labels
    case .numbers: []
    }
  }
}
