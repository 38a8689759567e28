import MaasLibrary
import MaasVM

/// A function that a random program may call, and what it takes.
public struct Callable: Sendable {
  public var name: String
  public var parameters: [NativeFunction.Parameter]
  /// The type that its signature ends in; nil where it says none.
  public var result: String?
  /// The code that shows what it does.
  public var example = ""

  /// Builtins that wait, reach the network, train for long or write where they like.
  private static let leftOut: Set = [
    "sleep", "serve", "request", "fit", "write_text", "save", "register", "read_line", "import",
    "load", "list_files", "read_text", "read_lines", "now", "time", "seed",
  ]

  /// All builtins that end soon and stay within the process.
  public static let builtins: [Callable] = Library.builtins.compactMap { builtin in
    if leftOut.contains(builtin.name) || builtin.isConstant { return nil }
    let parts = builtin.signature.split(separator: ">")
    let result = parts.count > 1 ? parts.last.map { String($0.drop { $0 == " " }) } : nil
    return Callable(
      name: builtin.name, parameters: builtin.parameters, result: result,
      example: builtin.example)
  }
}
