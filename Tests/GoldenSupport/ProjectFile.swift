import Glibc

/// Files of the project, by paths from its top.
public enum ProjectFile {
  /// The top of the project, found from the place of this source file.
  public static let root: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// - Throws: `MissingFile`
  public static func text(_ path: String) throws -> String {
    String(decoding: try bytes(of: "\(root)/\(path)"), as: UTF8.self)
  }

  /// Paths of all files below a folder with an ending, sorted.
  public static func all(under folder: String, ending: String) -> [String] {
    guard let directory = opendir("\(root)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") { continue }
      if entry.pointee.d_type == UInt8(DT_DIR) {
        found += all(under: "\(folder)/\(name)", ending: ending)
      } else if name.hasSuffix(ending) {
        found.append("\(folder)/\(name)")
      }
    }
    return found.sorted()
  }

  public struct MissingFile: Error {
    public var path: String
  }
}
