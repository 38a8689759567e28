import Glibc
import MaasNetworks
import MaasTensors
import MaasVM

/// Follows the function that a script wrote for a layer. The library keeps it, for as long as there
/// are networks with the layer.
///
/// Invariant: the function is called, and released, on the thread of its VM alone, which is checked:
/// that makes `@unchecked Sendable` true.
final class LayerFunction: FunctionTracer, @unchecked Sendable {
  private let called: Value
  private let parameters: [OwnFunction.Parameter]
  private let thread = pthread_self()
  private unowned let vm: VM
  private unowned let library: Library
  private(set) weak var own: OwnFunction?

  /// Takes over one owner of the function.
  init(_ called: Value, _ own: OwnFunction, _ vm: VM, _ library: Library) {
    (self.called, self.own, self.vm, self.library) = (called, own, vm, library)
    parameters = own.parameters
  }

  deinit { called.release() }

  func trace(rows: Int, of input: Shape) throws -> TracedFunction {
    guard pthread_equal(thread, pthread_self()) != 0 else {
      throw CoreError(
        "not-yet", "the function of a layer is called on the thread that made the layer alone",
        help: "make the layer inside the function that runs on the other thread")
    }
    do {
      return try Tape.trace { try follow(rows: rows, input, on: $0) }
    } catch {
      // What carries errors through the core knows no lines.
      library.layerFailure = error
      throw error
    }
  }

  private func follow(rows: Int, _ input: Shape, on tape: Tape) throws -> TracedFunction {
    tape.place = { [unowned vm] in vm.runningLine.map { "line \($0)" } }
    let x = try tape.variable(LayerFunction.sample(Shape(checking: [rows] + input.sizes)))
    let weights = try parameters.map {
      try tape.variable($0.start ?? LayerFunction.sample($0.shape))
    }
    let record = Value(
      fields: zip(parameters, weights).map { (parameter, weight) in (parameter.name, Value(weight))
      })
    let block = Value(x)
    defer {
      record.release()
      block.release()
    }
    let value = try vm.call(called, record, block)
    defer { value.release() }
    guard let result = value.operand, result.shape.rank > 0 else {
      throw Failure(
        "wrong-type",
        "the function of a layer gives a tensor with a row for each row, and this one gives "
          + value.typeDescription, help: "keep the first axis: sum(x, axis: 1), not sum(x)")
    }
    return try TracedFunction(
      tape, rows: x, parameters: weights, result: Op.cast(result, to: .f32))
  }

  /// Numbers to trace with, from 0.1 to 1, no two close.
  private static func sample(_ shape: Shape) throws -> Tensor {
    var tensor = try Tensor(zeros: shape)
    var place: Float = 0.5
    tensor.withMutableFloats { numbers in
      for index in numbers.indices {
        place += 0.618034
        if place >= 1 { place -= 1 }
        numbers[index] = 0.1 + 0.9 * place
      }
    }
    return tensor
  }
}

extension Library {
  /// Keeps the function of a layer, and forgets those whose layers are gone.
  func keep(_ function: LayerFunction) {
    layerFunctions.removeAll { $0.own == nil }
    layerFunctions.append(function)
  }
}

extension NativeCall {
  /// The layer of the arguments `parameters` and `function`.
  /// - Throws: `wrong-type`, `bad-shape`, `not-exact`.
  func ownLayer() throws -> Value {
    let record = self["parameters"]
    let parameters = try zip(record.keys, record.fieldValues).map { key, value in
      try parameter(key.display(quoted: false), value)
    }
    let own = OwnFunction(parameters)
    if let library = vm.host as? Library {
      let tracer = LayerFunction(self["function"].retained, own, vm, library)
      library.keep(tracer)
      own.follow(with: tracer)
    }
    let shapes = parameters.map { "\($0.name): \($0.shape)" }.joined(separator: ", ")
    let name = self["function"].documentation?.signature ?? self["function"].display(quoted: true)
    return Value(
      LayerValue(try .own(own, "(\(shapes.isEmpty ? ":" : shapes)), \(name)")))
  }

  private func parameter(_ name: String, _ value: Value) throws -> OwnFunction.Parameter {
    if value.isList {
      return OwnFunction.Parameter(name: name, shape: try shape([value]), start: nil)
    }
    if let number = value.number {
      return OwnFunction.Parameter(name: name, shape: [], start: Tensor(number))
    }
    guard let tensor = value.tensor, tensor.dtype != .bool else {
      throw Failure(
        "wrong-type",
        "a parameter of a layer is a shape or a tensor to start from, and `\(name)` is "
          + value.typeDescription, help: "layer((w: [3, 4], b: zeros(4)), (p, x) -> x @ p.w + p.b)")
    }
    return OwnFunction.Parameter(
      name: name, shape: tensor.shape, start: tensor.converted(to: .f32))
  }

  /// Runs what may call the functions of layers; their errors stand at their own lines.
  func followingLayers(_ body: () throws -> Value) throws -> Value {
    let library = vm.host as? Library
    library?.layerFailure = nil
    do {
      return try body()
    } catch {
      guard let failure = library?.layerFailure else { throw error }
      library?.layerFailure = nil
      throw failure
    }
  }
}
