extension Double {
  /// The number as the language prints it: integers below 1e16 in digits, others the shortest text
  /// that reads back, with an exponent below 1e-4 and from 1e16; `nan`, `infinity`, `-infinity`.
  public var maasText: String {
    if abs(self) < 0x1p53, self == rounded(.towardZero) { return String(Int64(self)) }
    return isFinite ? DecimalDigits(shortest: description).maasText : specialText
  }

  /// For what is not finite.
  var specialText: String { isNaN ? "nan" : self > 0 ? "infinity" : "-infinity" }
}

extension Float {
  /// As `Double.maasText`, but the shortest text that reads back as the same 32-bit number.
  public var maasText: String {
    if abs(self) < 0x1p24, self == rounded(.towardZero) { return String(Int32(self)) }
    return isFinite ? DecimalDigits(shortest: description).maasText : Double(self).specialText
  }
}

/// A decimal number: ± 0.d₁d₂d₃… × 10^exponent.
struct DecimalDigits {
  var isNegative = false
  /// From 0 to 9, the first not 0; empty for zero.
  var digits: [UInt8] = []
  var exponent = 0

  /// Reads what Swift or C prints of a finite number: `-12.5`, `1e-05`, `1.25e+20`.
  init(shortest text: String) {
    var point: Int?
    var shift = 0
    var bytes = Array(text.utf8)
    if let mark = bytes.firstIndex(where: { $0 == UInt8(ascii: "e") }) {
      shift = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
      bytes.removeSubrange(mark...)
    }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case 0x30...0x39: digits.append(byte - 0x30)
      default: point = digits.count
      }
    }
    exponent = (point ?? digits.count) + shift
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    exponent -= zeros
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// As the language prints numbers.
  var maasText: String {
    if digits.isEmpty { return "0" }
    return exponent > 16 || exponent < -3 ? scientific : plain
  }

  /// `12.5`, with as many digits as there are.
  var plain: String {
    let point = max(exponent, 0)
    var whole = digits.prefix(point)
    if whole.count < point { whole += Array(repeating: 0, count: point - whole.count) }
    let fraction =
      Array(repeating: 0, count: exponent < 0 && !digits.isEmpty ? -exponent : 0)
      + digits.dropFirst(point)
    let text = Self.text(whole.isEmpty ? [0] : Array(whole))
    return sign + text + (fraction.isEmpty ? "" : "." + Self.text(fraction))
  }

  /// `1.25e20`
  var scientific: String {
    guard let first = digits.first else { return "0e0" }
    let rest = digits.count > 1 ? "." + Self.text(Array(digits.dropFirst())) : ""
    return "\(sign)\(first)\(rest)e\(exponent - 1)"
  }

  private var sign: String { isNegative && !digits.isEmpty ? "-" : "" }

  private static func text(_ digits: [UInt8]) -> String {
    String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
  }
}
