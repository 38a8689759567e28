import MaasSyntax

/// Turns the body of one function, or of a top level, into a `Prototype`.
///
/// Registers: parameters first, then variables in order of appearance, then temporaries as a
/// stack. While code is being made, temporaries are numbered from `temporaryBase` on; they move
/// down behind the variables when the function is complete and the variables are counted.
final class FunctionCompiler {
  let unit: CompilationUnit
  let parent: FunctionCompiler?
  let isTopLevel: Bool

  // Code.
  var code: [Draft] = []
  var constants: [Constant] = []
  var constantIndex: [Constant: Int] = [:]
  var functions: [Prototype] = []
  var callSites: [CallSite] = []
  var captures: [Capture] = []
  var captureNames: [String] = []
  var captureIndex: [String: Int] = [:]
  var keyLists: [[String]] = []
  var formats: [FormatSpecification] = []
  var paths: [Path] = []
  var types: [TypeCheck] = []
  /// Which of them is that of the function's result.
  var resultCheck: Int?
  var errors: [Diagnostic] = []
  /// Innermost first.
  var handlers: [Handler] = []

  // Names.
  var localNames: [String] = []
  var locals: [String: Int] = [:]
  /// Names bound by blocks, innermost last.
  var scopes: [[String: Int]] = []
  /// The name by which a local function calls itself.
  var selfName: String?
  /// Variables that have a value for sure at this point of the code.
  var assigned: Set<Int> = []
  /// Registers of variables whose block is over.
  private var freeLocals: [Int] = []

  // Temporaries.
  static let temporaryBase = 1 << 16
  static let registerLimit = 250
  var temporaryTop = 0
  var temporaryPeak = 0

  // Control.
  struct Loop {
    var temporaries: Int
    var breaks: [Int] = []
    var continues: [Int] = []
  }
  var loops: [Loop] = []
  /// The register of the list that a collecting block fills.
  var collector: Int?
  /// Set while the value of a returned call is compiled: its arguments may be moved.
  var movableIn: Expression?
  /// The variable that a call in `x = f(x, …)` may take over.
  var movableName: String?
  /// How many bodies of `try` the code stands in.
  var attempts = 0

  /// An instruction whose temporaries are not numbered for good.
  struct Draft {
    var opcode: Opcode
    var a = 0
    var b = 0
    var c = 0
    var immediate = 0
    var span: Span
  }

  init(unit: CompilationUnit) {
    self.unit = unit
    parent = nil
    isTopLevel = true
    localNames = Array(repeating: "", count: GlobalNames.registerCount)
  }

  init(parent: FunctionCompiler) {
    unit = parent.unit
    self.parent = parent
    isTopLevel = false
  }

  // MARK: Emission

  @discardableResult
  func emit(
    _ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, immediate: Int = 0, _ span: Span
  ) -> Int {
    code.append(Draft(opcode: opcode, a: a, b: b, c: c, immediate: immediate, span: span))
    return code.count - 1
  }

  /// Makes the jump at `index` lead to the next instruction.
  func land(_ index: Int) { code[index].immediate = code.count - index - 1 }
  func land(_ indices: [Int]) { for index in indices { land(index) } }

  func constant(_ constant: Constant) -> Int {
    if let index = constantIndex[constant] { return index }
    constants.append(constant)
    constantIndex[constant] = constants.count - 1
    return constants.count - 1
  }

  func constant(_ text: String) -> Int { constant(.string(text)) }
  func constant(_ number: Double) -> Int { constant(.number(number.bitPattern)) }

  // MARK: Registers

  func newTemporary() -> Int {
    let register = FunctionCompiler.temporaryBase + temporaryTop
    temporaryTop += 1
    temporaryPeak = max(temporaryPeak, temporaryTop)
    return register
  }

  func isTemporary(_ register: Int) -> Bool { register >= FunctionCompiler.temporaryBase }

  func newLocal(_ name: String) -> Int {
    if let register = freeLocals.popLast() {
      localNames[register] = name
      return register
    }
    localNames.append(name)
    return localNames.count - 1
  }

  /// The first of so many variables in a row.
  func newLocals(_ count: Int) -> Int {
    let free = freeLocals.sorted()
    for (index, first) in free.enumerated() where index + count <= free.count {
      guard free[index + count - 1] == first + count - 1 else { continue }
      freeLocals.removeAll { $0 >= first && $0 < first + count }
      return first
    }
    let first = localNames.count
    localNames += Array(repeating: "", count: count)
    return first
  }

