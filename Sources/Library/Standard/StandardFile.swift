/// A file of the library that is written in the language itself.
struct StandardFile: Sendable {
  /// `stdlib/lists.maas`
  let name: String
  let text: String

  static let all = embeddedFiles.map { StandardFile(name: $0.name, text: $0.text) }

  /// Its functions as declarations: found line by line, without the parser, so that the start
  /// costs no more than a look at the text. The file is compiled when one is called.
  var builtins: [Builtin] {
    var builtins: [Builtin] = []
    var comment: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("##") {
        let text = line.dropFirst(3)
        if text.hasPrefix("    "), comment.last?.hasPrefix("    ") == false { comment.append("") }
        comment.append(text)
        continue
      }
      if line.hasPrefix("fn "), !line.hasPrefix("fn _") {
        let file = self
        builtins.append(
          Builtin(StandardFile.signature(line.dropFirst(3)), comment.joined(separator: "\n")) {
            call in try call.callStandard(file)
          })
      }
      comment = []
    }
    return builtins
  }

  /// What stands before the body: `median(xs: list) -> number`.
  private static func signature(_ line: Substring) -> String {
    var depth = 0
    var end = line.startIndex
    for index in line.indices {
      if line[index] == "(" || line[index] == "[" { depth += 1 }
      if line[index] == ")" || line[index] == "]" { depth -= 1 }
      end = index
      if depth == 0, line[index] == "{" || line[index] == "=" { break }
    }
    let head = line[..<end]
    return String(head.last == " " ? head.dropLast() : head)
  }
}

extension Builtins {
  /// What is written in the language itself, in stdlib/.
  static let standard: [Builtin] = StandardFile.all.flatMap(\.builtins)
}
