import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Texts in files, what stands in folders, and what a person types.
  static let files: [Builtin] = reading + writing + folders

  private static let reading: [Builtin] = [
    Builtin(
      "read_text(path: string) -> string",
      """
      The text of a file, which is UTF-8.

          read_text("no.txt")    # error: no-such-file
      """, isPure: false
    ) { call in try TextFile(call.path("path")).withBytes { Value(utf8: $0) } },
    Builtin(
      "read_lines(path: string) -> list",
      """
      The lines of a file, without their ends.

          read_lines("no.txt")   # error: no-such-file
      """, isPure: false
    ) { call in
      try TextFile(call.path("path")).withBytes { bytes in try call.lines(of: bytes) }
    },
    Builtin(
      "read_line(prompt: string = \"\") -> string?",
      """
      The next line that a person types, or that is piped into the program; nil at the end.

          read_line() ?? "the end"   # => "the end"
      """, isPure: false
    ) { call in
      if call.has("prompt") { call.surroundings.print(call.string("prompt")) }
      return try call.surroundings.readLine().map { Value($0) } ?? .nil
    },
  ]

  private static let writing: [Builtin] = [
    Builtin(
      "write_text(text: string, path: string, append: bool = false)",
      """
      Writes a text to a file, in the place of what was there, or behind it with `append: true`.

      Without `append`, what is written appears whole or not at all.

          write_text("a", "no folder/a.txt")   # error: cannot-write
      """, isPure: false
    ) { call in
      let path = try call.path("path")
      if !FileForm.looksLikeFile(path), FileForm.looksLikeFile(call.string("text")) {
        throw Failure(
          "wrong-order", "`write_text` takes the text first, and then the path",
          help: "write_text(\(call.shown(1)), \(call.shown(0)))", rewrites: [.swap])
      }
      if call.bool("append", or: false) {
        try appendToFile(path, UnsafeRawBufferPointer(call[0].utf8))
      } else {
        try AtomicFile.write(path) { try $0.write(UnsafeRawBufferPointer(call[0].utf8)) }
      }
      return .nothing
    }
  ]

  private static let folders: [Builtin] = [
    Builtin(
      "exists(path: string) -> bool",
      """
      Whether there is a file or folder.

          exists("no.txt")       # => false
      """, isPure: false
    ) { call in Value(Folder.holds(try call.path("path"))) },
    Builtin(
      "list_files(folder: string = \".\", ending: string = \"\", recursive: bool = false) -> list",
      """
      The paths of the files in a folder, in order, or of those whose names have an ending; with `recursive: true`, of those in the folders inside, too.

          list_files("no folder")    # error: no-such-folder
      """, isPure: false
    ) { call in
      let folder = call.has("folder") ? try call.path("folder") : "."
      let paths = try Folder.files(folder, isRecursive: call.bool("recursive", or: false))
      let ending = call.string("ending")
      return Value(list: paths.filter { $0.hasSuffix(ending) }.map { Value($0) })
    },
    Builtin(
      "temporary_folder() -> string",
      """
      The path of a new and empty folder, which goes when the program ends, with all that is in it.

          folder = temporary_folder()
          write_text("a", "{folder}/a.txt")
          length(list_files(folder))         # => 1
      """, isPure: false
    ) { call in
      let folder = try TemporaryFolder()
      (call.vm.host as? Library)?.temporaryFolders.append(folder)
      return Value(folder.path)
    },
  ]
}

extension NativeCall {
  /// The lines of a text as a list.
  func lines(of text: UnsafeBufferPointer<UInt8>) throws -> Value {
    var lines = ListBuilder()
    for line in TextLines(text) {
      if lines.count & 0xFFFF == 0xFFFF { try pollInterrupt() }
      lines.append(Value(utf8: line))
    }
    return lines.list()
  }
}
