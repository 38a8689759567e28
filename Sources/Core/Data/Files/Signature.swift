import MaasTensors

/// Kinds of files that tell themselves by their first bytes, so that one under a wrong name is
/// called by its own.
enum Signature: CaseIterable {
  case gzip, zip, png, jpeg, npy, html, pdf, gif, bmp, webp, tiff, hdf5, parquet, sqlite, zstd, xz
  case bzip2, pickle, gitLFS

  /// The kind of these bytes; nil for none of them.
  static func of(_ bytes: UnsafeRawBufferPointer) -> Signature? {
    allCases.first { $0.matches(bytes) }
  }

  /// - Throws: `wrong-file` where the file is of another kind that is known by its first bytes.
  static func check(_ file: InputFile, is wanted: Signature) throws(CoreError) {
    guard let found = of(file.bytes), found != wanted else {
      if wanted.matches(file.bytes) || wanted != .gzip { return }
      throw CoreError(
        "wrong-file",
        "'\(file.path)' is not compressed, as the end of its name, .gz, says it is",
        help: "give it its own name: mv \(file.path) \(file.path.dropLast(3))")
    }
    throw found.mismatch(file, "a \(wanted.name)")
  }

  /// - Parameter wanted: what the file should be: "a table".
  /// - Throws: `wrong-file` where a file that should be text is of a kind known by its first bytes.
  static func checkText(_ file: InputFile, wanted: String) throws(CoreError) {
    if let found = of(file.bytes) { throw found.mismatch(file, wanted) }
  }

  private func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .html: return Signature.isHTML(bytes)
    case .webp:
      return bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
    case .pickle: return bytes.count > 2 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
    case .bmp: return bytes.count > 26 && bytes.starts(with: "BM".utf8) && bytes[6] | bytes[7] == 0
    default: return marks.contains { bytes.starts(with: $0) }
    }
  }

  /// Bytes that files of this kind start with.
  private var marks: [[UInt8]] {
    switch self {
    case .gzip: [[0x1F, 0x8B]]
    case .zip: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6]]
    case .png: [[0x89, 0x50, 0x4E, 0x47]]
    case .jpeg: [[0xFF, 0xD8, 0xFF]]
    case .npy: [[0x93] + Array("NUMPY".utf8)]
    case .pdf: [Array("%PDF-".utf8)]
    case .gif: [Array("GIF87a".utf8), Array("GIF89a".utf8)]
    case .tiff: [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A]]
    case .hdf5: [[0x89, 0x48, 0x44, 0x46]]
    case .parquet: [Array("PAR1".utf8) + [0x15]]
    case .sqlite: [Array("SQLite format 3".utf8)]
    case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]]
    case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]]
    case .bzip2: (1...9).map { Array("BZh\($0)1AY&".utf8) }
    case .gitLFS: [Array("version https://git-lfs".utf8)]
    case .html, .webp, .pickle, .bmp: []
    }
  }

  private static func isHTML(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = bytes.dropFirst(Encoding.markLength(bytes)).prefix(512)
      .drop { $0 == 0x20 || (9...13).contains($0) }
    let word = String(decoding: start.prefix(14), as: UTF8.self).lowercased()
    return word.hasPrefix("<!doctype html") || word.hasPrefix("<html") || word.hasPrefix("<head")
  }

  /// What files of this kind are called.
  private var name: String {
    switch self {
    case .gzip: "gzip file"
    case .zip: "zip file, as those of NumPy (.npz) and Excel (.xlsx)"
    case .png: "PNG image"
    case .jpeg: "JPEG image"
    case .npy: "NumPy array"
    case .html: "web page (HTML)"
    case .pdf: "PDF document"
    case .gif: "GIF image"
    case .bmp: "BMP image"
    case .webp: "WebP image"
    case .tiff: "TIFF image"
    case .hdf5: "HDF5 file"
    case .parquet: "Parquet file"
    case .sqlite: "SQLite database"
    case .zstd: "file compressed by zstd"
    case .xz: "file compressed by xz"
    case .bzip2: "file compressed by bzip2"
    case .pickle: "pickle of Python's"
    case .gitLFS: "pointer of Git LFS and not the file itself"
    }
  }

  private func mismatch(_ file: InputFile, _ wanted: String) -> CoreError {
    CoreError(
      "wrong-file",
      "'\(file.path)' should be \(wanted), and its first bytes are those of a \(name)",
      help: help(file.path))
  }

  private func help(_ path: String) -> String {
    switch self {
    case .gzip: return "give it the end of its kind: mv \(path) \(path).gz"
    case .png, .jpeg, .npy:
      let ending = self == .png ? ".png" : self == .jpeg ? ".jpg" : ".npy"
      let stem = path.lastIndex(of: ".").map { path[..<$0] } ?? path[...]
      return "give it the end of its kind: mv \(path) \(stem)\(ending)"
    case .zip:
      return
        "unpack it (unzip \(path)), or save the sheet as CSV UTF-8; an archive of NumPy's ends "
        + "in .npz"
    case .html:
      return "the address that was downloaded is that of a page about the file: get the file "
        + "itself (on GitHub, the link Raw)"
    case .gif, .bmp, .webp, .tiff: return "convert it: magick \(path) image.png"
    case .zstd: return "unpack it first: zstd -d \(path)"
    case .xz: return "unpack it first: xz -dk \(path)"
    case .bzip2: return "unpack it first: bunzip2 -k \(path)"
    case .gitLFS: return "fetch the file: git lfs pull"
    case .hdf5, .pickle, .parquet, .sqlite, .pdf:
      return "write it as CSV or .npy with the program that made it; "
        + "in Python: table.to_csv(\"data.csv\", index=False)"
    }
  }
}
