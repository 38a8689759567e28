/// The name of a class, as it stands in the data: `setosa`, `7`, `true`.
public enum Label: Hashable, Sendable, CustomStringConvertible {
  case text(String)
  case number(Double)
  case bool(Bool)

  /// The label as a person reads it: whole numbers without a point, text without quotes.
  public var description: String {
    switch self {
    case .text(let text): text
    case .number(let number): shortest(number)
    case .bool(let bool): bool ? "true" : "false"
    }
  }
}

/// Numbers by size, then bools (false first), then text by code point: the order of classes.
extension Label: Comparable {
  public static func < (left: Label, right: Label) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): a < b
    case (.bool(let a), .bool(let b)): !a && b
    case (.text(let a), .text(let b)): precedes(a, b)
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .number: 0
    case .bool: 1
    case .text: 2
    }
  }
}

/// Whether a text stands before another in the order of code points, the same on every machine.
package func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
