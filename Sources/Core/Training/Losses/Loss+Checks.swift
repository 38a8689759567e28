import MaasData
import MaasNetworks
import MaasTensors

/// Checks before any arithmetic: labels, then the last layer.
extension Head {
  /// - Parameters:
  ///   - reason: why the labels are what they are, if the data set chose.
  ///   - heads: all of the network.
  /// - Throws: `loss-kind` naming the fix, `units-mismatch` naming the layer.
  func check(reason: String, among heads: [Head]) throws(CoreError) {
    do throws(CoreError) {
      if let misfit = loss.misfit(target, reason) { throw error(misfit, among: heads) }
      try loss.checkWeights(form, width: target.width)
    } catch {
      var error = error
      error.place = name.map { "output \($0)" }
      throw error
    }
    if loss.isOwn { return }
    guard let needed = loss.units(for: target) else { return try checkRows() }
    let width = end.output.count
    if width == needed { return }
    let hasDense = end.lastDense != nil
    throw CoreError(
      "units-mismatch",
      "the network gives \(width) \(width == 1 ? "number" : "numbers") for each row, and "
        + "\(loss.name) needs \(needed) for labels of \(target.kindText)",
      help: hasDense
        ? "write dense(\(needed)) as its last dense layer"
        : "end the network with dense(\(needed))",
      place: end.maker,
      instead: hasDense ? .init(of: "dense(\(width)", "dense(\(needed)") : nil)
  }

  /// Of several results the help says the losses of all, those that fit as they are: what one needs
  /// may be wrong for another.
  private func error(_ misfit: LossMisfit, among heads: [Head]) -> CoreError {
    var help = "use loss: \(misfit.other)"
    var kind = misfit.kind.map { "\"\($0.rawValue)\"" }
    if let name {
      let losses = heads.map { head in
        let other = head.loss.misfit(head.target, "")?.other
        return "\(head.name ?? ""): \(other ?? head.loss.wordOrText)"
      }
      help = "use loss: (\(losses.joined(separator: ", ")))"
      kind = kind.map { "(\(name): \($0))" }
    }
    if let kind {
      help +=
        ", or, if the labels are "
        + (misfit.kind == .numbers ? "amounts" : "names of classes")
        + ", make the data set with kind: \(kind)"
    }
    let isAlone = heads.filter { $0.loss.name == loss.name }.count == 1
    return CoreError(
      "loss-kind", misfit.message, help: help,
      instead: isAlone ? loss.instead(misfit.other) : nil)
  }

  /// A loss that places rows among each other takes rows of any length.
  private func checkRows() throws(CoreError) {
    if end.output.rank == 1, end.output.count > 0 { return }
    throw CoreError(
      "units-mismatch",
      "\(loss.name) takes a row of numbers, and the network gives shape \(end.output)",
      help: "end the network with flatten() and dense(16)", place: end.place)
  }
}

/// What is wrong with a loss for labels of some kind.
private struct LossMisfit {
  let message: String
  /// The loss that takes them, as it is written.
  let other: String
  /// What the labels may be taken for instead.
  var kind: Target.Kind?
}

extension Loss {
  /// - Parameter reason: why the labels are what they are; empty where somebody said it.
  fileprivate func misfit(_ target: Target, _ reason: String) -> LossMisfit? {
    let why = reason.isEmpty ? "" : " (\(reason))"
    let takesClasses = kind.takes.contains(where: \.isOfClasses)
    let takesNumbers = kind.takes.contains { !$0.isOfClasses }
    switch target {
    case .classes where !takesClasses:
      return LossMisfit(
        message: "\(name) compares numbers, and the labels are \(target.kindText)\(why)",
        other: "cross_entropy", kind: .numbers)
    case .classes(let labels, _) where form(of: target) == .pair && labels.count != 2:
      return LossMisfit(
        message:
          "\(name) tells two classes apart, and the labels are \(target.kindText)\(why)",
        other: "cross_entropy")
    case .numbers(let names)
    where !takesNumbers || names.count == 1 && form(of: target) == .shares && takesClasses:
      return LossMisfit(
        message: "\(name) chooses among classes, and the labels are numbers\(why)", other: "mse",
        kind: .classes)
    case .numbers(let names)
    where names.count == 1 && [.vectors, .shares].contains(form(of: target)):
      return LossMisfit(
        message: "\(name) compares rows of numbers, and the labels are one number a row",
        other: "mse")
    default: return nil
    }
  }

  /// As it is written, or as somebody's own is shown, which may have no name.
  fileprivate var wordOrText: String { isOwn && name != "loss" ? name : description }

  /// A word to write in place of the loss; one with settings is more than a word.
  fileprivate func instead(_ other: String) -> CoreError.Instead? {
    isPlain ? .init(of: name, other) : nil
  }

  /// - Parameter width: how many classes there are, where labels choose among classes.
  func checkWeights(_ form: LabelForm, width: Int) throws(CoreError) {
    let weights = self["class_weights"].list
    let isOfClasses = form.isOfIds || form == .shares
    let needed = isOfClasses ? width : 2
    if weights.isEmpty || weights.count == needed { return }
    throw CoreError(
      "bad-setting",
      "`class_weights` of \(name) has \(weights.count) numbers, and there are \(needed) "
        + (isOfClasses ? "classes" : "answers, no and yes"),
      help: "give one number for each, in the order of the classes")
  }

  /// Checks the values of labels that are numbers.
  /// - Parameter namesRow: whether their rows are those that a person knows.
  /// - Throws: `loss-kind`.
  func check(
    labels: Tensor, _ form: LabelForm, _ what: String, namesRow: Bool = true
  ) throws(CoreError) {
    let width = labels.count / max(1, labels.shape.sizes.first ?? 1)
    guard !form.isOfClasses,
      let bad = form.firstBadRow(labels.converted(to: .f32).floats(), width: width)
    else { return }
    let isShares = form == .shares
    throw CoreError(
      "loss-kind",
      "\(name) takes \(form.wanted), and \(what) has \(bad.found)"
        + (namesRow ? " in row \(bad.row)" : ""),
      help: isShares
        ? "divide each row by its sum, or use loss: mse for amounts"
        : "use loss: mse for amounts", instead: instead("mse"))
  }
}

extension Target {
  /// "10 classes", "1 number".
  public var kindText: String {
    switch self {
    case .classes(let labels, _): labels.count == 1 ? "1 class" : "\(labels.count) classes"
    case .numbers(let names): names.count == 1 ? "1 number" : "\(names.count) numbers"
    case .outputs(let outputs):
      outputs.map { "\($0.target.kindText) (\($0.name))" }.joined(separator: ", ")
    }
  }
}
