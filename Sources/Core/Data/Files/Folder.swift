import Glibc

/// What stands in a folder.
package enum Folder {
  /// The names in a folder in the order of code points, without `.` and `..`; nil if it cannot be
  /// read.
  package static func names(_ path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted(by: precedes)
  }

  /// Whether a folder stands at this path.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Removes a folder and the files in it, which are files of ours: one level, best effort.
  package static func remove(_ path: String) {
    for name in names(path) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
