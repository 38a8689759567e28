import MaasCompiler
import MaasSyntax
import MaasVM

extension [Builtin] {
  /// The function that declarations under one name make together.
  var function: NativeFunction {
    count == 1 ? self[0].function : NativeFunction(overloads: map(\.function))
  }
}

/// One builtin, declared once: calls, errors, help, completion, the reference and the tests read
/// the same record.
public struct Builtin: Sendable {
  /// `softmax(x: tensor, axis: number = -1) -> tensor`, in the language's own syntax.
  public let signature: String
  /// The first line says what it does; indented lines are examples, run as tests.
  public let documentation: String
  /// Whether a call does nothing but give its value.
  public let isPure: Bool
  /// The parameters through which gradients go: the body hands them to ops, and reads no elements.
  public let gradients: Set<String>
  let body: @Sendable (borrowing NativeCall) throws -> Value
  let shortcut: NativeFunction.Shortcut
  /// The value of a constant.
  let value: (@Sendable () -> Value)?

  /// A constant: its signature is its name.
  public init(
    constant name: String, _ documentation: String, _ value: @escaping @Sendable () -> Value
  ) {
    signature = name
    self.documentation = documentation
    isPure = true
    gradients = []
    self.value = value
    body = { _ in .nil }
    shortcut = .none
  }

  public init(
    _ signature: String, _ documentation: String, isPure: Bool = true,
    gradients: Set<String> = [],
    shortcut: NativeFunction.Shortcut = .none,
    _ body: @escaping @Sendable (borrowing NativeCall) throws -> Value
  ) {
    self.signature = signature
    self.documentation = documentation
    self.isPure = isPure
    self.gradients = gradients
    self.body = body
    self.shortcut = shortcut
    value = nil
  }

  /// The name, which is what stands before the parenthesis.
  public var name: String { String(signature.prefix { $0 != "(" }) }

  /// The name without that of the record it is a field of: `uniform` of `random.uniform`.
  var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }

  public var isConstant: Bool { value != nil }

  /// The first line of the documentation.
  public var summary: String {
    String(documentation.prefix { $0 != "\n" })
  }

  /// The indented lines of the documentation: a script with marks.
  public var example: String {
    documentation.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }.joined(separator: "\n")
  }

  /// The callable with its parameters, read from the signature by the language's own parser.
  var function: NativeFunction {
    NativeFunction(
      name: name, parameters: parameters, signature: signature, shortcut: shortcut, body: body)
  }

  /// The parameters; a signature that does not parse gives none, and the tests refuse it.
  public var parameters: [NativeFunction.Parameter] {
    literal?.parameters.map { parameter in
      var name = ""
      if case .name(let plain) = parameter.pattern.form { name = plain }
      return NativeFunction.Parameter(
        name: name, types: parameter.type.map { ValueTypes(whole: $0) } ?? .any,
        isOptional: parameter.initial != nil, isRest: parameter.isRest,
        takesTraced: gradients.contains(name),
        takesNames: parameter.isRest && parameter.type?.isOnlyRecord == true)
    } ?? []
  }

  /// Whether the signature is one that the language's parser takes.
  public var isWellFormed: Bool { isConstant || literal != nil }

  /// The signature as the parser sees it; nil where it is not valid.
  var literal: FunctionLiteral? {
    let short = signature.dropFirst(name.utf8.count - shortName.utf8.count)
    let program = parse(Source(name: name, text: "fn \(short) = nil")).program
    guard case .function(let declaration)? = program.statements.first?.form else { return nil }
    return declaration.literal
  }
}

extension TypeExpression {
  /// `...heads: record` takes arguments of any names.
  fileprivate var isOnlyRecord: Bool { alternatives.map(\.name) == ["record"] }
}
