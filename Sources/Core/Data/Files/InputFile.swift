import Glibc
import MaasTensors

/// A file in memory, with a zero byte after its end so that scanners need no bounds check.
///
/// Read, not mapped: a mapped file that another process cuts short would kill us with SIGBUS.
/// Invariant: `bytes` lives as long as the object, and what was read of it is never written again.
/// What is not read yet, and what was given back with `forget`, reads as zeros, which end any scan.
package final class InputFile: @unchecked Sendable {
  package let path: String
  package let bytes: UnsafeRawBufferPointer
  /// Whether the file can be read again: it is no pipe.
  package let isRepeatable: Bool
  /// How many bytes from the start were given back, to whole pages. Only its reader asks.
  package private(set) var forgotten = 0
  /// How many bytes from the start were read.
  package private(set) var filled: Int
  /// Open while there is more to read.
  private let descriptor: Int32?

  /// - Parameter inParts: whether a large file is read as `readOn` asks for it, only its start now.
  /// - Throws: `no-such-file` with the nearest name in the folder, `cannot-read`, `interrupted`.
  package init(_ path: String, inParts: Bool = false) throws {
    self.path = path
    try FileAccess.check(path)
    var file = open(path, O_RDONLY | O_CLOEXEC)
    // Opening waits, where the path is a pipe, until somebody writes to it.
    while file < 0 && errno == EINTR {
      try Interrupt.shared.check()
      file = open(path, O_RDONLY | O_CLOEXEC)
    }
    guard file >= 0 else { throw InputFile.failure(path, errno) }
    var isKept = false
    defer { if !isKept { close(file) } }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw InputFile.failure(path, errno) }
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR { throw InputFile.failure(path, EISDIR) }
    guard type == S_IFREG || type == S_IFIFO else {
      throw CoreError("cannot-read", "'\(path)' is a device, not a file")
    }
    isRepeatable = type == S_IFREG
    let size = Int(status.st_size)
    guard inParts, isRepeatable, size > 2 * InputFile.step else {
      descriptor = nil
      bytes = try InputFile.readAll(file, path, expected: size)
      filled = bytes.count
      return
    }
    // Zeros that take no memory until they are written.
    guard let memory = calloc(size + InputFile.padding, 1) else {
      throw InputFile.failure(path, ENOMEM)
    }
    bytes = UnsafeRawBufferPointer(start: memory, count: size)
    filled = 0
    descriptor = file
    isKept = true
    _ = try readOn()
  }

  /// Bytes that were made from a file, in memory of `malloc` that is this object's from now on.
  /// - Parameter count: how many there are; `InputFile.padding` bytes of room follow them.
  package init(_ path: String, adopting memory: UnsafeMutableRawPointer, count: Int) {
    self.path = path
    isRepeatable = false
    descriptor = nil
    filled = count
    memset(memory + count, 0, InputFile.padding)
    bytes = UnsafeRawBufferPointer(start: memory, count: count)
  }

  deinit {
    if let descriptor { close(descriptor) }
    free(UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  /// Reads some more of a file that is read in parts; false where all of it was read.
  /// - Throws: `cannot-read` also where the file became shorter, `interrupted`.
  package func readOn() throws(CoreError) -> Bool {
    guard let descriptor, filled < bytes.count else { return false }
    try Interrupt.shared.check()
    let part = UnsafeMutableRawBufferPointer(mutating: bytes)[filled...].prefix(InputFile.step)
    filled += try fill(UnsafeMutableRawBufferPointer(rebasing: part), descriptor, at: filled)
    return true
  }

  /// Hands over all the file a part after another, also what was not read yet or was given back.
  /// - Parameter body: gives how many bytes of the part it is done with. Those it leaves, a few,
  ///   stand at the start of its next part; the last part it is given is all there is.
  package func forEachPart(
    _ body: (UnsafeRawBufferPointer, _ isLast: Bool) throws(CoreError) -> Int
  ) throws(CoreError) {
    guard let descriptor else {
      _ = try body(bytes, true)
      return
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: InputFile.step, alignment: 16)
    defer { buffer.deallocate() }
    var (offset, held) = (0, 0)
    while offset < bytes.count {
      try Interrupt.shared.check()
      let room = min(buffer.count - held, bytes.count - offset)
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[held..<(held + room)])
      offset += try fill(part, descriptor, at: offset)
      let whole = UnsafeRawBufferPointer(rebasing: buffer[..<(held + room)])
      let used = try body(whole, offset == bytes.count)
      held = whole.count - used
      buffer.copyBytes(from: whole[used...])
    }
  }

  /// Fills the memory with what stands in the file from here.
  private func fill(
    _ memory: UnsafeMutableRawBufferPointer, _ file: Int32, at offset: Int
  ) throws(CoreError) -> Int {
    var count = 0
    while count < memory.count, let base = memory.baseAddress {
      let got = pread(file, base + count, memory.count - count, offset + count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw InputFile.failure(path, errno) }
      if got == 0 { throw changed }
      count += got
    }
    return count
  }

  /// The error for a file that is not any more what it was.
  package var changed: CoreError {
    CoreError("cannot-read", "'\(path)' changed while it was read", help: "load it again")
  }

  /// Gives the memory of the bytes before `end` back to the system, a whole step of it at a time;
  /// nothing reads them any more.
  package func forget(before end: UnsafeRawPointer) {
    guard isRepeatable, let base = bytes.baseAddress else { return }
    let page = 4096
    let first = (Int(bitPattern: base) + forgotten + page - 1) & -page
    let last = Int(bitPattern: end) & -page
    guard last - first >= InputFile.step else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: first), last - first, MADV_DONTNEED)
    forgotten = last - Int(bitPattern: base)
  }

  private static let step = 4 << 20

  private static func readAll(
    _ file: Int32, _ path: String, expected: Int
  ) throws -> UnsafeRawBufferPointer {
    var capacity = expected + padding + 1
    var count = 0
    guard var memory = malloc(capacity) else { throw failure(path, ENOMEM) }
    do {
      while true {
        try Interrupt.shared.check()
        let room = min(capacity - count - padding + 1, 16 << 20)
        let got = read(file, memory + count, room)
        if got == 0 { break }
        if got < 0 {
          if errno == EINTR { continue }
          throw failure(path, errno)
        }
        count += got
        if count + padding <= capacity { continue }
        capacity *= 2
        guard let larger = realloc(memory, capacity) else { throw failure(path, ENOMEM) }
        memory = larger
      }
    } catch {
      free(memory)
      throw error
    }
    memset(memory + count, 0, capacity - count)
    return UnsafeRawBufferPointer(start: memory, count: count)
  }

  /// The zeros behind the last byte.
  static let padding = 16

  private static func failure(_ path: String, _ code: Int32) -> CoreError {
    switch code {
    case ENOENT, ENOTDIR: return missing(path)
    case EISDIR:
      return CoreError(
        "cannot-read", "'\(path)' is a folder, and a file is needed", help: fileInside(path))
    case EACCES:
      return CoreError(
        "cannot-read", "'\(path)' may not be read by this user",
        help: "change its permissions: chmod u+r \(path)")
    default: return CoreError("cannot-read", "'\(path)' cannot be read: \(reason(code))")
    }
  }

  /// A file of the folder that may have been meant.
  private static func fileInside(_ folder: String) -> String {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    let files = (Folder.names(folder) ?? []).filter {
      !$0.hasPrefix(".") && !Folder.exists(prefix + $0)
    }
    let known = files.first {
      $0.hasSuffix(".maas") || $0.hasSuffix(".csv") || $0.hasSuffix(".npy")
    }
    return (known ?? files.first).map { "name a file in it, as '\(prefix)\($0)'" }
      ?? "name a file; this folder holds none"
  }

  /// The error for a file that does not exist: names a near one in its folder, or says that the
  /// folder itself is not there.
  package static func missing(_ path: String) -> CoreError {
    let (folder, name) = split(path)
    guard let names = Folder.names(folder) else {
      return CoreError(
        "no-such-file", "there is no file '\(path)': the folder '\(folder)' does not exist",
        help: "a path starts at the folder maas was started in, or with /")
    }
    let near = nearest(to: name, among: names)
    let prefix = path.hasSuffix(name) ? String(path.dropLast(name.count)) : ""
    return CoreError(
      "no-such-file", "there is no file '\(path)'",
      help: near.map { "did you mean '\(prefix)\($0)'?" }
        ?? "a path starts at the folder maas was started in, or with /",
      instead: near.map { .init(of: path, prefix + $0) })
  }
}

/// What the system calls an error: `No space left on device`.
package func reason(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// A path cut at its last slash: the folder (`.` if there is none) and the name in it.
package func split(_ path: String) -> (folder: String, name: String) {
  var trimmed = Substring(path)
  while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
  guard let slash = trimmed.lastIndex(of: "/") else { return (".", String(trimmed)) }
  let folder = trimmed[..<slash]
  return (folder.isEmpty ? "/" : String(folder), String(trimmed[trimmed.index(after: slash)...]))
}
