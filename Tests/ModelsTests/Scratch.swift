import Glibc
import MaasTensors

/// A folder of its own for one test, gone with the test.
final class Scratch: Sendable {
  let path: String

  init() throws {
    // In memory where the system has such a folder: syncing to a disk takes its time.
    let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(root)/maas-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CoreError("test", "no scratch folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { removeAll(path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file as it is.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    guard let handle = fopen(file(name), "w") else { throw CoreError("test", "no file") }
    fwrite(bytes, 1, bytes.count, handle)
    fclose(handle)
    return file(name)
  }

  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// The names in the folder.
  var names: [String] { entries(path) }

  /// The names in a folder of it.
  func names(in folder: String) -> [String] { entries(file(folder)) }
}

/// All bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
  guard let handle = fopen(path, "r") else { throw CoreError("test", "no file \(path)") }
  defer { fclose(handle) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let got = fread(&buffer, 1, buffer.count, handle)
    if got == 0 { return bytes }
    bytes += buffer[..<got]
  }
}

private func entries(_ path: String) -> [String] {
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

private func removeAll(_ path: String) {
  for name in entries(path) { removeAll("\(path)/\(name)") }
  remove(path)
}

/// The error that the body throws, as one text, paths without the folder before them.
func failure(_ folder: String = "", _ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return without(folder.isEmpty ? "" : folder + "/", in: "\(error)")
  }
}

private func without(_ part: String, in text: String) -> String {
  if part.isEmpty { return text }
  var rest = Array(text.utf8)[...]
  var kept: [UInt8] = []
  while !rest.isEmpty {
    if rest.starts(with: part.utf8) {
      rest = rest.dropFirst(part.utf8.count)
    } else {
      kept.append(rest.removeFirst())
    }
  }
  return String(decoding: kept, as: UTF8.self)
}

/// Removes a file; whether it was there.
func removeFile(_ path: String) -> Bool { remove(path) == 0 }
