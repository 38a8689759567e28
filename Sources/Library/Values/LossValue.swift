import MaasNetworks
import MaasSyntax
import MaasTensors
import MaasTraining
import MaasVM

/// A loss with its settings: `huber(1.5)`.
final class LossValue: NativeObject {
  let loss: Loss

  init(_ loss: Loss) { self.loss = loss }

  override var type: ValueType { .loss }

  override func display(inline: Bool) -> String { loss.description }

  override func isEqual(to other: NativeObject) -> Bool { (other as? LossValue)?.loss == loss }

  /// The loss of a kind whose settings are arguments of a call, by the same names.
  /// - Throws: `bad-setting`
  static func loss(_ kind: LossKind, _ call: borrowing NativeCall) throws -> Loss {
    try Loss(kind, call.settings(kind.settings, of: kind.name))
  }
}

extension NativeCall {
  /// A loss: one with settings, its function by name, or a function of one's own.
  /// - Throws: `wrong-value`, `bad-setting`.
  func loss(of value: Value) throws -> Loss {
    if let loss = (value.native as? LossValue)?.loss { return loss }
    let name = value.nativeFunction?.name ?? ""
    if let kind = LossKind.named(name) { return try Loss(kind) }
    // A function that remembers is followed as the one whose results it keeps.
    let isOwn = value.nativeFunction == nil || name == "memoized"
    if isOwn, value.type == .function { return try ownLoss(value) }
    let known = LossKind.all.map(\.name)
    let near = nearNames(to: name, among: known).first
    throw Failure(
      "wrong-value",
      "`loss` is one of \(known.joined(separator: ", ")), or a function of truth and prediction, not "
        + value.display(quoted: true),
      help: near.map { "did you mean \($0)?" } ?? "loss: cross_entropy",
      rewrites: near.map { [.word(name, with: $0)] } ?? [])
  }

  private func ownLoss(_ function: Value) throws -> Loss {
    let own = OwnLoss()
    if let library = vm.host as? Library {
      let tracer = LossFunction(function.retained, for: own, vm, library)
      library.keep(tracer)
      own.follow(with: tracer)
    }
    let text = text(of: function)
    let name = String(text.prefix { $0 != "(" })
    return try .own(
      own, name.isEmpty ? "\(text) -> …" : text, name: name.isEmpty ? "loss" : name)
  }

  /// "lopsided(t, p)", "(t, p)"; of a function that remembers that of the one it calls, where there is
  /// one: "memoized(mse)" else.
  private func text(of function: Value) -> String {
    let memo = "memoized "
    var text =
      function.documentation?.signature ?? function.nativeFunction?.signature
      ?? function.display(quoted: true)
    if text.hasPrefix(memo) {
      let called = text.dropFirst(memo.count)
      text = called.contains("(") ? String(called) : "memoized(\(called))"
    }
    return text.hasPrefix("fn ") ? String(text.dropFirst(3)) : text
  }
}
