extension JSONReader {
  /// Takes one value of any kind. Nesting deeper than the limit is an error, as is a key that
  /// comes twice in an object.
  public mutating func value() throws(JSONError) -> JSON {
    try value(depth: 0)
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    switch next() {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: return try word()
    }
  }

  /// `true`, `false` or `null`.
  private mutating func word() throws(JSONError) -> JSON {
    let words: [(StaticString, JSON)] = [("true", true), ("false", false), ("null", .null)]
    for (word, value) in words where matches(word) {
      offset += word.utf8CodeUnitCount
      return value
    }
    throw unexpected(needed: "a value")
  }

  private func matches(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    for index in 0..<count where peek(offset + index) != word.utf8Start[index] { return false }
    let after = peek(offset + count) | 0x20
    return !(after >= UInt8(ascii: "a") && after <= UInt8(ascii: "z"))
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    try open(depth)
    var elements: [JSON] = []
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      do throws(JSONError) {
        elements.append(try value(depth: depth))
      } catch {
        throw error.inside("\(elements.count)")
      }
    } while try another(before: UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    try open(depth)
    var members: [JSON.Member] = []
    var keys = KeySet()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      let key = try newKey(&keys)
      do throws(JSONError) {
        members.append(JSON.Member(key, try value(depth: depth)))
      } catch {
        throw error.inside(key)
      }
    } while try another(before: UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func open(_ depth: Int) throws(JSONError) {
    if depth > depthLimit {
      throw error(
        "arrays and objects nest deeper than \(depthLimit)", help: "write it flatter")
    }
    offset += 1
  }
}

extension JSONReader {
  /// Takes the whole text and keeps nothing of it.
  /// - Throws: "bad-json", as `value()` does; numbers may be as large as they like.
  public mutating func checkSyntax() throws(JSONError) {
    try skip(depth: 0)
    try finish()
  }

  private mutating func skip(depth: Int) throws(JSONError) {
    switch next() {
    case UInt8(ascii: "{"):
      try open(depth + 1)
      var keys = KeySet()
      if take(UInt8(ascii: "}")) { return }
      repeat {
        let key = try newKey(&keys)
        do throws(JSONError) { try skip(depth: depth + 1) } catch { throw error.inside(key) }
      } while try another(before: UInt8(ascii: "}"))
    case UInt8(ascii: "["):
      if depth >= depthLimit { try open(depth + 1) }
      try elements { (reader) throws(JSONError) in try reader.skip(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    default: _ = try word()
    }
  }

  /// Takes a member's key, which must not be among `keys` yet, and its colon.
  public mutating func newKey(_ keys: inout KeySet) throws(JSONError) -> String {
    skipSpace()
    let start = offset
    let key = try string()
    if !keys.insert(key) {
      throw duplicateKey(key, at: start)
    }
    try expect(UInt8(ascii: ":"), "`:` after the key \"\(JSONError.cut(key))\"")
    return key
  }

  /// The error for a key that comes twice.
  public func duplicateKey(_ key: String, at start: Int) -> JSONError {
    error(
      "the key \"\(JSONError.cut(key))\" comes twice in one object", help: "give each key once",
      at: start
    ).inside(key)
  }

  /// Takes an array, its elements by `body`; errors get their index.
  public mutating func elements(
    _ body: (inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    try expect(UInt8(ascii: "["), "`[`")
    if take(UInt8(ascii: "]")) { return }
    var index = 0
    repeat {
      do throws(JSONError) { try body(&self) } catch { throw error.inside("\(index)") }
      index += 1
    } while try another(before: UInt8(ascii: "]"))
  }

  /// The error for a value that is JSON but not what is `needed`: `id`, or "missing-value" for
  /// null. Throws if it is no JSON.
  public mutating func mismatch(
    _ needed: String, id: String = "wrong-kind"
  ) throws(JSONError) -> JSONError {
    skipSpace()
    let start = offset
    let value = try value()
    if value == .null {
      return error(
        "found null where \(needed) is needed", id: "missing-value",
        help: "every value is needed: fill it in or leave the row out", at: start)
    }
    let isQuoted = needed == "a number" && value.text != nil
    return error(
      "found \(value.kindName) where \(needed) is needed", id: id,
      help: isQuoted ? "write numbers without quotes" : nil, at: start)
  }

  /// After an element: takes a comma and gives true, or takes `close` and gives false.
  public mutating func another(before close: UInt8) throws(JSONError) -> Bool {
    if take(close) { return false }
    let name = "`,` or `\(Character(UnicodeScalar(close)))`"
    let comma = next() == UInt8(ascii: ",") ? offset : nil
    try expect(UInt8(ascii: ","), name)
    if next() == close {
      throw error("found a comma with nothing after it", help: "remove the comma", at: comma)
    }
    return true
  }

  /// The keys of one object so far: a list while they are few, then a set. Compared by bytes, not
  /// by what Unicode holds equal.
  public struct KeySet {
    private var few: [String] = []
    private var many: Set<[UInt8]> = []

    public init() {}

    /// False if the key is there already.
    mutating func insert(_ key: String) -> Bool {
      if many.isEmpty && few.count < 8 {
        if few.contains(where: { $0.utf8.elementsEqual(key.utf8) }) { return false }
        few.append(key)
        return true
      }
      if many.isEmpty { many = Set(few.map { Array($0.utf8) }) }
      return many.insert(Array(key.utf8)).inserted
    }
  }
}

extension JSON {
  /// Parses a whole text.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, depthLimit: Int = JSONReader.defaultDepthLimit
  ) throws(JSONError) -> JSON {
    var reader = JSONReader(bytes, depthLimit: depthLimit)
    let value = try reader.value()
    try reader.finish()
    return value
  }

  /// Parses a whole text. Throws `CoreError("bad-json")` with line and column, byte and pointer;
  /// `source` names the text in it.
  public init(parsing bytes: [UInt8], source: String? = nil) throws {
    self = try bytes.withUnsafeBytes { try JSON(parsing: $0, source: source) }
  }

  /// Parses a whole text, as above.
  public init(parsing bytes: UnsafeRawBufferPointer, source: String? = nil) throws {
    do {
      self = try JSON.parse(bytes)
    } catch {
      throw error.coreError(in: source)
    }
  }

  /// Parses a whole text, as above.
  public init(parsing text: String, source: String? = nil) throws {
    try self.init(parsing: Array(text.utf8), source: source)
  }
}
