@_spi(_Unicode) import Swift

/// The forms of Unicode in which equal characters have equal code points (UAX 15).
enum Normalization: String, CaseIterable {
  /// Composed: é is one code point.
  case nfc = "NFC"
  /// Decomposed: é is an e and an accent.
  case nfd = "NFD"

  func apply(to text: String) -> String {
    var result = ""
    switch self {
    case .nfc: for scalar in text._nfc { result.unicodeScalars.append(scalar) }
    case .nfd: for scalar in text._nfd { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
