import Glibc

/// A whole rendering kept in a file under `Tests/Goldens`. `MAAS_RECORD=1` writes the files anew;
/// then look at the difference before committing it.
public struct GoldenFile: Sendable {
  /// Relative to `Tests/Goldens`: "syntax/catalogue.txt".
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Tests/GoldenSupport/GoldenFile.swift, two steps up.
  private static let folder =
    #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/Goldens"

  private static let isRecording = getenv("MAAS_RECORD").map { String(cString: $0) } == "1"

  private var absolutePath: String { "\(Self.folder)/\(path)" }

  /// What the file holds; nil if there is none.
  public var text: String? {
    guard let file = fopen(absolutePath, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil if `actual` is what the file holds; else where they part, for the message of the test.
  ///
  ///     #expect(GoldenFile("syntax/catalogue.txt").difference(from: text) == nil)
  public func difference(from actual: String) -> String? {
    let expected = text
    if expected == actual { return nil }
    if Self.isRecording { return record(actual) }
    guard let expected else { return "no file Tests/Goldens/\(path); record with MAAS_RECORD=1" }
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let found = actual.split(separator: "\n", omittingEmptySubsequences: false)
    var line = 0
    while line < min(wanted.count, found.count), wanted[line] == found[line] { line += 1 }
    return """
      Tests/Goldens/\(path):\(line + 1)
      wanted: \(line < wanted.count ? wanted[line] : "the end")
      found:  \(line < found.count ? found[line] : "the end")
      """
  }

  /// Nil once written.
  private func record(_ actual: String) -> String? {
    var folder = Self.folder
    for part in path.split(separator: "/").dropLast() {
      folder += "/\(part)"
      mkdir(folder, 0o777)
    }
    guard let file = fopen(absolutePath, "w") else { return "cannot write \(absolutePath)" }
    defer { fclose(file) }
    let bytes = Array(actual.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    return written == bytes.count ? nil : "cannot write \(absolutePath)"
  }
}
