import MaasVM

/// The builtins, by area.
enum Builtins {
  static let values: [Builtin] = [
    Builtin(
      "print(...values)",
      """
      Prints the values on one line, with spaces between them.

          print("loss", 0.5)     # prints: loss 0.5
      """, isPure: false
    ) { call in
      let shown = call[0].items.map { $0.display(quoted: false) }
      call.surroundings.print(shown.joined(separator: " ") + "\n")
      return .nothing
    },
    Builtin(
      "type(x) -> string",
      """
      The name of a value's type.

          type(1)                # => "number"
          type([1, 2])           # => "list"
      """
    ) { call in Value(call[0].type.name) },
    Builtin(
      "import(path: string) -> record",
      """
      Runs another file, once in a session, and gives a record of its top-level names.

      Names that start with `_` stay its own. The path is relative to the file that imports.

          tools = import("tools.maas")   # error: no-such-file
      """, isPure: false
    ) { call in
      guard let library = call.vm.host as? Library else { return .nil }
      return try library.imports.value(of: call.string("path"), in: library, call.vm)
    },
    Builtin(
      "same(a, b) -> bool",
      """
      Whether two values are equal part by part: one bool, also for tensors and columns.

          same(tensor([1, 2]), tensor([1, 2]))    # => true
          same([1, nil], [1, 2])                  # => false
      """
    ) { call in Value(call[0].isEqual(to: call[1])) },
    Builtin(
      "fail(message: string, id: string = \"failed\")",
      """
      Ends the program, or the nearest `try`, with an error.

          fail("no data")        # error: failed
      """, isPure: false
    ) { call in
      throw Failure(call.has("id") ? call.string("id") : "failed", call.string("message"))
    },
    Builtin(
      "assert(condition: bool, message: string = \"the condition does not hold\")",
      """
      An error where the condition is false.

          assert(1 < 2)
          assert(1 > 2, "order") # error: assertion-failed
      """, isPure: false
    ) { call in
      guard call[0].bool == false else { return .nothing }
      throw Failure(
        "assertion-failed",
        call.has("message") ? call.string("message") : "the condition does not hold")
    },
  ]
}
