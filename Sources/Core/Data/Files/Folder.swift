import Glibc
import MaasTensors

/// What stands in a folder.
package enum Folder {
  /// The names in a folder in the order of code points, without `.` and `..`; nil if it cannot be
  /// read.
  package static func names(_ path: String) -> [String]? {
    guard (try? FileAccess.check(path)) != nil, let folder = opendir(path) else { return nil }
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

  /// Whether a file or folder of whatever kind stands at this path.
  package static func holds(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// The paths of the files in a folder, in order of code points by folder; where `isRecursive`,
  /// of those in the folders inside it, too. Links to folders are not followed.
  /// - Throws: `no-such-folder`, `cannot-read`, `interrupted`.
  package static func files(_ path: String, isRecursive: Bool) throws -> [String] {
    try FileAccess.check(path)
    guard let names = names(path) else {
      let reason = reason(errno)
      throw exists(path)
        ? CoreError("cannot-read", "the folder '\(path)' cannot be read: \(reason)")
        : CoreError(
          "no-such-folder", "there is no folder '\(path)'",
          help: "a path starts at the folder maas was started in, or with /")
    }
    try Interrupt.shared.check()
    var files: [String] = []
    for name in names {
      let place = path == "." ? name : path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      var status = stat()
      guard lstat(place, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: if isRecursive { files += try Folder.files(place, isRecursive: true) }
      case S_IFLNK: if !exists(place), holds(place) { files.append(place) }
      default: files.append(place)
      }
    }
    return files
  }

  /// Removes a folder and the files in it, which are files of ours: one level, best effort.
  package static func remove(_ path: String) {
    for name in names(path) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// Removes what stands at a path, a folder with all that is in it: best effort. Links are removed,
  /// not followed.
  static func removeAll(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      for name in names(path) ?? [] { removeAll("\(path)/\(name)") }
    }
    Glibc.remove(path)
  }
}
