import Glibc
import MaasTensors

/// Which files a program may touch: all, or those of one folder (`--sandbox`). Every file that the
/// core opens, and every folder it makes or lists, is asked for here first.
public enum FileAccess {
  /// The folders that may be touched; nil where all may.
  private static let roots = Locked<[String]?>(nil)

  /// From here on only what lies in the folder may be touched, links followed.
  ///
  /// - Throws: `cannot-read` where there is no such folder.
  public static func confine(to folder: String) throws {
    guard let real = resolved(folder) else {
      throw CoreError("cannot-read", "there is no folder '\(folder)'")
    }
    roots.withLock { $0 = [real] }
  }

  /// Lets a program that is confined touch one more folder.
  ///
  /// - Throws: `cannot-read` where there is no such folder.
  static func allow(_ folder: String) throws {
    guard let real = resolved(folder) else {
      throw CoreError("cannot-read", "there is no folder '\(folder)'")
    }
    roots.withLock { $0?.append(real) }
  }

  /// - Throws: `sandboxed` for a path outside the folder.
  package static func check(_ path: String) throws {
    guard let roots = roots.withLock({ $0 }) else { return }
    if let place = place(of: path),
      roots.contains(where: { place == $0 || place.hasPrefix($0 == "/" ? $0 : $0 + "/") })
    {
      return
    }
    throw CoreError(
      "sandboxed", "'\(path)' is outside the script's folder, and --sandbox forbids it",
      help: "keep the file beside the script, or run without --sandbox")
  }

  /// Where a path leads, links followed as far as it exists; nil where the rest climbs.
  private static func place(of path: String) -> String? {
    if let real = resolved(path) { return real }
    var parts = path.split(separator: "/", omittingEmptySubsequences: true)
    var rest: [Substring] = []
    let isAbsolute = path.hasPrefix("/")
    while let last = parts.popLast() {
      rest.insert(last, at: 0)
      let before = parts.joined(separator: "/")
      let folder = isAbsolute ? "/" + before : before.isEmpty ? "." : before
      guard let real = resolved(folder) else { continue }
      if rest.contains("..") { return nil }
      // A link that leads nowhere yet could be followed when the file is made.
      if isLink(real + "/" + rest[0]) { return nil }
      return (real == "/" ? "" : real) + "/" + rest.joined(separator: "/")
    }
    return nil
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
