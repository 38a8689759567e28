/// What a network's outputs mean.
public enum Target: Hashable, Sendable {
  /// One output a class, in this order. `name` is the column the labels came from, if any.
  case classes([Label], name: String?)
  /// One output a number; the names of the columns they came from.
  case numbers(names: [String])
  /// Several by name, none of which is of several itself.
  case outputs([Output])

  /// One of several.
  public struct Output: Hashable, Sendable {
    public var name: String
    public var target: Target

    public init(_ name: String, _ target: Target) {
      self.name = name
      self.target = target
    }
  }

  /// What the user asks for with `kind:`.
  public enum Kind: String, Sendable, CaseIterable {
    case classes
    case numbers
  }

  /// Which of the two this is; nil for several by name.
  public var kind: Kind? {
    switch self {
    case .classes: .classes
    case .numbers: .numbers
    case .outputs: nil
    }
  }

  /// The outputs a network needs: a class each, or a number each.
  public var width: Int {
    switch self {
    case .classes(let labels, _): labels.count
    case .numbers(let names): names.count
    case .outputs(let outputs): outputs.reduce(0) { $0 + $1.target.width }
    }
  }

  /// The numbers of a row of labels: one for a class.
  public var labelWidth: Int {
    switch self {
    case .classes: 1
    case .numbers(let names): names.count
    case .outputs(let outputs): outputs.reduce(0) { $0 + $1.target.labelWidth }
    }
  }

  /// The class labels in order; empty for numbers.
  public var classes: [Label] {
    if case .classes(let labels, _) = self { labels } else { [] }
  }

  /// Those by name; empty where there is one without.
  public var outputs: [Output] {
    if case .outputs(let outputs) = self { outputs } else { [] }
  }

  /// Where the labels of each of several stand in a row of labels.
  public var labelPlaces: [Range<Int>] {
    var end = 0
    return outputs.map { output in
      end += output.target.labelWidth
      return end - output.target.labelWidth..<end
    }
  }
}
