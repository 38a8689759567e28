import MaasTensors

extension InputFile {
  /// The bytes of a text file as UTF-8, which is yet to be checked: unpacked where the name ends in
  /// .gz, converted where an encoding is named or a mark at its start tells one.
  /// - Parameters:
  ///   - wanted: what the file should be, "a table"; nil where any text will do.
  ///   - inParts: whether a large file that is UTF-8 as it stands is read as `readOn` asks.
  /// - Throws: `no-such-file`, `cannot-read`, `wrong-file`, `bad-gzip`, `too-large`,
  ///   `unknown-encoding`, `bad-encoding`, `interrupted`.
  package static func text(
    _ path: String, encoding: String? = nil, wanted: String? = nil, inParts: Bool = false
  ) throws -> InputFile {
    var file = try InputFile(path, inParts: inParts && !path.hasGzipEnding)
    if path.hasGzipEnding { file = try file.unpacked() }
    if let wanted { try Signature.checkText(file, wanted: wanted) }
    guard let encoding = encoding ?? TextConversion.marked(file.bytes) else { return file }
    if TextConversion.isUTF8(encoding) { return file }
    if file.filled < file.bytes.count { file = try InputFile(path) }
    return try TextConversion.utf8(file, from: encoding)
  }
}
