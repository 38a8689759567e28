import MaasCompiler
import MaasSyntax

/// The types of the language, as signatures name them.
public enum ValueType: UInt8, CaseIterable, Sendable {
  case `nil`, bool, number, string, range, list, record, function, tensor, table, column, dataset
  case layer, network, model, loss, optimizer, schedule, server, registry, plot, image, date

  /// The name that `type(x)` gives and signatures use.
  public var name: String { ValueType.names[Int(rawValue)] }

  private static let names = allCases.map { "\($0)" }

  init?(name: String) {
    guard let position = ValueType.names.firstIndex(of: name) else { return nil }
    self = ValueType.allCases[position]
  }
}

/// A set of types: what a parameter accepts.
public struct ValueTypes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public init(_ type: ValueType) { rawValue = 1 << UInt32(type.rawValue) }
  public static let any = ValueTypes(rawValue: .max)

  public func contains(_ type: ValueType) -> Bool { rawValue & (1 << UInt32(type.rawValue)) != 0 }

  /// The types that fit a written one whatever their sizes are.
  public init(whole type: TypeExpression) {
    self.init(type.alternatives.filter { $0.sizes == nil })
    if type.admitsNil { insert(ValueTypes(.nil)) }
  }

  /// The types that fit a written one if their sizes do.
  init(sized type: TypeExpression) { self.init(type.alternatives.filter { $0.sizes != nil }) }

  private init(_ alternatives: [TypeExpression.Alternative]) {
    var types: ValueTypes = []
    for alternative in alternatives {
      if alternative.name == "any" { types = .any }
      if let known = ValueType(name: alternative.name) { types.formUnion(ValueTypes(known)) }
    }
    self = types
  }

  /// `number or list`
  public var description: String {
    if self == .any { return "any value" }
    return ValueType.allCases.filter { contains($0) }.map(\.name).joined(separator: " or ")
  }
}

/// A key of an index: a value, and whether it was written with a minus.
public struct IndexKey {
  public var value: Value
  public var isFromEnd: Bool
  public init(_ value: Value, isFromEnd: Bool = false) {
    self.value = value.isObject ? value.plain : value
    self.isFromEnd = isFromEnd
  }
}

/// A step from a native value to one of its parts.
public enum NativePart {
  case index([IndexKey])
  case field(String)
}

/// A value that Swift code makes and understands: a tensor, a table, a model. The VM counts its
/// owners and hands every operator to it. Arguments are borrowed; results are owned by the caller.
open class NativeObject {
  public init() {}

  open var type: ValueType { .record }

  /// The number that it stands for, where it does.
  open var plainNumber: Double? { nil }

  /// Whether it carries more than its value, which would be lost in silence where Swift code reads
  /// that: builtins take it only where their parameter says so.
  open var isTraced: Bool { false }

  /// The error of a function that reads the value alone.
  open func refusal(by function: String) -> Failure {
    Failure("wrong-type", "\(function) does not take this \(type.name)")
  }

  /// A binary operator of which this is at least one side; nil where it has no meaning.
  open func binary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value? { nil }

  /// As `binary` with the other operand, but written over this object, which nobody else holds and
  /// nobody needs afterwards. False, and nothing changed, where it cannot be.
  open func overwrite(_ operation: Opcode, with other: Value, isLeft: Bool) -> Bool { false }

  /// `negate` or `not`; nil where it has no meaning.
  open func unary(_ operation: Opcode) throws -> Value? { nil }

  /// Whether functions of the language are in it, which belong to a VM.
  open var holdsFunctions: Bool { false }

  /// The object for the VM of another thread.
  /// - Throws: as `ValueCopier.copy`.
  open func copy(by copier: ValueCopier) throws -> NativeObject { copy() }

  /// `self[keys]`
  open func index(_ keys: [IndexKey]) throws -> Value {
    throw Failure(
      "no-index", "a \(type.name) has no parts to index",
      help: fieldNames.isEmpty ? "print it to see what it is" : "read a field: x.\(fieldNames[0])")
  }

  /// `self[keys] = value`, on the only owner.
  open func setIndex(_ keys: [IndexKey], _ value: Value) throws {
    throw Failure(
      "no-index", "a \(type.name) has no parts to assign",
      help: "make a new one")
  }

  /// `self.name`; nil where there is none.
  open func field(_ name: String) throws -> Value? { nil }
  open var fieldNames: [String] { [] }

