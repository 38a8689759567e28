import Glibc
import MaasTensors
import Synchronization

/// Files and folders that appear whole or not at all: written under a temporary name beside their
/// place, brought to the disk, and renamed. Whatever goes wrong, what was there before stays.
public enum AtomicFile {
  /// Writes a file, new or in the place of an old one, whose permissions it keeps.
  /// - Parameter isCompressed: whether what `body` writes becomes a gzip file.
  /// - Throws: `cannot-write` and what `body` throws; the temporary file is gone then.
  public static func write(
    _ path: String, isCompressed: Bool = false, _ body: (inout FileWriter) throws -> Void
  ) throws {
    try FileAccess.check(path)
    let place = resolved(path)
    if Folder.exists(place) || place.hasSuffix("/") { throw cannotWrite(path, EISDIR) }
    let folder = split(place).folder
    let temporary = temporaryName(in: folder)
    do {
      var writer = try FileWriter(creating: temporary, for: path, isCompressed: isCompressed)
      try body(&writer)
      writer.copyPermissions(of: place)
      try writer.sync()
      if rename(temporary, place) != 0 { throw cannotWrite(path, errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(folder)
  }

  /// A name beside the place of a file that nothing else has.
  static func temporaryName(in folder: String) -> String {
    let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return "\(folder)/.maas-\(getpid())-\(number)-\(time.tv_nsec).tmp"
  }

  /// Removes what processes that were killed while they wrote left in a folder; best effort.
  package static func removeLeftovers(in folder: String) {
    for name in Folder.names(folder) ?? [] where name.hasPrefix(".maas-") && name.hasSuffix(".tmp")
    {
      let parts = name.split(separator: "-")
      guard parts.count == 4, let process = Int32(parts[1]), process > 0 else { continue }
      if kill(process, 0) == 0 || errno != ESRCH { continue }
      unlink("\(folder)/\(name)")
    }
  }

  private static let counter = Atomic<Int>(0)

  /// Brings the names in a folder to the disk; best effort, as not every file system can.
  package static func syncFolder(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { return }
    fsync(folder)
    close(folder)
  }

  /// What a path leads to through symbolic links, so that a link stays one; or the path itself.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

/// Writes behind what is in a file, which is made where there is none.
/// - Throws: `cannot-write`, `interrupted`.
package func appendToFile(_ path: String, _ bytes: UnsafeRawBufferPointer) throws {
  try FileAccess.check(path)
  let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
  guard file >= 0 else { throw cannotWrite(path, errno) }
  defer { close(file) }
  var rest = bytes[...]
  while !rest.isEmpty {
    try Interrupt.shared.check()
    let part = UnsafeRawBufferPointer(rebasing: rest.prefix(16 << 20))
    let count = Glibc.write(file, part.baseAddress, part.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw cannotWrite(path, errno)
    }
    rest = rest.dropFirst(count)
  }
}
