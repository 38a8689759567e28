import MaasSyntax
import MaasTraining
import MaasVM

/// An optimizer with its settings: `adam(rate: 0.001)`.
final class OptimizerValue: NativeObject {
  let optimizer: Optimizer

  init(_ optimizer: Optimizer) throws {
    try optimizer.check()
    self.optimizer = optimizer
  }

  override var type: ValueType { .optimizer }

  override func display(inline: Bool) -> String {
    let settings = optimizer.settings.map { "\($0.name): \($0.value.maasText)" }
    return "\(optimizer.name)(\(settings.joined(separator: ", ")))"
  }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? OptimizerValue)?.optimizer == optimizer
  }

  /// The optimizer that stands for a value: one with settings, or its function by name.
  static func optimizer(of value: Value) throws -> Optimizer {
    if let optimizer = (value.native as? OptimizerValue)?.optimizer { return optimizer }
    switch value.nativeFunction?.name {
    case "adam": return .adam()
    case "sgd": return .sgd()
    default:
      throw Failure(
        "wrong-value", "`optimizer` is sgd or adam, not \(value.display(quoted: true))",
        help: "optimizer: adam(rate: 0.001)")
    }
  }
}

extension Loss {
  /// The loss that a builtin function stands for by its name.
  static func named(by value: Value) throws -> Loss {
    let name = value.nativeFunction?.name ?? ""
    if let loss = Loss(rawValue: name) { return loss }
    let names = Loss.allCases.map(\.name).joined(separator: ", ")
    let near = nearNames(to: name, among: Loss.allCases.map(\.name)).first
    throw Failure(
      "wrong-value", "`loss` is one of \(names), not \(value.display(quoted: true))",
      help: near.map { "did you mean \($0)?" } ?? "loss: cross_entropy",
      rewrites: near.map { [.word(name, with: $0)] } ?? [])
  }
}