  /// Whether its fields are the user's own, so that one which is missing counts as nil before `??`.
  open var hasOpenFields: Bool { false }

  /// `self.name = value`, on the only owner.
  open func setField(_ name: String, _ value: Value) throws {
    throw Failure("no-field", "the parts of a \(type.name) cannot be assigned")
  }

  /// Lets the body change a part of the only owner, `self.name[0] = value`, and takes it back.
  /// What holds its parts apart hands out the part itself, so that it changes in place.
  open func update(
    _ part: NativePart, _ body: (UnsafeMutablePointer<Value>) throws -> Void
  ) throws {
    switch part {
    case .index(let keys):
      var inner = try index(keys)
      defer { inner.release() }
      try body(&inner)
      try setIndex(keys, inner)
    case .field(let name):
      guard var inner = try field(name) else {
        throw Failure(
          "no-field", "a \(type.name) has no field `\(name)`",
          help: fieldNames.isEmpty ? nil : "it has \(fieldNames.joined(separator: ", "))")
      }
      defer { inner.release() }
      try body(&inner)
      try setField(name, inner)
    }
  }

  /// A copy to change while others keep this one.
  open func copy() -> NativeObject { self }

  /// How many elements a loop finds; nil where there is nothing to go through.
  open var elementCount: Int? { nil }
  open func element(at position: Int) throws -> Value { .nil }

  /// Calls the object as a function; nil where it is none.
  open func call(_ arguments: [Value]) throws -> Value? { nil }

  open func isEqual(to other: NativeObject) -> Bool { self === other }

  /// `==` as the language has it: a bool, or something element-wise.
  open func equality(_ left: Value, _ right: Value) throws -> Value? { nil }

  /// How it prints: whole, or in one line inside a list.
  open func display(inline: Bool) -> String { type.name }

  /// The bool it stands for where `and` and `or` decide early; nil: it does not decide.
  open var isElementwiseBool: Bool { false }
}

/// An error on its way to becoming a `Diagnostic`: the VM adds the place.
public struct Failure: Error {
  public var id: String
  public var message: String
  public var help: String?
  /// What the help comes to in the program.
  public var rewrites: [Diagnostic.Rewrite]
  public init(
    _ id: String, _ message: String, help: String? = nil, rewrites: [Diagnostic.Rewrite] = []
  ) {
    self.id = id
    self.message = message
    self.help = help
    self.rewrites = rewrites
  }
}

extension Value {
  /// A counted reference to a native object.
  public init(_ native: NativeObject) {
    self.init(
      object: Heap.allocate(
        BoxObject(
          header: ObjectHeader(kind: .native), object: Unmanaged.passRetained(native))))
  }

  public init(_ function: NativeFunction) {
    self.init(
      object: Heap.allocate(
        BoxObject(
          header: ObjectHeader(kind: .builtin), object: Unmanaged.passRetained(function))))
  }

  @inline(__always)
  var boxObject: UnsafeMutablePointer<BoxObject> {
    address.assumingMemoryBound(to: BoxObject.self)
  }

  public var native: NativeObject? {
    guard `is`(.native) else { return nil }
    return unsafeDowncast(boxObject.pointee.object.takeUnretainedValue(), to: NativeObject.self)
  }

  /// The number in the place of an object that stands for one; any other value as it is.
  @inline(never)
  public var plain: Value { native?.plainNumber.map { Value($0) } ?? self }

  public var nativeFunction: NativeFunction? {
    guard `is`(.builtin) else { return nil }
    return unsafeDowncast(boxObject.pointee.object.takeUnretainedValue(), to: NativeFunction.self)
  }

  public var isFunction: Bool { `is`(.closure) || `is`(.builtin) }

  public var type: ValueType {
    if isNumber { return .number }
    if isBool { return .bool }
    guard isObject else { return .nil }
    switch header.pointee.kind {
    case .string: return .string
    case .list: return .list
    case .record: return .record
    case .range: return .range
    case .closure, .builtin: return .function
    case .native: return native?.type ?? .nil
    }
  }

  /// `a number`, `an image`: how errors speak of the value's type.
  public var typeDescription: String {
    let name = type.name
    if isNil { return "nil" }
    if name == "number", !isNumber { return "a number that a gradient follows" }
    return ("aeiou".contains(name.prefix(1)) ? "an " : "a ") + name
  }
}
