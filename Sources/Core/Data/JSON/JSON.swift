/// A JSON text as a value (RFC 8259). Members of an object keep their order; numbers are doubles
/// and, when they come from a text, finite.
///
/// Values made in code can hold what a text cannot (a NaN, a nesting of millions): printing checks.
public enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One `"key": value` of an object.
  public struct Member: Sendable, Equatable {
    public var key: String
    public var value: JSON

    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }
}

extension JSON {
  /// The member called `key`, compared byte by byte; nil where there is none or this is no object.
  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The element at `index`; nil where there is none or this is no array.
  public subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The text of a string, else nil.
  public var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The value of a number, else nil.
  public var double: Double? { if case .number(let number) = self { number } else { nil } }

  /// The value of a number that is whole and fits, else nil.
  public var int: Int? { double.flatMap { Int(exactly: $0) } }

  /// The value of a bool, else nil.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The elements of an array, else nil.
  public var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  /// The members of an object in their order, else nil.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// What this is, for messages: "a number", "an array".
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a bool"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
