/// What an op is told beside its tensors: `attributes.axes`, and whatever else `AttributeValues`
/// lists. One word, nothing for the many ops that are told nothing.
@dynamicMemberLookup
public struct Attributes: Hashable, Sendable {
  /// Nil where all are as they are initially. Written only by a sole owner, which makes
  /// `@unchecked Sendable` true of the box.
  @usableFromInline var box: Box?

  @usableFromInline final class Box: @unchecked Sendable {
    @usableFromInline var values: AttributeValues

    @usableFromInline init(_ values: AttributeValues) { self.values = values }
  }

  @usableFromInline static let initial = AttributeValues()

  public init() {}

  public static let none = Attributes()

  @inlinable @inline(__always)
  public subscript<T>(dynamicMember path: WritableKeyPath<AttributeValues, T>) -> T {
    get { box?.values[keyPath: path] ?? Attributes.initial[keyPath: path] }
    set {
      if box == nil || !isKnownUniquelyReferenced(&box) {
        box = Box(box?.values ?? Attributes.initial)
      }
      box?.values[keyPath: path] = newValue
    }
  }

  /// Attributes that name axes: `.axes([0], keeps: true)`.
  public static func axes(_ axes: [Int]?, keeps: Bool = false) -> Attributes {
    if axes == nil, !keeps { return .none }
    var values = AttributeValues()
    values.axes = axes
    values.keepsAxes = keeps
    return Attributes(values)
  }

  /// Attributes that name a shape.
  public static func shape(_ shape: Shape) -> Attributes {
    var values = AttributeValues()
    values.shape = shape
    return Attributes(values)
  }

  private init(_ values: AttributeValues) { box = Box(values) }

  public static func == (left: Attributes, right: Attributes) -> Bool {
    left.box === right.box
      || (left.box?.values ?? initial) == (right.box?.values ?? initial)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(box?.values ?? Attributes.initial) }
}
