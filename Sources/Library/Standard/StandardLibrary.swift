import MaasSyntax
import MaasVM

/// The files of the standard library that a VM has run: each at the first call of one of its
/// functions.
final class StandardLibrary {
  private var modules: [String: Module] = [:]

  /// A function of a file, borrowed.
  func function(
    _ name: String, of file: StandardFile, in library: Library, _ vm: VM
  ) throws -> Value {
    let module = try modules[file.name] ?? load(file, in: library, vm)
    guard let value = module.value(of: name) else {
      throw Failure("internal", "`\(name)` is not in \(file.name)")
    }
    return value
  }

  private func load(
    _ file: StandardFile, in library: Library, _ vm: VM
  ) throws -> Module {
    let module = try vm.load(Source(name: file.name, text: file.text), in: library)
    modules[file.name] = module
    return module
  }
}

extension NativeCall {
  /// Calls the function of a standard file that has this one's name.
  func callStandard(_ file: StandardFile) throws -> Value {
    guard let library = vm.host as? Library else { return .nil }
    var arguments: [Value] = []
    for (position, parameter) in function.parameters.enumerated() {
      if parameter.isRest {
        arguments += self[position].items
      } else {
        arguments.append(self[position])
      }
    }
    while arguments.last?.bits == Value.absent.bits { arguments.removeLast() }
    let written = try library.standard.function(function.name, of: file, in: library, vm)
    do {
      return try vm.call(written, arguments)
    } catch var diagnostic {
      // The place that a person can change is the call.
      if diagnostic.primary?.source.name == file.name {
        diagnostic.primary = nil
        diagnostic.calls = []
      }
      throw diagnostic
    }
  }
}
