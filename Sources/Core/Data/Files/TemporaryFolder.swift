import Glibc
import MaasTensors

/// A new and empty folder that nobody else knows; it goes with this value, and all that is in it.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// A folder in that of `TMPDIR`, or in `/tmp`; a script that is confined may use it, too.
  /// - Throws: `cannot-write`.
  public init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    // mkdtemp writes letters of its own in the place of the X's.
    let pattern = "\(parent.isEmpty ? "/tmp" : parent)/maas-XXXXXX"
    var template = Array(pattern.utf8CString)
    let made = template.withUnsafeMutableBufferPointer {
      $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw cannotWrite(pattern, errno) }
    path = made
    try FileAccess.allow(path)
  }

  deinit { Folder.removeAll(path) }
}
