import Glibc
import MaasNetworks
import MaasTensors
import MaasTraining
import MaasVM

/// A function of a script that the core asks to follow: that of a layer, or a loss. The library
/// keeps it, for as long as somebody may ask.
///
/// Invariant: the function is called on the thread of its VM alone, which is checked; the library, which
/// lives there, drops it. That makes `@unchecked Sendable` true of it and its heirs.
class FollowedFunction: @unchecked Sendable {
  let called: Value
  private let thread = pthread_self()
  private unowned let vm: VM
  private unowned let library: Library
  private weak var asker: AnyObject?

  /// Takes over one owner of the function.
  /// - Parameter asker: who may ask for it.
  init(_ called: Value, for asker: AnyObject, _ vm: VM, _ library: Library) {
    (self.called, self.asker, self.vm, self.library) = (called, asker, vm, library)
  }

  deinit { called.release() }

  var isAskedFor: Bool { asker != nil }

  /// Calls the body with a tape, and keeps its error for the line where it happened.
  func following(
    _ subject: String, _ body: (Tape) throws -> FunctionTrace
  ) throws -> FunctionTrace {
    guard pthread_equal(thread, pthread_self()) != 0 else {
      throw CoreError(
        "depends-on-rows",
        "\(subject) does something else for each number of rows, and it is not known here what it "
          + "does for this one", help: "make it inside the function that runs on the other thread")
    }
    do {
      return try Tape.trace(subject) { tape in
        tape.place = { [unowned vm] in vm.runningLine.map { "line \($0)" } }
        return try body(tape)
      }
    } catch {
      // What carries errors through the core knows no lines.
      library.layerFailure = error
      throw error
    }
  }

  /// The result of the function. Arguments are borrowed, the result is owned.
  func result(_ first: Value, _ second: Value) throws -> Value {
    try vm.call(called, first, second)
  }
}

/// The function of a layer.
final class LayerFunction: FollowedFunction, FunctionTracer, @unchecked Sendable {
  private let parameters: [OwnFunction.Parameter]

  init(_ called: Value, for own: OwnFunction, _ vm: VM, _ library: Library) {
    parameters = own.parameters
    super.init(called, for: own, vm, library)
  }

  func trace(rows: Int, of input: Shape) throws -> FunctionTrace {
    try following("the function of a layer") { try follow(rows: rows, input, on: $0) }
  }

  private func follow(rows: Int, _ input: Shape, on tape: Tape) throws -> FunctionTrace {
    let x = try tape.variable(Tensor(sample: Shape(checking: [rows] + input.sizes)))
    let weights = try parameters.map {
      try tape.variable($0.start ?? Tensor(sample: $0.shape))
    }
    let record = Value(
      fields: zip(parameters, weights).map { (parameter, weight) in (parameter.name, Value(weight))
      })
    let block = Value(x)
    defer {
      record.release()
      block.release()
    }
    let value = try result(record, block)
    defer { value.release() }
    guard let result = value.operand, result.shape.rank > 0 else {
      throw Failure(
        "wrong-type",
        "the function of a layer gives a tensor with a row for each row, and this one gives "
          + value.typeDescription, help: "keep the first axis: sum(x, axis: 1), not sum(x)")
    }
    return try FunctionTrace(
      tape, inputs: [x] + weights, result: Op.cast(result, to: .f32), of: "a layer",
      help: "compute the result from the rows: (p, x) -> x @ p.w")
  }
}

/// A loss.
final class LossFunction: FollowedFunction, LossTracer, @unchecked Sendable {
  func trace(truth: Tensor, prediction: Tensor) throws -> FunctionTrace {
    try following("a loss") { tape in
      let inputs = [try tape.variable(truth), try tape.variable(prediction)]
      let arguments = inputs.map { Value($0) }
      defer { for argument in arguments { argument.release() } }
      let value = try result(arguments[0], arguments[1])
      defer { value.release() }
      guard let result = value.operand ?? value.number.map({ Tensor($0) }) else {
        throw Failure(
          "wrong-type",
          "a loss gives a number, or one for each row, and this one gives "
            + value.typeDescription, help: "end it with its result: mean((t - p)^2)")
      }
      return try FunctionTrace(
        tape, inputs: inputs, result: Op.cast(result, to: .f32), of: "a loss",
        help: "compute it from truth and prediction: (t, p) -> mean((t - p)^2)")
    }
  }
}

extension Library {
  /// Keeps a function, and forgets those that nobody can ask for any more.
  func keep(_ function: FollowedFunction) {
    followed.removeAll { !$0.isAskedFor }
    followed.append(function)
  }
}

extension NativeCall {
  /// Runs what may call functions of layers and losses; their errors stand at their own lines.
  func followingFunctions(_ body: () throws -> Value) throws -> Value {
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
