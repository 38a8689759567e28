import Glibc

/// The project's files, as the tests of this folder see them.
struct House {
  /// A file by its path from the top of the project, and its text.
  struct File {
    var path: String
    var text: String

    /// Its folder under `Sources` or `Tests`: "Core/Tensors", or "Tests/VMTests".
    var room: String {
      let folders = path.split(separator: "/").dropLast()
      guard folders.first == "Sources" else { return folders.prefix(2).joined(separator: "/") }
      let nested = ["Core", "Language", "C"].contains(folders.dropFirst().first.map(String.init))
      return folders.dropFirst().prefix(nested ? 2 : 1).joined(separator: "/")
    }
  }

  /// Tests/HouseTests/House.swift, three steps up.
  static let top = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

  /// All files under `folder` whose name ends in `suffix`, sorted by path.
  static func files(under folder: String, suffix: String) -> [File] {
    paths(under: folder).filter { $0.hasSuffix(suffix) }.sorted().map {
      File(path: $0, text: text(of: $0))
    }
  }

  static var sources: [File] { files(under: "Sources", suffix: ".swift") }
  static var tests: [File] { files(under: "Tests", suffix: ".swift") }

  private static func paths(under folder: String) -> [String] {
    guard let directory = opendir("\(top)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      let isFolder = entry.pointee.d_type == DT_DIR
      found += isFolder ? paths(under: "\(folder)/\(name)") : ["\(folder)/\(name)"]
    }
    return found
  }

  static func text(of path: String) -> String {
    guard let file = fopen("\(top)/\(path)", "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
