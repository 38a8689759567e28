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
      "fail(error: string | record, id: string = \"failed\")",
      """
      Ends the program, or the nearest `try`, with an error: a message, or what `catch` gave, raised again.

          fail("no data")                                   # error: failed
          try [1][5] catch e -> fail(e)                     # error: index-out-of-range
      """, isPure: false
    ) { call in
      let id = call.has("id") ? call.string("id") : nil
      guard call[0].isRecord else { throw Failure(id ?? "failed", call.string("error")) }
      guard let message = call[0].field("message")?.string else {
        throw Failure(
          "wrong-type", "`fail` takes a text, or an error as `catch` gives it, with a `message`",
          help: "write fail(\"what is wrong\")")
      }
      throw Failure(
        id ?? call[0].field("id")?.string ?? "failed", message,
        help: call[0].field("help")?.string)
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
        call.has("message") ? call.string("message") : "the condition does not hold",
        help: "print what the condition compares, to see which side is wrong")
    },
  ]
}
