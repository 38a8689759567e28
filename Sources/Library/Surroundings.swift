import MaasModels
import MaasTraining
import MaasVM

/// What builtins reach outside the language: the program that composes everything supplies it.
public protocol Surroundings: AnyObject {
  /// Text that a program prints, as it is.
  func print(_ text: String)
  /// A remark for the person at the terminal, which is not part of the program's output.
  func note(_ text: String)
  /// The folder that relative paths start from, and the registry's folder.
  var registryFolder: String { get }
}

/// Surroundings that swallow everything, for a VM without a library.
final class Silence: Surroundings {
  static var shared: Silence { Silence() }
  func print(_ text: String) {}
  func note(_ text: String) {}
  var registryFolder: String { "models" }
}
