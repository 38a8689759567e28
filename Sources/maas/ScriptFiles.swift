import Glibc
import MaasData
import MaasSyntax
import MaasTensors

/// Programs on disk, as the commands name them: files, or folders with all that is in them.
enum ScriptFiles {
  /// The text of a file.
  ///
  /// - Throws: `no-such-file` and the like; `not-utf8`.
  static func text(_ path: String) throws -> String {
    let file = try InputFile(path)
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw CoreError(
        "not-utf8", "the script is not UTF-8 text", help: "save it as UTF-8", place: path)
    }
    return text
  }

  static func source(_ path: String) throws -> Source {
    Source(name: path, text: try text(path))
  }

  /// The files that some paths stand for: a file itself, a folder all files below it with one of
  /// the endings, in the order of their names. Hidden ones are left out.
  static func all(_ paths: [String], endings: [String] = [".maas"]) -> [String] {
    paths.flatMap { path in
      Folder.exists(path) ? below(path.trimmingSlashes, endings, levels: 64) : [path]
    }
  }

  private static func below(_ folder: String, _ endings: [String], levels: Int) -> [String] {
    guard levels > 0 else { return [] }
    return (Folder.names(folder) ?? []).filter { !$0.hasPrefix(".") }.flatMap { name in
      let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      if Folder.exists(path) { return below(path, endings, levels: levels - 1) }
      return endings.contains(where: name.hasSuffix) ? [path] : []
    }
  }
}

extension String {
  fileprivate var trimmingSlashes: String {
    var text = self
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
