import MaasData
import MaasNetworks
import MaasTensors

/// What training makes small: the mean over a batch. A kind with its settings.
public struct Loss: Sendable, Hashable, CustomStringConvertible {
  public let kind: LossKind
  /// One a rule of the kind, in its order.
  private let values: [Setting]
  /// The losses of several results by name, of which it is the sum; empty for one.
  public let parts: [Part]

  /// - Parameter settings: those that are said; the others are what the kind says.
  /// - Throws: `bad-setting`.
  public init(_ kind: LossKind, _ settings: [String: Setting] = [:]) throws(CoreError) {
    self.kind = kind
    var values: [Setting] = []
    for rule in kind.settings {
      guard let value = settings[rule.name] ?? rule.initial else {
        throw CoreError(
          "bad-setting", "\(kind.name) needs the setting \(rule.name)", help: rule.meaning)
      }
      values.append(try rule.checked(value, of: kind.name))
    }
    self.values = values
    parts = []
  }

  /// A kind all of whose settings have a value when nobody says one.
  private init(plain kind: LossKind) {
    self.kind = kind
    values = kind.settings.compactMap(\.initial)
    parts = []
  }

  init(kind: LossKind, parts: [Part]) {
    self.kind = kind
    values = []
    self.parts = parts
  }

  public static let mse = Loss(plain: .mse)
  public static let crossEntropy = Loss(plain: .crossEntropy)
  public static let binaryCrossEntropy = Loss(plain: .binaryCrossEntropy)

  /// The loss for labels of this kind, where nobody says one.
  public static func inferred(for target: Target, _ network: Network) -> Loss {
    switch target {
    case .numbers, .outputs: .mse
    case .classes(let labels, _):
      labels.count == 2 && network.lastActivation == .sigmoid ? .binaryCrossEntropy : .crossEntropy
    }
  }

  /// As written in scripts.
  public var name: String { kind.name }

  public subscript(setting: String) -> Setting {
    zip(kind.settings, values).first { $0.0.name == setting }?.1 ?? .number(0)
  }

  /// The settings that are not as the kind says; `Loss(kind, settings)` takes them back.
  public var settings: [(name: String, value: Setting)] {
    zip(kind.settings, values).filter { $0.0.initial != $0.1 }.map { ($0.name, $1) }
  }

  /// Whether all settings are as the kind says.
  var isPlain: Bool { settings.isEmpty }

  /// As it would be written in a script: "huber(1.5)", "mse".
  public var description: String {
    if !parts.isEmpty { return "(\(partsText))" }
    if isPlain { return name }
    if isOwn { return self["function"].word }
    let parts = zip(kind.settings, values).filter { $0.0.initial != $0.1 }.map { rule, value in
      (rule.isPlain ? "" : "\(rule.name): ") + value.text
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }

  public static func == (left: Loss, right: Loss) -> Bool {
    left.name == right.name && left.values == right.values && left.parts == right.parts
      && (left.kind.own === right.kind.own || !left["ops"].lines.isEmpty)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(values)
    hasher.combine(parts)
  }

  /// The number that an op of single numbers takes.
  var attributes: Attributes {
    var attributes = Attributes()
    if case .number(let number)? = values.first { attributes.high = number }
    return attributes
  }
}

/// What a loss makes of a network's scores.
extension Loss {
  /// The form in which it takes labels; of those it cannot take, what it would take instead.
  func form(of target: Target) -> LabelForm {
    let ofClasses = kind.takes.filter(\.isOfClasses)
    if target.kind == .classes {
      if ofClasses.contains(.pair), ofClasses.count == 1 || target.width == 2 { return .pair }
      return ofClasses.last ?? .classes
    }
    return kind.takes.first { !$0.isOfClasses } ?? .amounts
  }

  /// What turns scores into predictions.
  public func link(for target: Target) -> Link { kind.link(form(of: target)) }

  /// Whether a network ends in what the loss does itself, so that the loss takes its scores, and a
  /// prediction has nothing to add. The one place that decides it.
  package func folds(_ network: Network, _ target: Target) -> Bool {
    link(for: target).activation == network.lastActivation
  }

