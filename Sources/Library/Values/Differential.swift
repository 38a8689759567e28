import MaasTensors
import MaasVM

/// What `grad` and its like make of a function. Belongs to one VM, hence to one thread at a time:
/// that makes `@unchecked Sendable` true.
final class Differential: @unchecked Sendable {
  enum Kind: String {
    case gradient = "grad"
    case valueAndGradient = "value_and_grad"
    case jacobian
  }

  private let called: Value
  private let kind: Kind

  /// Takes over one owner of the function.
  init(_ called: Value, _ kind: Kind) {
    self.called = called
    self.kind = kind
  }

  deinit { called.release() }

  private static let parameters = [
    NativeFunction.Parameter(name: "x", types: .any, isOptional: false, isRest: false),
    NativeFunction.Parameter(name: "others", types: .any, isOptional: false, isRest: true),
  ]

  var function: NativeFunction {
    let kind = kind
    return NativeFunction(
      name: kind.rawValue, parameters: Differential.parameters,
      signature: "\(kind.rawValue)(f)(x, ...others)",
      copyForVM: { Value(Differential(try $0.copy(self.called), kind).function) },
      body: { call in try self.result(call[0], Array(call[1].items), call.vm) })
  }

  private func result(_ argument: Value, _ others: [Value], _ vm: VM) throws -> Value {
    try Tape.follow { tape in
      if tape.place == nil { tape.place = { [unowned vm] in vm.runningLine.map { "line \($0)" } } }
      var leaves = GradientLeaves()
      let traced = try leaves.follow(argument, on: tape)
      defer { traced.release() }
      let value =
        others.isEmpty
        ? try vm.call(called, traced) : try vm.call(called, [traced] + others)
      defer { value.release() }
      if kind == .jacobian { return try jacobian(of: value, argument, leaves.variables, tape) }
      let number = try number(value)
      let slopes = try tape.gradients(of: number, withRespectTo: leaves.variables)
      let gradient = try GradientLeaves.rebuild(argument, slopes)
      return kind == .gradient ? gradient : Value(list: [Value(tape.finished(number)), gradient])
    }
  }

  /// The value of the function as a single number.
  /// - Throws: `not-a-number`
  private func number(_ value: Value) throws -> Tensor {
    if let number = value.number { return Tensor(number, dtype: .f64) }
    if let x = value.operand {
      if x.shape.rank == 0 { return x }
      throw Failure(
        "not-a-number",
        "`\(kind.rawValue)` is of a function to one number, and this one gives a tensor of shape "
          + "\(x.shape)",
        help: "sum(…) or mean(…) makes one number of it; jacobian(f) takes a function to a tensor")
    }
    throw Failure(
      "not-a-number",
      "`\(kind.rawValue)` is of a function to one number, and this one gives "
        + value.typeDescription, help: "end the function with the number whose gradient is wanted")
  }

  // MARK: Jacobian

  private func jacobian(
    of value: Value, _ argument: Value, _ variables: [Tensor], _ tape: Tape
  ) throws -> Value {
    guard let result = value.operand ?? value.number.map({ Tensor($0, dtype: .f64) }) else {
      throw Failure(
        "not-a-number",
        "`jacobian` is of a function to a tensor, and this one gives \(value.typeDescription)",
        help: "end the function with the tensor whose derivatives are wanted")
    }
    var rows = variables.map { _ in [Tensor]() }
    for position in 0..<result.count {
      try Interrupt.shared.check()
      var seed = try Tensor(zeros: result.shape, dtype: result.dtype == .f64 ? .f64 : .f32)
      seed.setElement(at: position, to: 1)
      let slopes = try tape.gradients(
        of: result, withRespectTo: variables, seed: seed, isLast: position == result.count - 1)
      for (leaf, slope) in slopes.enumerated() {
        rows[leaf].append(try slope.reshaped(to: Shape([1] + slope.shape.sizes)))
      }
    }
    let parts = try zip(variables, rows).map { variable, rows in
      let shape = try Shape(checking: result.shape.sizes + variable.shape.sizes)
      if rows.isEmpty { return try Tensor(zeros: shape, dtype: variable.dtype) }
      return try Op.concat.apply(rows, .axes([0])).reshaped(to: shape)
    }
    return try GradientLeaves.rebuild(argument, parts)
  }
}
