import MaasCompiler
import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

/// Every builtin by name, and what the VM asks of the world: the bridge between the language and
/// the core.
public final class Library: VMHost, BuiltinCatalogue {
  /// All declarations, in the order of the reference.
  public static let builtins: [Builtin] =
    Builtins.values + Builtins.lists + Builtins.grouping + Builtins.sorting + Builtins.functions
    + Builtins.mathematics + Builtins.tensors + Builtins.tensorShapes
    + Builtins.tensorStatistics + Builtins.tensorOrder + Builtins.linearAlgebra + Builtins.gradients
    + Builtins.tables
    + Builtins.reductions + Builtins.data + Builtins.strings + Builtins.patterns + Builtins.records
    + Builtins.json
    + Builtins.random + Builtins.time + Builtins.files
    + Builtins.networks + Builtins.imageLayers + Builtins.sequenceLayers + Builtins.holdingLayers
    + Builtins.training + Builtins.models + Builtins.serving
    + Builtins.standard

  private let byName: [String: [Builtin]]
  private var loaded: [String: Value] = [:]
  /// The random numbers of the program.
  let random = RandomSource()
  /// The regular expressions that it used last.
  let patterns = PatternCache()
  let imports = Imports()
  let standard = StandardLibrary()
  /// Folders that the program made, to go with it.
  var temporaryFolders: [TemporaryFolder] = []
  /// The functions of layers and losses that somebody may still ask for.
  var followed: [FollowedFunction] = []
  /// The error of one, until it is thrown at its own line.
  var layerFailure: (any Error)?
  /// What builtins reach outside the process: output, progress, services.
  public let surroundings: any Surroundings

  public init(surroundings: any Surroundings) {
    self.surroundings = surroundings
    Clock.begin()
    byName = Dictionary(grouping: Library.builtins, by: \.name)
  }

  deinit {
    imports.clear()
    for value in loaded.values { value.release() }
  }

  /// Forgets presses of Ctrl-C from before: a program that starts now was not asked to stop.
  public func beginRun() { Interrupt.shared.clear() }

  // MARK: What the compiler asks

  public func containsBuiltin(_ name: String) -> Bool { byName[name] != nil }
  public func isPure(_ name: String) -> Bool {
    byName[name]?.allSatisfy(\.isPure) ?? false
  }
  public func isPlanned(_ name: String) -> Bool { Library.planned[name] != nil }
  public func helpForPlanned(_ name: String) -> String {
    Library.planned[name]?.help ?? Planned.function.help
  }
  public func bindsPlainly(_ name: String) -> Bool {
    byName[name]?.allSatisfy { !$0.signature.contains("...") } ?? false
  }
  public let listAppend = "append"
  public var builtinNames: [String] { Array(byName.keys) }

  /// The declarations under a name: one a signature.
  public func declarations(_ name: String) -> [Builtin] { byName[name] ?? [] }

  // MARK: What the VM asks

  public func isBuiltin(_ name: String) -> Bool { byName[name] != nil }

  public func builtin(_ name: String) -> Value {
    if let value = loaded[name] { return value }
    let value = make(byName[name] ?? [])
    loaded[name] = value
    return value
  }

  private func make(_ declarations: [Builtin]) -> Value {
    guard let first = declarations.first else { return .nil }
    if let value = first.value { return value() }
    return Value(declarations.function)
  }

  public func failure(for error: any Error) -> Failure {
    guard let error = error as? CoreError else { return Failure("internal", "\(error)") }
    if error.id == "interrupted" { return Failure(error.id, "stopped by Ctrl-C") }
    let place = error.place.map { "\($0): " } ?? ""
    return Failure(error.id, place + error.message, help: error.help, rewrites: error.rewrites)
  }

  public func checkSizes(
    of value: Value, _ wanted: [TypeExpression.Size], _ sizes: inout [String: Int]
  ) -> String? {
    guard let tensor = (value.native as? TensorValue)?.tensor else { return "is no tensor" }
    let found = tensor.shape.sizes
    let text = "[" + wanted.map(\.text).joined(separator: ", ") + "]"
    guard found.count == wanted.count else { return "needs shape \(text), not \(tensor.shape)" }
    for (size, wish) in zip(found, wanted) {
      switch wish {
      case .fixed(let number):
        if size != number { return "needs shape \(text), not \(tensor.shape)" }
      case .named(let letter):
        if let bound = sizes[letter], bound != size {
          return "needs shape \(text) with \(letter) = \(bound), not \(tensor.shape)"
        }
        sizes[letter] = size
      }
    }
    return nil
  }
}

extension TypeExpression.Size {
  fileprivate var text: String {
    switch self {
    case .fixed(let number): "\(number)"
    case .named(let letter): letter
    }
  }
}

extension CoreError {
  /// What the help comes to in the program.
  var rewrites: [Diagnostic.Rewrite] {
    instead.map { [.word($0.found, with: $0.wanted)] } ?? []
  }
}
