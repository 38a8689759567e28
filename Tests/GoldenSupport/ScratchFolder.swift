import Glibc

/// A folder of its own for one test, gone with the test.
public final class ScratchFolder: Sendable {
  public let path: String

  /// - Throws: `NoFolder` where none can be made.
  public init() throws {
    // In memory where the system has such a folder: syncing to a disk takes its time.
    let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(root)/maas-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw NoFolder() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { ScratchFolder.remove(path) }

  public struct NoFolder: Error {}
  public struct NotWritten: Error {}

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file as it is.
  /// - Returns: its path.
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    guard let handle = fopen(file(name), "w") else { throw NotWritten() }
    fwrite(bytes, 1, bytes.count, handle)
    fclose(handle)
    return file(name)
  }

  public func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Removes a file of it.
  public func remove(_ name: String) { Glibc.remove(file(name)) }

  /// The names in the folder.
  public var names: [String] { ScratchFolder.names(in: path) }

  /// The names in a folder of it.
  public func names(in folder: String) -> [String] { ScratchFolder.names(in: file(folder)) }

  private static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, or a folder with all that is in it; follows no links.
  private static func remove(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      for name in names(in: path) { remove("\(path)/\(name)") }
    }
    Glibc.remove(path)
  }
}

/// All bytes of a file.
/// - Throws: `ProjectFile.MissingFile`.
public func bytes(of path: String) throws -> [UInt8] {
  guard let handle = fopen(path, "rb") else { throw ProjectFile.MissingFile(path: path) }
  defer { fclose(handle) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let got = fread(&buffer, 1, buffer.count, handle), got > 0 {
    bytes += buffer[..<got]
  }
  return bytes
}
