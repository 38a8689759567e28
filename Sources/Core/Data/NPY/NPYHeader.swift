import MaasTensors

/// What stands before the elements in a `.npy` file (numpy/lib/format.py, versions 1 to 3).
struct NPYHeader {
  /// How one element is stored.
  enum Element: String, CaseIterable {
    case bool = "b1"
    case i8 = "i1"
    case i16 = "i2"
    case i32 = "i4"
    case i64 = "i8"
    case u8 = "u1"
    case u16 = "u2"
    case u32 = "u4"
    case u64 = "u8"
    case f16 = "f2"
    case f32 = "f4"
    case f64 = "f8"

    /// Bytes an element: the digit of its code.
    var size: Int { rawValue.last?.wholeNumberValue ?? 1 }
  }

  var element: Element
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: Shape
  /// Where the elements start.
  var dataStart: Int

  /// Elements of a file without such a header.
  init(_ element: Element, isBigEndian: Bool, shape: Shape, dataStart: Int) {
    self.element = element
    self.isBigEndian = isBigEndian
    isFortranOrder = false
    self.shape = shape
    self.dataStart = dataStart
  }

  /// - Throws: `bad-npy` with the byte offset, checked against the length of the file, so that
  ///   nothing larger than the file is ever asked of memory.
  init(_ file: InputFile) throws(CoreError) {
    let (start, end) = try NPYHeader.bounds(file)
    var literal = NPYLiteral(file, start..<end)
    let entries = try literal.entries()
    (element, isBigEndian) = try NPYHeader.element(entries.descr, file, start)
    isFortranOrder = entries.isFortranOrder
    dataStart = end
    do {
      shape = try Shape(checking: entries.shape)
    } catch {
      // That the file is shorter says more than that no file could be as long.
      shape = error.id == "too-large" ? Shape(entries.shape) : []
      if error.id == "too-large" { try checkLength(file) }
      throw npyError(file, start, error.message, help: error.help)
    }
    try checkLength(file)
  }

  private static func bounds(_ file: InputFile) throws(CoreError) -> (Int, Int) {
    let bytes = file.bytes
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw npyError(
        file, 0,
        bytes.isEmpty ? "the file is empty" : "it does not start with the mark of a .npy file",
        help: "NumPy writes one with np.save(path, x)")
    }
    guard bytes.count >= 10 else {
      throw npyError(file, bytes.count, "the file ends in its header")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw npyError(file, 6, "it has format version \(version), and 1, 2 or 3 is needed")
    }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else {
      throw npyError(file, bytes.count, "the file ends in its header")
    }
    var length = 0
    for index in (8..<start).reversed() { length = length << 8 | Int(bytes[index]) }
    guard length <= bytes.count - start else {
      throw npyError(
        file, 8,
        "the header says it is \(length) bytes long, and \(bytes.count - start) are left in the file"
      )
    }
    return (start, start + length)
  }

  private static func element(
    _ descr: String, _ file: InputFile, _ offset: Int
  ) throws(CoreError) -> (Element, Bool) {
    var code = Substring(descr)
    var isBigEndian = false
    if let order = code.first, "<>|=".contains(order) {
      isBigEndian = order == ">"
      code.removeFirst()
    }
    if let element = Element(rawValue: String(code)) { return (element, isBigEndian) }
    throw npyError(
      file, offset,
      "its dtype is \(name(descr)), and bool, int, uint or float (16 to 64) is needed",
      help: "convert it in NumPy before saving: np.save(path, x.astype(\"float32\"))")
  }

  /// The name NumPy gives a dtype that tensors do not have, with its code.
  private static func name(_ descr: String) -> String {
    if descr.hasPrefix("[") { return "structured: \(oneLine(descr, limit: 80))" }
    let names: [Character: String] = [
      "O": "object", "U": "text", "S": "bytes", "V": "void", "c": "complex", "M": "datetime64",
      "m": "timedelta64", "f": "a long float",
    ]
    let kind = descr.first { !"<>|=".contains($0) }.flatMap { names[$0] }
    return (kind.map { "\($0) " } ?? "") + quoted(descr)
  }

  private func checkLength(_ file: InputFile) throws(CoreError) {
    let left = file.bytes.count - dataStart
    let (needed, overflow) = shape.count.multipliedReportingOverflow(by: element.size)
    if !overflow, needed == left { return }
    let size = overflow ? "more bytes than can be counted" : "\(needed) bytes"
    throw npyError(
      file, dataStart,
      "shape \(shape) of \(element.size)-byte elements needs \(size), and \(left) follow",
      help: overflow || needed > left ? "the file was cut short, or its header is wrong" : nil)
  }
}

/// The error for a file that is no proper `.npy`.
func npyError(
  _ file: InputFile, _ offset: Int, _ message: String, help: String? = nil
) -> CoreError {
  CoreError("bad-npy", message, help: help, place: "\(file.path), byte \(offset)")
}