  /// The outputs a network needs for this target; nil: any number.
  public func units(for target: Target) -> Int? { form(of: target).units(for: target) }

  /// Whether right answers can be counted.
  package func countsRight(_ target: Target) -> Bool {
    target.kind == .classes && form(of: target) != .groups
  }

  /// What a prediction says: the target itself; for a loss that places rows among each other,
  /// `width` numbers.
  public func answers(for target: Target, width: Int) -> Target {
    if form(of: target) == .groups && target.kind == .classes {
      return .numbers(names: (0..<width).map { "place\($0)" })
    }
    if isOwn, !isAnswer(width, to: target) {
      return .numbers(names: (0..<width).map { "output\($0)" })
    }
    return target
  }

  /// The score above which one output means the second of two classes.
  public func threshold(for target: Target, of network: Network) -> Double {
    link(for: target) == .sigmoid || isOwn && network.lastActivation == .sigmoid ? 0.5 : 0
  }

  /// Whether predictions are probabilities: of classes, shares, or of yes.
  public func givesProbabilities(for target: Target, of network: Network) -> Bool {
    if [.softmax, .sigmoid].contains(link(for: target)) { return true }
    let last = isOwn ? network.lastActivation : nil
    return last == .softmax || last == .sigmoid && target.kind == .classes
  }
}

/// The loss as ops.
extension Loss {
  /// Nodes of a loss in a graph.
  package struct Nodes {
    /// The mean, where one kernel makes it together with its gradient; else numbers to add up.
    package var node: NodeID
    package var isFused: Bool
  }

  /// - Throws: `shape-mismatch` where scores and labels do not fit.
  package func add(
    to graph: inout Graph, scores: NodeID, labels: NodeID, target: Target
  ) throws -> Nodes {
    try add(to: &graph, scores: scores, labels: labels, form: form(of: target))
  }

  func add(
    to graph: inout Graph, scores: NodeID, labels: NodeID, form: LabelForm
  ) throws -> Nodes {
    if let op = kind.fused(self, form) {
      return Nodes(
        node: try graph.apply(op, scores, labels, attributes: attributes), isFused: true)
    }
    var builder = LossBuilder(
      graph: graph, loss: self, form: form, scores: scores, labels: labels)
    let node = try kind.build(&builder)
    graph = builder.graph
    return Nodes(node: node, isFused: false)
  }

  /// How the sum of losses over rows becomes a mean.
  func measure(_ labels: Tensor, _ form: LabelForm) -> LossMeasure {
    let rows = labels.shape.sizes.first ?? 1
    let numbers = Double(labels.count / max(1, rows))
    switch kind.measure {
    case .numbers: return LossMeasure(numbersARow: numbers)
    case .rows: return LossMeasure(numbersARow: [.pair, .choices].contains(form) ? numbers : 1)
    case .weights:
      return LossMeasure(
        numbersARow: 1, classWeights: form == .classes ? self["class_weights"].list : [])
    }
  }
}

/// What the sum of losses over some rows is divided by for their mean.
struct LossMeasure {
  let numbersARow: Double
  /// The weight of each class; empty: all count alike.
  var classWeights: [Double] = []

  /// - Parameters:
  ///   - labels: class ids, where there are weights.
  ///   - rows: which of them.
  func amount(_ labels: Tensor, rows: UnsafeBufferPointer<Int32>) -> Double {
    if classWeights.isEmpty { return Double(rows.count) * numbersARow }
    return labels.with(Int32.self) { ids in
      rows.reduce(0) { $0 + classWeights[Int(ids[Int($1)])] }
    }
  }

  /// Of all rows.
  func amount(_ labels: Tensor) -> Double {
    if classWeights.isEmpty { return Double(labels.shape.sizes.first ?? 1) * numbersARow }
    return labels.with(Int32.self) { ids in ids.reduce(0) { $0 + classWeights[Int($1)] } }
  }
}
