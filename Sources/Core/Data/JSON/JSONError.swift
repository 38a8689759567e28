import MaasTensors

/// What is wrong with a JSON text, and exactly where.
public struct JSONError: Error, Sendable, Equatable {
  /// The help where a text ends too early.
  public static let helpAtEnd = "the text is cut off, or a bracket is missing"

  /// Stable name: "bad-json", or what a reader of a certain shape adds ("wrong-width", …).
  public var id: String
  /// What was found and what was needed; no place, no trailing period.
  public var message: String
  public var help: String?
  /// Counted from 0, in bytes.
  public var offset: Int
  /// Counted from 1.
  public var line: Int
  /// Counted from 1, in characters (code points).
  public var column: Int
  /// The value at fault as an RFC 6901 pointer; "" is the whole text.
  public var pointer: String

  /// The same error seen from the value around it, whose member or element `step` it lies in.
  public func inside(_ step: String) -> JSONError {
    var outer = self
    outer.pointer = "/" + JSONError.escaped(JSONError.cut(step)) + pointer
    return outer
  }

  /// A text as errors repeat it: its first scalars only, so that an error stays short.
  public static func cut(_ text: String, to limit: Int = 100) -> String {
    let scalars = text.unicodeScalars
    guard
      let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }

  /// A member's name as a step of an RFC 6901 pointer: `~` is `~0`, `/` is `~1`.
  public static func escaped(_ step: String) -> String {
    var escaped = ""
    for scalar in step.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// The error as the core throws it; `source` names the text ("model.json").
  public func coreError(in source: String? = nil) -> CoreError {
    let inside = pointer.isEmpty ? "" : ", in \(pointer)"
    let position = "\(line):\(column)"
    return CoreError(
      id, "\(message) (byte \(offset)\(inside))", help: help,
      place: source.map { "\($0):\(position)" } ?? position)
  }
}
