/// Numbers as people write them in tables, which is more than JSON allows: `+5`, `.5`, `007`.
package enum Decimal {
  /// A whole text as a number: an optional sign, digits with at most one point, an optional
  /// exponent; or `inf` and `infinity`. Nil for anything else.
  package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let first = text.first else { return nil }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let body = text.dropFirst(isSigned ? 1 : 0)
    guard let start = body.first else { return nil }
    if start | 0x20 == UInt8(ascii: "i") {
      let word = String(decoding: body, as: UTF8.self).lowercased()
      guard word == "inf" || word == "infinity" else { return nil }
      return first == UInt8(ascii: "-") ? -.infinity : .infinity
    }
    guard isDecimal(body) else { return nil }
    return Double(String(decoding: text, as: UTF8.self)).map(canonical)
  }

  private static func isDecimal(_ body: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var index = body.startIndex
    func digits() -> Int {
      let start = index
      while index < body.endIndex, body[index] &- 48 < 10 { index += 1 }
      return index - start
    }
    var count = digits()
    if index < body.endIndex, body[index] == UInt8(ascii: ".") {
      index += 1
      count += digits()
    }
    if count == 0 { return false }
    guard index < body.endIndex, body[index] | 0x20 == UInt8(ascii: "e") else {
      return index == body.endIndex
    }
    index += 1
    if index < body.endIndex, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(body[index]) {
      index += 1
    }
    return digits() > 0 && index == body.endIndex
  }
}
