import MaasCompiler
import MaasTensors
import MaasVM

/// A number that a gradient follows: its value, and its place on the tape.
final class TracedNumber: NativeObject {
  /// In 64 bits, of rank 0; in the function of a layer as the layer computes.
  let tensor: Tensor

  /// - Parameter tensor: of rank 0; numbers of 32 bits become what they print as.
  init(_ tensor: Tensor) {
    // Eight bytes more: what fails there fails everywhere.
    let isDone = tensor.dtype == .f64 || Tape.current?.isOfLayer == true
    self.tensor = isDone ? tensor : (try? Op.asDouble(tensor)) ?? tensor
  }

  override var type: ValueType { tensor.dtype == .bool ? .bool : .number }
  override var isTraced: Bool { tensor.isTraced }
  override var plainNumber: Double? {
    Tape.current?.isOfLayer == true ? nil : tensor.element(at: 0)
  }

  override func refusal(by function: String) -> Failure {
    .noGradient(through: function, "a number")
  }

  override func binary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value? {
    switch operation {
    case .divide, .floorDivide, .modulo:
      if right.plain.number == 0, left.plain.isNumber { throw VM.divisionByZero(operation) }
    default: break
    }
    return try TensorOperator(operation)?.apply(left, right).map { Value($0) }
  }

  override func unary(_ operation: Opcode) throws -> Value? {
    operation == .negate ? Value(try Op.neg(tensor)) : nil
  }

  override func equality(_ left: Value, _ right: Value) throws -> Value? {
    guard left.plain.isNumber, right.plain.isNumber else { return try binary(.equal, left, right) }
    return Value(left.plain.isEqual(to: right.plain))
  }

  override func isEqual(to other: NativeObject) -> Bool {
    other.plainNumber.map { $0 == plainNumber } ?? false
  }

  override func display(inline: Bool) -> String {
    Value(tensor, at: 0).display(quoted: inline)
  }
}

extension Failure {
  /// A function that reads the elements of what a gradient follows would cut the gradient unseen.
  static func noGradient(through function: String, _ what: String) -> Failure {
    if let tape = Tape.current, tape.isOfLayer {
      return Failure(
        "depends-on-data",
        "\(function) depends on \(what) that is not known yet: \(tape.subject) is traced "
          + "before there is data",
        help: "choose element by element: where(x > 0, a, b)")
    }
    return Failure(
      "no-gradient", "\(function) gives no gradient, and here is \(what) that a gradient follows",
      help: "stop_gradient(x) is its value alone, which counts as a constant")
  }
}

extension Tensor {
  /// - Throws: `depends-on-data` in the function of a layer, for what it is traced with.
  func needValue(as what: String) throws {
    if isTraced, Tape.current?.isOfLayer == true {
      throw Failure.noGradient(through: what, "a tensor")
    }
  }
}
