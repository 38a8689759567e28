import MaasTensors

/// The Python dictionary in the header of a `.npy` file:
/// `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYLiteral {
  private let file: InputFile
  private var offset: Int
  private let end: Int

  init(_ file: InputFile, _ range: Range<Int>) {
    self.file = file
    offset = range.lowerBound
    end = range.upperBound
  }

  /// The three entries, each of which must be there once.
  /// - Throws: `bad-npy` with the byte offset.
  mutating func entries() throws(CoreError) -> (
    descr: String, isFortranOrder: Bool, shape: [Int]
  ) {
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let start = offset
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try description()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try bool()
      case "shape" where shape == nil: shape = try sizes()
      default: throw npyError(file, start, "the header has an entry \(quoted(key)) too many")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    guard let descr, let isFortranOrder, let shape else {
      throw npyError(file, offset, "the header lacks one of 'descr', 'fortran_order' and 'shape'")
    }
    return (descr, isFortranOrder, shape)
  }

  private var next: UInt8 { offset < end ? file.bytes[offset] : 0 }

  private mutating func skipBlanks() {
    while offset < end, next == UInt8(ascii: " ") || next == UInt8(ascii: "\n") { offset += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(CoreError) {
    if !take(scalar) { throw unexpected("'\(scalar)'") }
  }

  private func unexpected(_ needed: String) -> CoreError {
    let found = offset < end ? quoted(String(UnicodeScalar(next))) : "its end"
    return npyError(file, offset, "the header should have \(needed) here, and has \(found)")
  }

  private mutating func string() throws(CoreError) -> String {
    skipBlanks()
    let quote = next
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw unexpected("a quoted word")
    }
    offset += 1
    let start = offset
    while offset < end, next != quote { offset += 1 }
    guard offset < end else { throw unexpected("a closing quote") }
    defer { offset += 1 }
    return String(decoding: file.bytes[start..<offset], as: UTF8.self)
  }

  /// A dtype: a quoted code, or the list of a structured one, which is given back as it stands.
  private mutating func description() throws(CoreError) -> String {
    skipBlanks()
    guard next == UInt8(ascii: "[") else { return try string() }
    let start = offset
    var depth = 0
    repeat {
      if next == UInt8(ascii: "[") { depth += 1 }
      if next == UInt8(ascii: "]") { depth -= 1 }
      offset += 1
    } while depth > 0 && offset < end
    return String(decoding: file.bytes[start..<offset], as: UTF8.self)
  }

  private mutating func bool() throws(CoreError) -> Bool {
    skipBlanks()
    let rest = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<end])
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      offset += word.utf8.count
      return value
    }
    throw unexpected("True or False")
  }

  private mutating func sizes() throws(CoreError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      sizes.append(try size())
      // Python 2 wrote 3L.
      _ = take("L")
      if !take(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func size() throws(CoreError) -> Int {
    skipBlanks()
    let start = offset
    while offset < end, next &- 48 < 10 || next == UInt8(ascii: "-") { offset += 1 }
    let digits = String(decoding: file.bytes[start..<offset], as: UTF8.self)
    if let size = Int(digits) { return size }
    offset = start
    if digits.isEmpty { throw unexpected("a size") }
    throw npyError(file, start, "the size \(quoted(digits)) is no size of an array")
  }
}
