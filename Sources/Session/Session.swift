import MaasCompiler
import MaasLibrary
import MaasSyntax
import MaasVM

/// One evaluation core behind every front: it runs texts against globals that stay, and returns
/// values; it renders nothing and knows no terminal.
public final class Session {
  public let library: Library
  public let vm: VM
  private let names = GlobalNames()

  /// - Parameter arguments: the script's own arguments, the list `arguments`.
  public init(
    surroundings: any Surroundings, interrupt: InterruptFlag = InterruptFlag(),
    arguments: [String] = []
  ) {
    library = Library(surroundings: surroundings)
    vm = VM(host: library, interrupt: interrupt, names: names)
    vm.assign("arguments", Value(list: arguments.map { Value($0) }))
  }

  /// What came of a text.
  public enum Outcome {
    /// The value of its last expression, owned by the receiver; nil where there is none.
    case value(Value?)
    case failure([Diagnostic])
  }

  /// Parses, compiles and runs a text. What it assigned before an error stays.
  public func run(_ source: Source, isInteractive: Bool) -> Outcome {
    let parsed = parse(source)
    guard parsed.diagnostics.isEmpty else { return .failure(parsed.diagnostics) }
    return run(parsed.program, isInteractive: isInteractive)
  }

  /// - Parameter pending: names that later parts of the same file will assign.
  public func run(
    _ program: Program, isInteractive: Bool, pending: Set<String> = []
  ) -> Outcome {
    let context = CompilationContext(
      globals: names, builtins: library, isInteractive: isInteractive, pending: pending)
    do {
      let prototype = try compile(program, in: context)
      library.beginRun()
      let value = try vm.run(prototype)
      return .value(value.bits == Value.nothing.bits ? nil : value)
    } catch let failure as CompilationFailure {
      return .failure(failure.diagnostics)
    } catch let diagnostic as Diagnostic {
      return .failure([diagnostic])
    } catch {
      return .failure([Diagnostic("internal", "\(error)")])
    }
  }

  // MARK: Names

  /// The globals that have a value, in order of their first assignment, with the values borrowed.
  public var variables: [(name: String, value: Value)] {
    names.names.compactMap { name in
      vm.module.value(of: name).map { (name: name, value: $0) }
    }
  }

  /// Assigns a global from outside; consumes the value.
  public func assign(_ name: String, _ value: Value) { vm.assign(name, value) }

  /// The help of a name: a builtin's declaration, or a function's own documentation.
  public func help(for name: String) -> Help? {
    let declarations = library.declarations(name)
    if !declarations.isEmpty {
      return Help(
        signatures: declarations.map(\.signature), text: declarations.map(\.documentation))
    }
    guard let value = vm.module.value(of: name), let described = value.documentation else {
      return nil
    }
    return Help(signatures: [described.signature], text: [described.text])
  }

  /// A help page as data.
  public struct Help: Sendable {
    public var signatures: [String]
    public var text: [String]
  }

  private static let keywords = TokenKind.keywords.keys.sorted()

  /// Whole words that may stand at a place of a text, sorted, and where the word starts.
  public func completions(for text: String, at offset: Int) -> (start: Int, candidates: [String]) {
    let bytes = Array(text.utf8.prefix(offset))
    if let start = Self.openString(in: bytes) { return paths(in: bytes, from: start) }
    var start = bytes.count
    while start > 0, Self.isNamePart(bytes[start - 1]) { start -= 1 }
    let prefix = String(decoding: bytes[start...], as: UTF8.self)
    if start > 0, bytes[start - 1] == UInt8(ascii: ".") {
      return (start, fieldNames(before: bytes[..<(start - 1)]).filter { $0.hasPrefix(prefix) })
    }
    let all = Set(Self.keywords + library.builtinNames + variables.map(\.name))
    return (start, all.filter { $0.hasPrefix(prefix) && !prefix.isEmpty }.sorted())
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
      || (byte >= 0x30 && byte <= 0x39)
  }

  /// The fields of the variable whose name ends the text.
  private func fieldNames(before bytes: ArraySlice<UInt8>) -> [String] {
    let name = String(
      decoding: bytes.reversed().prefix { Self.isNamePart($0) }.reversed(), as: UTF8.self)
    guard let value = vm.module.value(of: name) else { return [] }
    if value.isRecord { return value.keys.compactMap(\.string).sorted() }
    return (value.native?.fieldNames ?? []).sorted()
  }
}
