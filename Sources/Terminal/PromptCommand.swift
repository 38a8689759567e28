/// A command of the prompt itself, declared once: dispatch, completion and `:help` read this table.
package struct PromptCommand: Sendable {
  /// What comes of a command.
  enum Result {
    case show(String)
    case leave
  }

  /// `:help`, and other spellings.
  let names: [String]
  /// How its argument is called in the help; empty if it takes none.
  let argument: String
  let summary: String
  let run: @Sendable (_ repl: REPL, _ argument: String) -> Result

  static let all = [
    PromptCommand(
      names: [":help", "?"], argument: "NAME", summary: "this list, or the help of a name: ?mean"
    ) { repl, name in .show(name.isEmpty ? overview : repl.help(for: name)) },
    PromptCommand(
      names: [":vars"], argument: "", summary: "the names defined so far"
    ) { repl, _ in .show(repl.variableTable()) },
    PromptCommand(
      names: [":history"], argument: "WORD", summary: "the entries so far, or those with a word"
    ) { repl, word in
      .show(repl.lines.entries.filter { word.isEmpty || $0.contains(word) }.joined(separator: "\n"))
    },
    PromptCommand(
      names: [":quit", ":q", "quit", "exit", "quit()", "exit()"], argument: "",
      summary: "leave; so does Ctrl-D"
    ) { _, _ in .leave },
  ]

  /// The command that an entry is, with its argument; nil for an entry of the language.
  static func find(_ entry: String) -> (command: PromptCommand, argument: String)? {
    let text = entry.trimmed
    for command in all {
      for name in command.names where text.hasPrefix(name) {
        let rest = text.dropFirst(name.count)
        let takesArgument = !command.argument.isEmpty && (name == "?" || rest.first == " ")
        if rest.isEmpty || takesArgument { return (command, String(rest).trimmed) }
      }
    }
    return nil
  }

  /// The first names, for completion.
  package static var names: [String] { all.compactMap(\.names.first).sorted() }

  private static var overview: String {
    let rows = all.map { ("\($0.names[0]) \($0.argument)", $0.summary) } + keys
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { name, summary in
      name + String(repeating: " ", count: width - name.count) + summary
    }.joined(separator: "\n")
  }

  private static let keys = [
    ("_", "the value of the last entry"),
    ("Tab", "complete a name"),
    ("Ctrl-R", "search earlier entries"),
    ("Ctrl-C", "drop the line, or stop what runs"),
  ]
}

extension String {
  /// The text without blanks at either end.
  var trimmed: String {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? start
    return String(self[start..<end])
  }
}
