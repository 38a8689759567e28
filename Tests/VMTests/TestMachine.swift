import MaasCompiler
import MaasSyntax
import MaasVM

/// A VM with a handful of builtins, for tests of the machine alone.
final class TestMachine: VMHost, BuiltinCatalogue {
  private(set) var vm: VM!
  private let names = GlobalNames()
  private var functions: [String: Value] = [:]

  init() {
    let length = NativeFunction(
      name: "length",
      parameters: [.init(name: "x", types: .any, isOptional: false, isRest: false)],
      signature: "length(x)"
    ) { call in Value(call.vm.elementCount(of: call[0]) ?? 0) }
    let append = NativeFunction(
      name: "append",
      parameters: [
        .init(name: "xs", types: ValueTypes(.list), isOptional: false, isRest: false),
        .init(name: "x", types: .any, isOptional: false, isRest: false),
      ], signature: "append(xs: list, x)"
    ) { call in
      let element = call[1].retained
      return call.take(0).appending(element)
    }
    let apply = NativeFunction(
      name: "apply",
      parameters: [
        .init(name: "f", types: ValueTypes(.function), isOptional: false, isRest: false),
        .init(name: "xs", types: .any, isOptional: false, isRest: true),
      ], signature: "apply(f: function, ...xs)"
    ) { call in try call.vm.call(call[0], Array(call[1].items)) }
    let insert = NativeFunction(
      name: "insert",
      parameters: [
        .init(name: "xs", types: ValueTypes(.list), isOptional: false, isRest: false),
        .init(name: "at", types: ValueTypes(.number), isOptional: false, isRest: false),
        .init(name: "x", types: .any, isOptional: false, isRest: false),
      ], signature: "insert(xs: list, at: number, x)"
    ) { call in
      let element = call[2].retained
      return call.take(0).appending(element)
    }
    for function in [length, append, apply, insert] { functions[function.name] = Value(function) }
    vm = VM(host: self, interrupt: InterruptFlag(), names: names)
  }

  deinit { for function in functions.values { function.release() } }

  func run(_ text: String) throws -> Value {
    let parsed = parse(Source(name: "test", text: text))
    if let diagnostic = parsed.diagnostics.first { throw diagnostic }
    let context = CompilationContext(globals: names, builtins: self, isInteractive: true)
    return try vm.run(try compile(parsed.program, in: context))
  }

  /// The value of a text as it prints, or the id of its error.
  func shown(_ text: String) -> String {
    do {
      let value = try run(text)
      defer { value.release() }
      return value.display(quoted: true)
    } catch let diagnostic as Diagnostic {
      return "error \(diagnostic.id)"
    } catch let failure as CompilationFailure {
      return "error \(failure.diagnostics.first?.id ?? "")"
    } catch {
      return "\(error)"
    }
  }

  func containsBuiltin(_ name: String) -> Bool { functions[name] != nil }
  func isPure(_ name: String) -> Bool { name != "apply" }
  func isPlanned(_ name: String) -> Bool { false }
  func bindsPlainly(_ name: String) -> Bool { name != "apply" }
  let listAppend = "append"
  var builtinNames: [String] { functions.keys.sorted() }
  func isBuiltin(_ name: String) -> Bool { functions[name] != nil }
  func builtin(_ name: String) -> Value { functions[name] ?? .nil }
  func failure(for error: any Error) -> Failure { Failure("internal", "\(error)") }
  func checkSizes(
    of value: Value, _ wanted: [TypeExpression.Size], _ sizes: inout [String: Int]
  ) -> String? { nil }
}
