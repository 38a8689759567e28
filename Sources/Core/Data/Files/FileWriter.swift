import Glibc
import MaasTensors

/// Bytes on their way into a new file, gathered so that the system is asked once a megabyte.
public struct FileWriter: ~Copyable {
  private let file: Int32
  /// The path the user gave, for errors.
  private let path: String
  private var buffer: [UInt8] = []
  /// What packs the bytes on their way, for a `.gz` file.
  private let deflater: Deflater?
  /// How many bytes were taken so far.
  public private(set) var count = 0

  private static let capacity = 1 << 20

  /// Makes the file; it must not exist yet.
  /// - Throws: `cannot-write`.
  init(
    creating name: String, for path: String, isCompressed: Bool = false
  ) throws(CoreError) {
    _ = FileWriter.ignoringSizeSignal
    self.path = path
    deflater = isCompressed ? Deflater() : nil
    file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw cannotWrite(path, errno) }
    if isCompressed, deflater == nil { throw cannotWrite(path, ENOMEM) }
  }

  deinit { close(file) }

  /// Past the file size limit of the process, a write fails like any other instead of ending it.
  private static let ignoringSizeSignal: Bool = {
    signal(SIGXFSZ, SIG_IGN)
    return true
  }()

  /// - Throws: `cannot-write`, `interrupted`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    count += bytes.count
    if buffer.count + bytes.count <= FileWriter.capacity {
      buffer.append(contentsOf: bytes)
      return
    }
    try flush()
    if bytes.count < FileWriter.capacity {
      buffer.append(contentsOf: bytes)
    } else {
      try send(bytes)
    }
  }

  public mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  public mutating func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }

  /// Brings all bytes to the disk.
  mutating func sync() throws {
    try flush()
    let file = file
    let path = path
    try deflater?.pack(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) {
      try FileWriter.send($0, file, path)
    }
    if fsync(file) != 0 { throw cannotWrite(path, errno) }
  }

  /// Gives the file the permissions of another one, if that exists.
  func copyPermissions(of other: String) {
    var status = stat()
    if stat(other, &status) == 0 { fchmod(file, status.st_mode & 0o7777) }
  }

  private mutating func flush() throws {
    try buffer.withUnsafeBytes { try send($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    let file = file
    let path = path
    guard let deflater else { return try FileWriter.send(bytes, file, path) }
    try deflater.pack(bytes, isLast: false) { try FileWriter.send($0, file, path) }
  }

  private static func send(
    _ bytes: UnsafeRawBufferPointer, _ file: Int32, _ path: String
  ) throws {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      try Interrupt.shared.check()
      let sent = Glibc.write(file, start, min(rest.count, 16 << 20))
      if sent < 0 {
        if errno == EINTR { continue }
        throw cannotWrite(path, errno)
      }
      rest = rest.dropFirst(sent)
    }
  }
}

/// The error for a file or folder that cannot be written: what is in the way, and what to do.
package func cannotWrite(_ path: String, _ code: Int32) -> CoreError {
  let folder = split(path).folder
  let found: String
  var help: String?
  switch code {
  case ENOENT, ENOTDIR:
    if let file = fileInTheWay(folder) {
      found = "'\(file)' is a file, not a folder"
      help = "choose a path whose folders are folders"
    } else if Folder.exists(folder) {
      found = "'\(folder)' takes nothing new"
      help = "choose another folder"
    } else {
      found = "the folder '\(folder)' does not exist"
      help = "make it first: mkdir -p \(folder)"
    }
  case EACCES, EPERM, EROFS:
    found = "this user may not write in '\(folder)'"
    help = "choose another folder, or change its permissions"
  case ENOSPC, EDQUOT:
    found = "the disk is full"
    help = "free some space, or write to another disk; what was there before is unchanged"
  case EFBIG:
    found = "the file would be larger than this process may write"
    help = "raise the limit (ulimit -f); what was there before is unchanged"
  case EISDIR:
    found = "it is a folder"
    help = "add the name of a file: \(path.hasSuffix("/") ? path : path + "/")name"
  case ENAMETOOLONG:
    found = "the name is too long"
    help = "choose a shorter one: most file systems take 255 bytes"
  default: found = reason(code)
  }
  return CoreError("cannot-write", "'\(path)' cannot be written: \(found)", help: help)
}

/// The part of a path that something other than a folder stands at; nil where there is none.
private func fileInTheWay(_ path: String) -> String? {
  var end = path.startIndex
  while end < path.endIndex {
    end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
    let part = String(path[..<end])
    var status = stat()
    guard stat(part, &status) == 0 else { return nil }
    if status.st_mode & S_IFMT != S_IFDIR { return part }
  }
  return nil
}
