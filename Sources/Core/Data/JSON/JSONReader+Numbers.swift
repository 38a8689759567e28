extension JSONReader {
  /// Takes a number; too large for a double is an error.
  public mutating func number() throws(JSONError) -> Double {
    skipSpace()
    let start = offset
    let value = NumberScanner.scan(bytes, &offset)
    if value.isFinite { return value }
    throw badNumber(value, start)
  }

  /// Takes a number of any size and drops it.
  mutating func skipNumber() throws(JSONError) {
    skipSpace()
    let start = offset
    let value = NumberScanner.scan(bytes, &offset)
    if value.isNaN { throw badNumber(value, start) }
  }

  /// Takes a number that fits in 32 bits: rounded to a double, then to a float, as NumPy does.
  public mutating func float() throws(JSONError) -> Float {
    skipSpace()
    let start = offset
    let value = NumberScanner.scan(bytes, &offset)
    let float = Float(value)
    if float.isFinite { return float }
    throw badNumber(value, start)
  }

  /// Takes an array of numbers, `[` to `]`, and appends them; more than `limit` of them are
  /// counted and not kept. Gives the count.
  public mutating func floats(
    into values: inout [Float], limit: Int
  ) throws(JSONError) -> Int {
    try expect(UInt8(ascii: "["), "`[`")
    if take(UInt8(ascii: "]")) { return 0 }
    var count = 0
    repeat {
      do throws(JSONError) {
        let value = try float()
        if count < limit { values.append(value) }
      } catch {
        throw error.inside("\(count)")
      }
      count += 1
    } while try separator()
    return count
  }

  /// `another` for arrays, the common case in line.
  @inline(__always)
  private mutating func separator() throws(JSONError) -> Bool {
    if peek(offset) == UInt8(ascii: ",") {
      var position = offset + 1
      while isSpace(peek(position)) { position += 1 }
      if peek(position) != UInt8(ascii: "]") {
        offset = position
        return true
      }
    }
    return try another(before: UInt8(ascii: "]"))
  }

  /// Why `value`, read at `start`, is no number that can be used.
  func badNumber(_ value: Double, _ start: Int) -> JSONError {
    var word = self
    word.offset = start
    if !value.isNaN {
      let range = value.isInfinite ? "64-bit" : "32-bit"
      return error(
        "the number \(word.found()) is too large for a \(range) float", id: "number-too-large",
        help: "numbers go up to \(value.isInfinite ? "1.8e308" : "3.4e38"): divide such ones first",
        at: start)
    }
    let first = peek(start)
    guard first == UInt8(ascii: "-") || (first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9"))
    else {
      do throws(JSONError) { return try word.mismatch("a number") } catch { return error }
    }
    return error(
      "\(word.found()) is not a number as JSON writes it", help: "such as 0.5, -1, 12 or 1e-3",
      at: start)
  }
}
