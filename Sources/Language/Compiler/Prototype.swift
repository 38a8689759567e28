import MaasSyntax

/// A compiled function: code and all that it refers to.
public final class Prototype: Sendable {
  public let name: String
  public let source: Source
  /// Where the function stands, for errors about the call.
  public let span: Span
  public let parameters: [ParameterInfo]
  public let localCount: Int
  public let registerCount: Int
  public let code: [Instruction]
  /// Where each instruction comes from.
  public let spans: [Span]
  public let constants: [Constant]
  public let functions: [Prototype]
  public let callSites: [CallSite]
  public let captures: [Capture]
  public let captureNames: [String]
  public let keyLists: [[String]]
  public let formats: [FormatSpecification]
  public let paths: [Path]
  public let types: [TypeCheck]
  public let errors: [Diagnostic]
  /// Bodies of `try`, innermost first.
  public let handlers: [Handler]
  /// Names of the variables in the first registers, for errors and completion.
  public let localNames: [String]
  public let documentation: String?
  /// The signature as it was written.
  public let signature: String

  init(
    name: String, source: Source, span: Span, parameters: [ParameterInfo], localCount: Int,
    registerCount: Int, code: [Instruction], spans: [Span], constants: [Constant],
    functions: [Prototype], callSites: [CallSite], captures: [Capture],
    captureNames: [String], keyLists: [[String]], formats: [FormatSpecification], paths: [Path],
    types: [TypeCheck], errors: [Diagnostic],
    handlers: [Handler], localNames: [String], documentation: String?, signature: String
  ) {
    self.name = name
    self.source = source
    self.span = span
    self.parameters = parameters
    self.localCount = localCount
    self.registerCount = registerCount
    self.code = code
    self.spans = spans
    self.constants = constants
    self.functions = functions
    self.callSites = callSites
    self.captures = captures
    self.captureNames = captureNames
    self.keyLists = keyLists
    self.formats = formats
    self.paths = paths
    self.types = types
    self.errors = errors
    self.handlers = handlers
    self.localNames = localNames
    self.documentation = documentation
    self.signature = signature
  }
}

public enum Constant: Hashable, Sendable {
  case number(UInt64)
  case string(String)
  case builtin(String)

  /// Strings are equal when their code points are.
  public static func == (left: Constant, right: Constant) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)), (.builtin(let a), .builtin(let b)):
      a.utf8.elementsEqual(b.utf8)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .number(let bits): hasher.combine(bits)
    case .string(let text), .builtin(let text): for byte in text.utf8 { hasher.combine(byte) }
    }
  }
}

/// What a caller needs to know of a parameter.
public struct ParameterInfo: Sendable {
  public var name: String
  public var isOptional: Bool
  public var isRest: Bool
  /// Whether the rest is a record of arguments whose names the function does not know.
  public var takesNames: Bool
  public init(name: String, isOptional: Bool, isRest: Bool, takesNames: Bool = false) {
    self.takesNames = takesNames
    self.name = name
    self.isOptional = isOptional
    self.isRest = isRest
  }
}

/// The shape of one call that is not plain positional.
public struct CallSite: Sendable {
  /// For each argument in the window: its label, or whether its elements are spread.
  public struct Argument: Sendable {
    public var label: String?
    public var isSpread: Bool
    public var span: Span
  }
  public var arguments: [Argument]
}

/// Where a closure takes a captured value from when it is made.
public enum Capture: Hashable, Sendable {
  case register(Int)
  case capture(Int)
}

/// The steps of a nested place; index keys stand in a window, fields in the path.
public struct Path: Sendable {
  public enum Step: Sendable {
    /// How many keys of the window the index takes, and which of them count from the end.
    case index(Int, fromEnd: Int)
    case field(String)
  }
  public var steps: [Step]
  /// How many registers the keys fill.
  public var keyCount: Int
}

/// An optional type of a parameter.
public struct TypeCheck: Sendable {
  /// What a type is asked of.
  public enum Role: Sendable {
    case parameter
    /// `...rest: number`: each of the arguments.
    case rest
    /// What the function gives; its sizes are those of the parameters that it never assigns.
    case result(sizesOf: Set<String>)
  }

  public var parameter: String
  public var type: TypeExpression
  public var role = Role.parameter
}

/// The body of a `try`: an error at one of its instructions goes on at `target`.
public struct Handler: Sendable {
  public var start: Int
  /// Behind the last instruction.
  public var end: Int
  public var target: Int
  /// The variable that takes the error as a value.
  public var register: Int
  /// The first register of the body's temporaries, which an error leaves empty.
  public var temporaries: Int
}
