import Glibc
import MaasCompiler
import MaasSyntax

extension Opcode {
  /// The operator as it is written.
  public var symbol: String {
    switch self {
    case .add, .addConstant: "+"
    case .subtract, .subtractConstant: "-"
    case .multiply, .multiplyConstant: "*"
    case .divide, .divideConstant: "/"
    case .floorDivide, .floorDivideConstant: "//"
    case .modulo, .moduloConstant: "%"
    case .power, .powerConstant: "^"
    case .matrixMultiply: "@"
    case .and: "and"
    case .or: "or"
    case .less: "<"
    case .lessOrEqual: "<="
    case .jumpGreaterConstant: ">"
    case .jumpGreaterOrEqualConstant: ">="
    case .equal, .jumpEqual, .jumpEqualConstant: "=="
    case .notEqual: "!="
    case .contains: "in"
    case .notContains: "not in"
    default: "\(self)"
    }
  }

  var hasConstantOperand: Bool {
    switch self {
    case .addConstant, .subtractConstant, .multiplyConstant, .divideConstant,
      .floorDivideConstant, .moduloConstant, .powerConstant, .addConstantThenLoop:
      true
    default: false
    }
  }
}

extension VM {
  /// The slow path of a binary operator: text, lists, native values, divisions by zero, errors.
  @inline(never)
  func arithmetic(
    _ i: Instruction, _ operation: Opcode, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int
  ) -> Bool {
    let isConstant = i.opcode.hasConstantOperand
    let left = base[i.b]
    let right = isConstant ? constants[i.immediate] : base[i.c]
    if operation == .add, left.isObject, isConstant || i.c != i.b,
      appendInPlace(i, left, right, base, locals, rightIsRegister: !isConstant)
    {
      return true
    }
    if left.isObject || right.isObject,
      overwrite(i, operation, left, right, base, locals, rightIsRegister: !isConstant)
    {
      return true
    }
    do {
      let value = try binary(operation, left, right)
      empty(base, i.b, locals)
      if !isConstant { empty(base, i.c, locals) }
      write(base, i.a, value)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// A result in the place of an operand that only a temporary holds: of a large tensor.
  private func overwrite(
    _ i: Instruction, _ operation: Opcode, _ left: Value, _ right: Value,
    _ base: UnsafeMutablePointer<Value>, _ locals: Int, rightIsRegister: Bool
  ) -> Bool {
    if i.b >= locals || i.a == i.b, left.isUnique, let native = left.native,
      native.overwrite(operation, with: right, isLeft: true)
    {
      base[i.b] = .nil
      if rightIsRegister { empty(base, i.c, locals) }
      write(base, i.a, left)
      return true
    }
    if rightIsRegister, i.c >= locals, i.c != i.b, right.isUnique, let native = right.native,
      native.overwrite(operation, with: left, isLeft: false)
    {
      base[i.c] = .nil
      empty(base, i.b, locals)
      write(base, i.a, right)
      return true
    }
    return false
  }

  /// `s = s + t` for strings and lists: the left side is handed over where it is not needed any
  /// more, so that building piece by piece is linear.
  private func appendInPlace(
    _ i: Instruction, _ left: Value, _ right: Value, _ base: UnsafeMutablePointer<Value>,
    _ locals: Int, rightIsRegister: Bool
  ) -> Bool {
    guard i.b >= locals || i.a == i.b, let joined = left.joining(right) else { return false }
    base[i.b] = .nil
    if rightIsRegister { empty(base, i.c, locals) }
    write(base, i.a, joined)
    return true
  }

  @inline(__always)
  func empty(_ base: UnsafeMutablePointer<Value>, _ register: Int, _ locals: Int) {
    guard register >= locals else { return }
    let old = base[register]
    base[register] = .nil
    old.release()
  }

  @inline(__always)
  func write(_ base: UnsafeMutablePointer<Value>, _ register: Int, _ value: Value) {
    let old = base[register]
    base[register] = value
    old.release()
  }

  /// `left op right` as an owned value.
  public func binary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value {
    if left.isNumber, right.isNumber, let value = try numbers(operation, left.double, right.double)
    {
      return value
    }
    if let value = try nativeBinary(operation, left, right) { return value }
    if operation == .and || operation == .or {
      // Short-circuit has not decided, so the right side is the value.
      guard right.isBool else { throw notBool(right) }
      return right
    }
    if operation == .add {
      if let joined = left.retained.joining(right) { return joined }
      left.release()
      if left.isString && right.isString || left.isList && right.isList {
        throw Failure(
          "too-large",
          "a text has at most \(VM.textLimit) bytes, and a list \(VM.elementLimit) elements")
      }
    }
    throw operands(operation, left, right)
  }

  private func operands(_ operation: Opcode, _ left: Value, _ right: Value) -> Failure {
    var help: String?
    var rewrites: [Diagnostic.Rewrite] = []
    if operation == .add, left.isString || right.isString {
      rewrites = [.interpolation]
      help = "put the value into the text: \"… {x}\""
    } else if operation == .multiply, left.isString || right.isString {
      help = "repeat(text, times) repeats a text"
    } else if left.isNil || right.isNil {
      help = "give a value for what is missing: x ?? 0"
    }
    return Failure(
      "wrong-operands",
      "`\(operation.symbol)` does not work on \(left.typeDescription) and "
        + right.typeDescription, help: help, rewrites: rewrites)
  }

  private func numbers(_ operation: Opcode, _ left: Double, _ right: Double) throws -> Value? {
    switch operation {
    case .add: return Value(left + right)
    case .subtract: return Value(left - right)
    case .multiply: return Value(left * right)
    case .power: return Value(pow(left, right))
    case .divide, .floorDivide, .modulo:
      guard right != 0 else { throw Self.divisionByZero(operation) }
      if operation == .divide { return Value(left / right) }
      if operation == .floorDivide { return Value(Self.floorDivided(left, right)) }
      return Value(Self.flooredModulo(left, right))
    default: return nil
    }
  }

  public static func divisionByZero(_ operation: Opcode) -> Failure {
    Failure(
      "division-by-zero", "`\(operation.symbol)` by zero has no value",
      help: "check the divisor first: if d != 0 { … }")
  }

  /// The quotient that goes with the remainder: `left == right * q + left % right`, as nearly as
  /// doubles can say (CPython's float_divmod).
  static func floorDivided(_ left: Double, _ right: Double) -> Double {
    let quotient = (left - flooredModulo(left, right)) / right
    guard quotient != 0, quotient.isFinite else { return quotient }
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }

  /// The remainder with the sign of the divisor.
  static func flooredModulo(_ left: Double, _ right: Double) -> Double {
    let rest = fmod(left, right)
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
  }

  /// The slow path of `-x` and `not x`.
  @inline(never)
  func unary(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    let operand = base[i.b]
    do {
      if let native = operand.native, let value = try native.unary(i.opcode) {
        empty(base, i.b, locals)
        write(base, i.a, value)
        return true
      }
      if i.opcode == .not {
        failNotBool(operand)
        return false
      }
      throw Failure("wrong-operands", "`-` does not work on \(operand.typeDescription)")
    } catch {
      fail(error)
      return false
    }
  }

  func isElementwiseBool(_ value: Value) -> Bool { value.native?.isElementwiseBool ?? false }
}

extension Value {
  /// Two strings or two lists as one, in place where this one has one owner; consumes this one.
  /// - Returns: nil, having consumed nothing, for anything else, and where both are too large.
  func joining(_ other: Value) -> Value? {
    if isString, other.isString {
      return utf8.count + other.utf8.count <= VM.textLimit ? StringObject.append(self, other) : nil
    }
    guard isList, other.isList, items.count + other.items.count <= VM.elementLimit else {
      return nil
    }
    let joined = uniqueList(reserving: other.items.count)
    for item in other.items { joined.appendItem(item.retained) }
    return joined
  }
}

extension VM {
  /// The most bytes that a text has: the places of its characters are kept in 32 bits.
  public static let textLimit = 1 << 30
}
