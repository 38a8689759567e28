import MaasSyntax

/// The global names of a file or session and where their values stand.
public final class GlobalNames {
  public private(set) var slots: [String: Int] = [:]
  public private(set) var names: [String] = []
  /// Names that a program which compiled assigns somewhere.
  public private(set) var established: Set<String> = []

  public init() {}

  /// Globals of which none stands in a register: those of a file beside the first one.
  public static func outsideRegisters() -> GlobalNames {
    let globals = GlobalNames()
    globals.names = Array(repeating: "", count: registerCount)
    return globals
  }

  /// The first variables stand in registers of the top-level frame; the rest below its base.
  public static let registerCount = 120
  /// How many fit below the base.
  public static let overflowCount = 60_000

  /// Where a global stands, counted from the base of its top-level frame.
  public static func offset(of slot: Int) -> Int {
    slot < registerCount ? slot : registerCount - 1 - slot
  }

  /// Names that some function reads, so that a call may see what stands there.
  private(set) var readInFunctions: Set<String> = []

  func noteRead(_ names: Set<String>) { readInFunctions.formUnion(names) }

  public func establish(_ names: Set<String>) { established.formUnion(names) }

  /// The slot of a name, made where it is new.
  public func declare(_ name: String) -> Int {
    if let slot = slots[name] { return slot }
    let slot = names.count
    slots[name] = slot
    names.append(name)
    return slot
  }
}

/// What the compiler must know of the builtins.
public protocol BuiltinCatalogue {
  func containsBuiltin(_ name: String) -> Bool
  /// Whether calling it does nothing but give a value, so that dropping the value is a mistake.
  func isPure(_ name: String) -> Bool
  var builtinNames: [String] { get }
  /// Whether the language has a builtin of the name that this version lacks.
  func isPlanned(_ name: String) -> Bool
  /// What to do without a planned builtin.
  func helpForPlanned(_ name: String) -> String
  /// Whether plain arguments stand in the order of its parameters: it collects none in a rest.
  func bindsPlainly(_ name: String) -> Bool
  /// The builtin that gives a list with one more element; it has an instruction of its own.
  var listAppend: String { get }
}

/// What to do without a part of the language that is to come.
private let withoutPlanned = "leave it out, or wait for a later version"

extension BuiltinCatalogue {
  public func helpForPlanned(_ name: String) -> String { withoutPlanned }
}

/// What is known beyond one program: the globals it joins and the way it is read.
public struct CompilationContext {
  public var globals: GlobalNames
  public var builtins: any BuiltinCatalogue
  /// At the prompt every expression may stand alone, and a function may name what comes later.
  public var isInteractive: Bool
  /// Names that later parts of the same file assign: functions may mention them already.
  public var pending: Set<String>
  /// What the top level is called among the calls of an error.
  public var topLevelName: String

  public init(
    globals: GlobalNames, builtins: any BuiltinCatalogue, isInteractive: Bool,
    pending: Set<String> = [], topLevelName: String = ""
  ) {
    self.topLevelName = topLevelName
    self.globals = globals
    self.builtins = builtins
    self.isInteractive = isInteractive
    self.pending = pending
  }
}

/// Compiles a program to the code of its top level.
///
/// - Throws: `CompilationFailure` with all that was found wrong.
public func compile(_ program: Program, in context: CompilationContext) throws(CompilationFailure)
  -> Prototype
{
  let unit = CompilationUnit(program: program, context: context)
  let prototype = FunctionCompiler(unit: unit).compileTopLevel(program.statements)
  if !unit.diagnostics.isEmpty { throw CompilationFailure(diagnostics: unit.diagnostics) }
  context.globals.establish(unit.ownGlobals)
  return prototype
}

public struct CompilationFailure: Error {
  public var diagnostics: [Diagnostic]
}

/// One program on its way to code: shared by the compilers of its functions.
final class CompilationUnit {
  let source: Source
  let context: CompilationContext
  /// Names that the program assigns at top level, wherever that stands.
  let ownGlobals: Set<String>
  let markedLines: Set<Int>
  private(set) var diagnostics: [Diagnostic] = []
  private var reported: Set<Span> = []
  /// More errors than this are not for reading.
  private static let reportLimit = 100

  init(program: Program, context: CompilationContext) {
    source = program.source
    self.context = context
    let uses = NameUses(statements: program.statements)
    let assigned = uses.assignedInOrder
    context.globals.noteRead(uses.readInFunctions)
    ownGlobals = Set(assigned)
    markedLines = Set(program.marks.map { program.source.lineIndex(at: $0.span.start) })
    for name in assigned { _ = context.globals.declare(name) }
    if context.globals.names.count > GlobalNames.registerCount + GlobalNames.overflowCount {
      report(
        "too-many-names",
        "a program has at most \(GlobalNames.registerCount + GlobalNames.overflowCount) top-level names",
        Span(0, 0), help: "keep values in a list or a record")
    }
  }

  func report(
    _ id: String, _ message: String, _ span: Span, _ label: String = "",
    secondary: [Diagnostic.Label] = [], help: String? = nil, edits: [Diagnostic.Edit] = []
  ) {
    // One mistake, one report: a second error at the same place says nothing new.
    guard diagnostics.count < Self.reportLimit, reported.insert(span).inserted else { return }
    diagnostics.append(
      Diagnostic(
        id, message, at: Diagnostic.Label(source, span, label), secondary: secondary, help: help,
        edits: edits))
  }

  func notYet(
    _ what: String, _ span: Span, help: String = withoutPlanned
  ) {
    report(
      "not-yet", "\(what) is part of the language, but this version cannot run it yet", span,
      help: help)
  }
}