  /// Gives a variable's register back, at the end of the block that it belongs to.
  func free(_ register: Int) {
    assigned.remove(register)
    freeLocals.append(register)
  }

  /// Runs `body` and gives back the temporaries it took.
  func releasingTemporaries<Result>(_ body: () -> Result) -> Result {
    let mark = temporaryTop
    defer { temporaryTop = mark }
    return body()
  }

  // MARK: Names

  enum Resolution {
    case local(Int)
    case capture(Int)
    case ownFunction
    case global(Int)
    case builtin
    case unknown
  }

  func resolve(_ name: String) -> Resolution {
    if let register = localRegister(name) { return .local(register) }
    if name == selfName { return .ownFunction }
    if let index = capture(name) { return .capture(index) }
    if let slot = globalSlot(name) { return .global(slot) }
    return unit.context.builtins.containsBuiltin(name) ? .builtin : .unknown
  }

  private func localRegister(_ name: String) -> Int? {
    for scope in scopes.reversed() { if let register = scope[name] { return register } }
    if let register = locals[name] { return register }
    if isTopLevel, unit.isKnownGlobal(name), let slot = unit.context.globals.slots[name],
      slot < GlobalNames.registerCount
    {
      return slot
    }
    return nil
  }

  /// The index of a captured variable of an enclosing function, made where it is new.
  private func capture(_ name: String) -> Int? {
    if let index = captureIndex[name] { return index }
    guard let parent, let source = parent.captureSource(name) else { return nil }
    captures.append(source)
    captureNames.append(name)
    captureIndex[name] = captures.count - 1
    return captures.count - 1
  }

  private func captureSource(_ name: String) -> Capture? {
    for scope in scopes.reversed() { if let register = scope[name] { return .register(register) } }
    if isTopLevel { return nil }
    if let register = locals[name] { return .register(register) }
    return capture(name).map { .capture($0) }
  }

  /// Whether an enclosing function has a variable of the name.
  func isOuterVariable(_ name: String) -> Bool { parent?.captureSource(name) != nil }

  private func globalSlot(_ name: String) -> Int? {
    if unit.isKnownGlobal(name) { return unit.context.globals.slots[name] }
    let isBuiltin = unit.context.builtins.containsBuiltin(name)
    let mayComeLater = unit.context.isInteractive || unit.context.pending.contains(name)
    guard mayComeLater, !isTopLevel, !isBuiltin else { return nil }
    return unit.context.globals.declare(name)
  }

  // MARK: Completion

  func finish(
    name: String, span: Span, parameters: [ParameterInfo], documentation: String?,
    signature: String
  ) -> Prototype {
    let localCount = localNames.count
    let registerCount = localCount + temporaryPeak
    if registerCount > FunctionCompiler.registerLimit {
      unit.report(
        "too-many-names",
        "this function needs more than \(FunctionCompiler.registerLimit) "
          + "variables and intermediate values", span,
        help: "split it into smaller functions")
    }
    return Prototype(
      name: name, source: unit.source, span: span, parameters: parameters,
      localCount: localCount, registerCount: registerCount,
      code: code.map { $0.packed(localCount: localCount) }, spans: code.map(\.span),
      constants: constants, functions: functions, callSites: callSites, captures: captures,
      captureNames: captureNames, keyLists: keyLists, formats: formats, paths: paths, types: types,
      errors: errors,
      handlers: handlers.map { handler in
        var handler = handler
        handler.temporaries += localCount
        return handler
      },
      localNames: localNames, documentation: documentation, signature: signature)
  }
}

extension FunctionCompiler.Draft {
  func packed(localCount: Int) -> Instruction {
    func final(_ register: Int) -> Int {
      register >= FunctionCompiler.temporaryBase
        ? register - FunctionCompiler.temporaryBase + localCount : register
    }
    return Instruction(
      opcode, a: final(a), b: final(b), c: final(c),
      immediate: opcode == .indexTwice ? final(immediate) : immediate)
  }
}

extension CompilationUnit {
  func isKnownGlobal(_ name: String) -> Bool {
    ownGlobals.contains(name) || context.globals.established.contains(name)
  }

  /// Names that could have been meant, nearest first.
  func suggestions(for name: String, among local: [String]) -> [String] {
    let own = nearNames(
      to: name, among: local + ownGlobals + context.globals.established)
    let builtin = nearNames(to: name, among: context.builtins.builtinNames)
    return Array((own + builtin).prefix(3))
  }
}
