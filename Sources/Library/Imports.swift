import Glibc
import MaasCompiler
import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

/// The files that a session has imported: each runs once, unless its text changes.
final class Imports {
  private struct File {
    var text: String
    /// The record of its names, owned.
    var value: Value
  }

  private var files: [String: File] = [:]
  /// Numbers of files by absolute path, in the order in which they were first imported, from 1.
  private var numbers: [String: Int] = [:]
  /// Absolute paths of the files that run now, outermost first.
  private var running: [String] = []

  /// Gives all values back.
  func clear() {
    for file in files.values { file.value.release() }
    files = [:]
  }

  /// The names of a file as an owned record.
  ///
  /// - Throws: `no-such-file` and the like, `not-utf8`, `import-cycle`, and what is wrong in it.
  func value(of path: String, in library: Library, _ vm: VM) throws -> Value {
    let place = Self.place(of: path, from: vm.runningSource?.name ?? "")
    let absolute = Self.absolute(place)
    // The first file was not imported, and is on its way all the same.
    let open = running.isEmpty ? [Self.absolute(vm.runningSource?.name ?? "")] : running
    if let first = open.firstIndex(of: absolute) {
      let names = (open[first...] + [absolute]).map(Self.name)
      throw Failure(
        "import-cycle", "the files import each other: " + names.joined(separator: " → "),
        help: "move what both need into a third file")
    }
    let text = try Self.text(of: place)
    if let file = files[absolute], file.text == text { return file.value.retained }
    let before = running
    running = open + [absolute]
    defer { running = before }
    let number = numbers[absolute] ?? numbers.count + 1
    numbers[absolute] = number
    let value = try run(Source(name: place, text: text), number, in: library, vm)
    files.updateValue(File(text: text, value: value.retained), forKey: absolute)?.value.release()
    return value
  }

  private func run(
    _ source: Source, _ number: Int, in library: Library, _ vm: VM
  ) throws -> Value {
    let module = try vm.load(source, number: number, in: library)
    let visible = module.names.names.filter { !$0.isEmpty && !$0.hasPrefix("_") }
    return Value(
      fields: visible.compactMap { name in
        module.value(of: name).map { (name, $0.retained) }
      })
  }

  // MARK: Paths

  /// A path relative to the file whose code runs; what was typed is relative to the working
  /// folder.
  private static func place(of path: String, from file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }

  /// The one name of a file, links followed.
  private static func absolute(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func name(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  private static func text(of path: String) throws -> String {
    let file = try InputFile(path)
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw CoreError(
        "not-utf8", "the file is not UTF-8 text", help: "save it as UTF-8", place: path)
    }
    return text
  }
}

extension VM {
  /// Compiles and runs a file beside the first one.
  ///
  /// - Parameter number: which one of the imported files it is; 0 for one of the standard library.
  /// - Throws: the first error of its text, or the one that ended it.
  func load(_ source: Source, number: Int = 0, in library: Library) throws -> Module {
    let parsed = parse(source)
    if let first = parsed.diagnostics.first { throw first }
    let names = GlobalNames.outsideRegisters()
    let context = CompilationContext(
      globals: names, builtins: library, isInteractive: false, topLevelName: "import")
    do {
      return try load(compile(parsed.program, in: context), names: names, number: number)
    } catch let failure as CompilationFailure {
      throw failure.diagnostics.first ?? Diagnostic("internal", "an error without a description")
    }
  }
}
