import MaasTensors

extension InputFile {
  /// The bytes of a text file as UTF-8, which is yet to be checked: unpacked where the name ends in
  /// .gz, converted where an encoding is named or a mark at its start tells one.
  /// - Parameter wanted: what the file should be, "a table"; nil where any text will do.
  /// - Throws: `no-such-file`, `cannot-read`, `wrong-file`, `bad-gzip`, `too-large`,
  ///   `unknown-encoding`, `bad-encoding`, `interrupted`.
  package static func text(
    _ path: String, encoding: String? = nil, wanted: String? = nil
  ) throws -> InputFile {
    var file = try InputFile(path)
    if path.hasGzipEnding { file = try file.unpacked() }
    if let wanted { try Signature.checkText(file, wanted: wanted) }
    guard let encoding = encoding ?? TextConversion.marked(file.bytes) else { return file }
    if TextConversion.isUTF8(encoding) { return file }
    return try TextConversion.utf8(file, from: encoding)
  }
}
