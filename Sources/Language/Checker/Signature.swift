import MaasCompiler
import MaasSyntax

/// What a call must fit: the name and the parameters of a function.
public struct Signature: Sendable {
  public var name: String
  public var parameters: [ParameterInfo]
  /// Where the function is declared, if that is in the program.
  public var place: Span?
  /// The parameter that takes a function and nothing else, if it is the second.
  public var takesFunctionSecond = false

  public init(name: String, parameters: [ParameterInfo], place: Span? = nil) {
    self.name = name
    self.parameters = parameters
    self.place = place
  }

  public init(_ name: String, _ literal: FunctionLiteral, place: Span? = nil) {
    let parameters = literal.parameters.map { parameter in
      var name = ""
      if case .name(let plain) = parameter.pattern.form { name = plain }
      return ParameterInfo(
        name: name, isOptional: parameter.initial != nil, isRest: parameter.isRest)
    }
    self.init(name: name, parameters: parameters, place: place)
  }
}

/// A call as it is written.
struct CallUse {
  var span: Span
  /// Values without a name, the one from a pipe included.
  var positional: Int
  var labels: [(name: String, span: Span)]
  /// Elements of a list or record join the arguments: their number is not known.
  var hasSpread: Bool
  var hasBlock: Bool
  /// A function stands first and none second: `map(x -> x + 1, xs)`.
  var hasFunctionFirst = false
}

extension Signature {
  /// What is wrong with a call, in the words in which running it would say so; nil if it fits.
  func problem(with call: CallUse, in source: Source) -> Diagnostic? {
    let restPosition = parameters.firstIndex(where: \.isRest)
    var isGiven = parameters.indices.map { parameters[$0].isRest || $0 < call.positional }
    if call.hasBlock {
      guard let last = isGiven.indices.last else { return tooMany(call, source) }
      isGiven[last] = true
    }
    for label in call.labels {
      guard let position = parameters.firstIndex(where: { $0.name == label.name && !$0.isRest })
      else {
        if restPosition.map({ parameters[$0].takesNames }) == true { continue }
        return unknown(label, source)
      }
      if position < call.positional, restPosition.map({ position < $0 }) ?? true {
        return repeated(label, source)
      }
      isGiven[position] = true
    }
    if restPosition == nil, call.positional > parameters.count { return tooMany(call, source) }
    guard !call.hasSpread else { return nil }
    if takesFunctionSecond, call.hasFunctionFirst { return swapped(call, source) }
    let missing = parameters.indices.first { !isGiven[$0] && !parameters[$0].isOptional }
    return missing.map { self.missing(parameters[$0].name, call, source) }
  }

  private var declared: (Source) -> [Diagnostic.Label] {
    { source in
      place.map { [Diagnostic.Label(source, $0, "declared here")] } ?? []
    }
  }

  private func unknown(_ label: (name: String, span: Span), _ source: Source) -> Diagnostic {
    let names = parameters.filter { !$0.isRest && !$0.name.isEmpty }.map(\.name)
    let near = nearNames(to: label.name, among: names).first
    return Diagnostic(
      "unknown-argument", "`\(name)` has no argument `\(label.name)`",
      at: .init(source, label.span), secondary: declared(source),
      help: near.map { "did you mean `\($0)`?" }
        ?? (names.isEmpty ? "it takes none" : "it takes " + names.joined(separator: ", ")),
      edits: near.map { [.init(label.span, $0)] } ?? [])
  }

  private func swapped(_ call: CallUse, _ source: Source) -> Diagnostic {
    var finding = Diagnostic(
      "wrong-order", "`\(name)` takes \(parameters[0].name) first, then the function",
      at: .init(source, call.span), help: "write \(name)(list, function)")
    finding.rewrites = [.swap]
    finding.settle()
    return finding
  }

  private func repeated(_ label: (name: String, span: Span), _ source: Source) -> Diagnostic {
    Diagnostic(
      "repeated-argument", "`\(name)` is given `\(label.name)` twice",
      at: .init(source, label.span), secondary: declared(source),
      help: "positional arguments come first, then named ones")
  }

  private func tooMany(_ call: CallUse, _ source: Source) -> Diagnostic {
    let names = parameters.map(\.name).joined(separator: ", ")
    let count = call.positional + call.labels.count + (call.hasBlock ? 1 : 0)
    return Diagnostic(
      "too-many-arguments",
      "`\(name)` takes \(parameters.count) "
        + (parameters.count == 1 ? "argument" : "arguments") + ", and \(count) are given",
      at: .init(source, call.span), secondary: declared(source),
      help: names.isEmpty ? "call it without any" : "it takes \(names)")
  }

  private func missing(_ parameter: String, _ call: CallUse, _ source: Source) -> Diagnostic {
    Diagnostic(
      "missing-argument", "`\(name)` needs an argument `\(parameter)`",
      at: .init(source, call.span), secondary: declared(source),
      help: parameter.isEmpty ? nil : "write it in order or by name: \(parameter): …")
  }
}
