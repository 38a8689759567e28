/// The reference of the library, made of the declarations: `maas docs`.
public enum Reference {
  /// A part of the library.
  public struct Area: Sendable {
    public var title: String
    public var builtins: [Builtin]
  }

  /// Every builtin once, by area.
  public static let areas: [Area] = {
    let known: [(String, [Builtin])] = [
      ("Values", Builtins.values), ("Functions", Builtins.functions),
      ("Lists", Builtins.lists + Builtins.grouping + Builtins.sorting),
      ("Strings", Builtins.strings + Builtins.patterns),
      ("Records", Builtins.records + Builtins.json),
      ("Mathematics", Builtins.mathematics), ("Random numbers", Builtins.random),
      ("Time", Builtins.time), ("Files", Builtins.files),
      ("Tensors", Builtins.tensors + Builtins.reductions),
      ("Tables and data", Builtins.tables + Builtins.data),
      (
        "Networks", Builtins.networks + Builtins.imageLayers + Builtins.holdingLayers
      ), ("Training", Builtins.training),
      ("Models and services", Builtins.models + Builtins.serving),
    ]
    let named = Set(known.flatMap(\.1).map(\.signature))
    // What is left: the functions of `stdlib`, written in maas.
    let rest = Library.builtins.filter { !named.contains($0.signature) }
    let all = known.map { Area(title: $0.0, builtins: $0.1) }
    return rest.isEmpty ? all : all + [Area(title: "Written in maas", builtins: rest)]
  }()

  // MARK: Markdown

  /// The whole reference as Markdown.
  public static var markdown: String {
    var text = "# The maas library\n"
    for area in areas {
      text += "\n## \(area.title)\n"
      for builtin in area.builtins { text += "\n### `\(builtin.signature)`\n\n\(builtin.markdown)" }
    }
    return text
  }
}

/// A piece of documentation: a paragraph, or the lines of an example.
enum DocumentationPiece {
  case paragraph(String)
  case example(String)
}

extension Builtin {
  /// The documentation in pieces: indented lines are examples.
  var pieces: [DocumentationPiece] {
    var pieces: [DocumentationPiece] = []
    var lines: [Substring] = []
    var isExample = false
    func flush() {
      while lines.last?.isEmpty == true { lines.removeLast() }
      guard !lines.isEmpty else { return }
      let text = lines.joined(separator: "\n")
      pieces.append(isExample ? .example(text) : .paragraph(text))
      lines = []
    }
    for line in documentation.split(separator: "\n", omittingEmptySubsequences: false) {
      let isCode = line.hasPrefix("    ")
      if line.isEmpty, !isExample || lines.isEmpty {
        flush()
      } else if !line.isEmpty, isCode != isExample {
        flush()
        isExample = isCode
      }
      if !line.isEmpty || isExample { lines.append(isCode ? line.dropFirst(4) : line) }
    }
    flush()
    return pieces
  }

  fileprivate var markdown: String {
    pieces.map { piece in
      switch piece {
      case .paragraph(let text): text + "\n"
      case .example(let code): "```maas\n\(code)\n```\n"
      }
    }.joined(separator: "\n")
  }
}
