import MaasNetworks
import MaasTensors
import MaasVM

extension NativeCall {
  /// The layer of the arguments `parameters` and `function`, and of settings of its weights.
  /// - Throws: `wrong-type`, `bad-shape`, `not-exact`, `bad-setting`.
  func ownLayer() throws -> Value {
    let record = self["parameters"]
    let parameters = try zip(record.keys, record.fieldValues).map { key, value in
      try parameter(key.display(quoted: false), value)
    }
    let own = OwnFunction(parameters)
    if let library = vm.host as? Library {
      let tracer = LayerFunction(self["function"].retained, for: own, vm, library)
      library.keep(tracer)
      own.follow(with: tracer)
    }
    let shapes = parameters.map { "\($0.name): \($0.shape)" }.joined(separator: ", ")
    var name = self["function"].documentation?.signature ?? self["function"].display(quoted: true)
    if name.hasPrefix("fn ") { name = String(name.dropFirst(3)) }
    return Value(
      LayerValue(
        try .own(
          own, "(\(shapes.isEmpty ? ":" : shapes)), \(name)",
          settings(Array(Layer.ownSettings), of: "layer"))))
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
}

extension Layer {
  /// The layer for the VM of another thread: functions of scripts in it are copied there.
  func copied(by copier: ValueCopier) throws -> Layer {
    guard isOwn, let library = copier.vm.host as? Library else { return self }
    var copies: [ObjectIdentifier: OwnFunction] = [:]
    for function in functions {
      guard let tracer = function.tracer as? LayerFunction else { continue }
      let copy = OwnFunction(function.parameters)
      let followed = LayerFunction(
        try copier.copy(tracer.called), for: copy, copier.vm, library)
      library.keep(followed)
      copy.follow(with: followed)
      copies[ObjectIdentifier(function)] = copy
    }
    return try replacingFunctions { copies[ObjectIdentifier($0)] ?? $0 }
  }

  /// Whether functions of scripts are in it, which belong to a VM.
  var holdsFunctions: Bool { functions.contains { $0.tracer is LayerFunction } }
}
