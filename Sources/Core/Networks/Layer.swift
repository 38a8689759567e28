import MaasTensors

/// A recipe for one layer: its kind and settings, without weights.
public struct Layer: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// activation(x W + b), `units` outputs.
    case dense(units: Int, activation: Activation)
    /// x · factor.
    case scale(Double)
    /// (x - mean) / deviation, each column by itself, learned from the training data.
    case standardize
    /// Clears a share of the numbers while training.
    case dropout(rate: Double)
    /// Rows of any shape become rows of numbers.
    case flatten
    case activation(Activation)
  }

  public let kind: Kind

  private init(_ kind: Kind) { self.kind = kind }

  /// - Throws: `bad-setting` if units < 1.
  public static func dense(
    units: Int, activation: Activation = .identity
  ) throws(CoreError) -> Layer {
    guard (1...(1 << 24)).contains(units) else {
      throw CoreError(
        "bad-setting", "dense needs from 1 to \(1 << 24) units, and here are \(units)",
        help: "units are the numbers that it gives for a row: dense(10)")
    }
    return Layer(.dense(units: units, activation: activation))
  }

  /// - Throws: `bad-setting` for a factor that is not finite.
  public static func scale(_ factor: Double) throws(CoreError) -> Layer {
    guard factor.isFinite else {
      throw CoreError("bad-setting", "scale needs a finite factor, and here is \(factor)")
    }
    return Layer(.scale(factor))
  }

  public static let standardize = Layer(.standardize)

  /// - Throws: `bad-setting` if the rate is not in 0 ..< 1.
  public static func dropout(_ rate: Double) throws(CoreError) -> Layer {
    guard rate >= 0, rate < 1 else {
      throw CoreError(
        "bad-setting", "dropout needs a rate from 0 to below 1, and here is \(rate)",
        help: "the rate is the share of numbers that is cleared: 0.2 clears one in five")
    }
    return Layer(.dropout(rate: rate))
  }

  public static let flatten = Layer(.flatten)

  public static func activation(_ activation: Activation) -> Layer {
    Layer(.activation(activation))
  }

  /// The kind in a word: "dense", "relu".
  public var name: String {
    switch kind {
    case .dense: "dense"
    case .scale: "scale"
    case .standardize: "standardize"
    case .dropout: "dropout"
    case .flatten: "flatten"
    case .activation(let activation): activation.rawValue
    }
  }

  /// As it would be written in a script: "dense(64, relu)".
  public var description: String {
    switch kind {
    case .dense(let units, .identity): "dense(\(units))"
    case .dense(let units, let activation): "dense(\(units), \(activation.rawValue))"
    case .scale(let factor): "scale(\(factor))"
    case .dropout(let rate): "dropout(\(rate))"
    case .standardize, .flatten, .activation: "\(name)()"
    }
  }
}

/// What a layer is told, in a form that any file can hold.
public enum Setting: Sendable, Hashable {
  case number(Double)
  case text(String)
}

/// Layers as names and settings, for saving and loading.
extension Layer {
  /// The settings in order; `Layer(name:settings:)` takes them back.
  public var settings: [(name: String, value: Setting)] {
    switch kind {
    case .dense(let units, let activation):
      [("units", .number(Double(units))), ("activation", .text(activation.rawValue))]
    case .scale(let factor): [("factor", .number(factor))]
    case .dropout(let rate): [("rate", .number(rate))]
    case .standardize, .flatten, .activation: []
    }
  }

  /// The layer of a name and settings.
  /// - Throws: `unknown-layer`, `bad-setting`.
  public init(name: String, settings: [(name: String, value: Setting)]) throws(CoreError) {
    func number(_ wanted: String) throws(CoreError) -> Double {
      guard case .number(let value)? = settings.first(where: { $0.name == wanted })?.value else {
        throw CoreError("bad-setting", "\(name) needs the number \(wanted)")
      }
      return value
    }
    switch name {
    case "dense":
      guard case .text(let word)? = settings.first(where: { $0.name == "activation" })?.value,
        let activation = Activation(rawValue: word)
      else { throw CoreError("bad-setting", "dense needs the name of its activation") }
      self = try .dense(units: Int(exactly: number("units")) ?? 0, activation: activation)
    case "scale": self = try .scale(number("factor"))
    case "dropout": self = try .dropout(number("rate"))
    case "standardize": self = .standardize
    case "flatten": self = .flatten
    default:
      guard let activation = Activation(rawValue: name) else {
        throw CoreError("unknown-layer", "there is no layer called \(name)")
      }
      self = .activation(activation)
    }
  }
}
