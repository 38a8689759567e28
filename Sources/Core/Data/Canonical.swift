/// The one gate for doubles from outside (files, requests, weights): every NaN becomes the one
/// quiet NaN, so that no payload can be mistaken for a tagged value.
@inlinable
public func canonical(_ value: Double) -> Double {
  value == value ? value : Double.nan
}

/// The shortest text that reads back as the same number; whole numbers below 1e16 in digits.
public func shortest(_ value: Double) -> String {
  if value == 0 { return "0" }
  if value.rounded() == value, abs(value) < 1e16 { return String(Int64(value)) }
  return value.description
}

/// The same for 32 bits.
@inlinable
public func canonical(_ value: Float) -> Float {
  value == value ? value : Float.nan
}
