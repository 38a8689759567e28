import MaasCompiler

/// A function written in Swift: its signature is enforced before its body runs. Immutable once
/// made: the raw pointer is written in `init` only, hence `@unchecked Sendable`.
public final class NativeFunction: @unchecked Sendable {
  public struct Parameter: Sendable {
    public var name: String
    public var types: ValueTypes
    /// Left out, it is `Value.absent`; the body knows the default.
    public var isOptional: Bool
    public var isRest: Bool
    /// Whether the rest is a record of arguments whose names the function does not know.
    public var takesNames: Bool
    /// Whether the body takes a traced value (`NativeObject.isTraced`) for what it is.
    public var takesTraced: Bool
    public init(
      name: String, types: ValueTypes, isOptional: Bool, isRest: Bool, takesTraced: Bool = false,
      takesNames: Bool = false
    ) {
      self.takesNames = takesNames
      self.takesTraced = takesTraced || types == .any
      self.name = name
      self.types = types
      self.isOptional = isOptional
      self.isRest = isRest
    }
  }

  /// What a builtin of one argument comes to.
  public enum Shortcut: Sendable {
    case none
    /// On a number: this function, unless it gives a NaN.
    case number(@convention(c) (Double) -> Double)
    /// On a list: how many elements it has.
    case length
  }

  public let name: String
  public let parameters: [Parameter]
  /// The signature as it is documented.
  public let signature: String
  /// Borrows the arguments and gives an owned result.
  /// Several signatures under one name, told apart by the type of the first argument.
  public let overloads: [NativeFunction]
  let parameterInfo: [ParameterInfo]
  /// What a call checks of each parameter, flat; written once in `init`.
  struct Check {
    var types: ValueTypes
    var isOptional: Bool
    var takesTraced: Bool
    var name: NameBits
  }
  let checks: UnsafeMutablePointer<Check>
  let checkCount: Int
  let hasRest: Bool
  public let body: @Sendable (borrowing NativeCall) throws -> Value
  /// What the VM does itself where the one argument allows it.
  public let shortcut: Shortcut
  /// Makes the function anew for a VM on another thread, where its body holds values of one VM.
  public let copyForVM: (@Sendable (ValueCopier) throws -> Value)?

  public init(
    name: String, parameters: [Parameter], signature: String,
    copyForVM: (@Sendable (ValueCopier) throws -> Value)? = nil, shortcut: Shortcut = .none,
    body: @escaping @Sendable (borrowing NativeCall) throws -> Value
  ) {
    self.copyForVM = copyForVM
    self.shortcut = shortcut
    self.name = name
    self.parameters = parameters
    self.signature = signature
    parameterInfo = parameters.map {
      ParameterInfo(
        name: $0.name, isOptional: $0.isOptional, isRest: $0.isRest, takesNames: $0.takesNames)
    }
    hasRest = parameters.contains(where: \.isRest)
    overloads = []
    checkCount = parameters.count
    checks = NativeFunction.makeChecks(parameters)
    self.body = body
  }

  deinit { checks.deallocate() }

  private static func makeChecks(_ parameters: [Parameter]) -> UnsafeMutablePointer<Check> {
    let checks = UnsafeMutablePointer<Check>.allocate(capacity: max(1, parameters.count))
    for (position, parameter) in parameters.enumerated() {
      (checks + position).initialize(
        to: Check(
          types: parameter.types, isOptional: parameter.isOptional,
          takesTraced: parameter.takesTraced, name: NameBits(parameter.name)))
    }
    return checks
  }

  /// One name for several signatures.
  public init(overloads: [NativeFunction]) {
    self.overloads = overloads
    name = overloads.first?.name ?? ""
    signature = overloads.map(\.signature).joined(separator: " or ")
    parameters = []
    parameterInfo = []
    hasRest = false
    checkCount = 0
    checks = NativeFunction.makeChecks([])
    copyForVM = nil
    shortcut = .none
    body = { _ in .nothing }
  }
}

extension Value {
  /// The function of numbers behind a builtin that has one.
  @inline(__always)
  var numberFunction: @convention(c) (Double) -> Double {
    boxObject.pointee.object._withUnsafeGuaranteedRef {
      guard case .number(let function) = unsafeDowncast($0, to: NativeFunction.self).shortcut
      else { return { _ in .nan } }
      return function
    }
  }
}

extension NativeFunction {

  /// The signature for a call whose first argument is this, absent in a call without arguments; the
  /// first one where none fits.
  func chosen(for first: Value) -> NativeFunction {
    guard let initial = overloads.first else { return self }
    if first.bits == Value.absent.bits {
      return overloads.first { $0.checkCount == 0 }
        ?? overloads.first { $0.parameters.allSatisfy(\.isOptional) } ?? initial
    }
    let type = first.type
    for overload in overloads where overload.checkCount > 0 {
      if overload.checks[0].types.contains(type) { return overload }
    }
    // A named argument may stand first: cross_entropy(class_weights: [1, 2]).
    for overload in overloads where overload.checkCount > 0 && overload.checks[0].isOptional {
      for position in 0..<overload.checkCount
      where overload.checks[position].types.contains(type) { return overload }
    }
    return initial
  }
}

/// The two words of a string: texts of up to 15 bytes stand inside them, so that equal words are
/// equal texts. Longer ones may be equal without that, and are compared as texts.
struct NameBits: Equatable {
  private let words: (UInt64, UInt64)

  @inline(__always)
  init(_ name: String) { words = unsafeBitCast(name, to: (UInt64, UInt64).self) }

  @inline(__always)
  static func == (left: NameBits, right: NameBits) -> Bool {
    left.words.0 == right.words.0 && left.words.1 == right.words.1
  }
}

/// The arguments of a running builtin: one slot a parameter, `Value.absent` where left out.
public struct NativeCall: ~Copyable {
  // The VM and the function outlive the call; counting owners here would cost as much as the call.
  public unowned(unsafe) let vm: VM
  public unowned(unsafe) let function: NativeFunction
  let window: UnsafeMutablePointer<Value>

  /// A borrowed argument.
  public subscript(position: Int) -> Value { window[position] }

  /// The borrowed argument of a parameter; `absent` where there is no such parameter.
  public subscript(name: String) -> Value {
    let bits = NameBits(name)
    for position in 0..<function.checkCount where function.checks[position].name == bits {
      return window[position]
    }
    for (position, parameter) in function.parameters.enumerated() where parameter.name == name {
      return window[position]
    }
    return .absent
  }

  public func isPresent(_ position: Int) -> Bool {
    window[position].bits != Value.absent.bits
  }

  /// Takes an argument over. Only once nothing can fail any more: a variable that was lent to
  /// the call is restored after an error from the slot.
  public func take(_ position: Int) -> Value {
    let value = window[position]
    window[position] = .nil
    return value
  }
}
