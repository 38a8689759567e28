import MaasData
import MaasTensors

/// A value of a `model.json` with its place, so that each error says where it is.
struct ModelJSON {
  let value: JSON
  /// The file, for errors.
  let path: String
  /// Where in it (RFC 6901).
  var pointer = ""

  /// - Throws: `bad-model`.
  func error(_ message: String) -> CoreError {
    CoreError(
      "bad-model", message, help: "the file was changed or damaged: save the model again",
      place: pointer.isEmpty ? path : "\(path), \(pointer)")
  }

  /// The member of this name, or nil if it is missing or null.
  func optional(_ key: String) -> ModelJSON? {
    guard let member = value[key], member != .null else { return nil }
    return ModelJSON(
      value: member, path: path, pointer: "\(pointer)/\(JSONError.escaped(key))")
  }

  /// The member of this name.
  func member(_ key: String) throws(CoreError) -> ModelJSON {
    if let member = optional(key) { return member }
    throw error("'\(key)' is missing")
  }

  /// The elements of an array.
  func elements() throws(CoreError) -> [ModelJSON] {
    guard let elements = value.elements else { throw wrongKind("an array") }
    return elements.enumerated().map { index, element in
      ModelJSON(value: element, path: path, pointer: "\(pointer)/\(index)")
    }
  }

  func text() throws(CoreError) -> String {
    guard let text = value.text else { throw wrongKind("a string") }
    return text
  }

  func double() throws(CoreError) -> Double {
    guard let double = value.double else { throw wrongKind("a number") }
    return double
  }

  func int() throws(CoreError) -> Int {
    guard let int = value.int else { throw wrongKind("a whole number") }
    return int
  }

  func bool() throws(CoreError) -> Bool {
    guard let bool = value.bool else { throw wrongKind("true or false") }
    return bool
  }

  /// One of the words of an enumeration.
  func word<Word: RawRepresentable & CaseIterable>(
    _ type: Word.Type
  ) throws(CoreError) -> Word where Word.RawValue == String {
    let text = try text()
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    throw error("there is no '\(text)' here, but one of \(words)")
  }

  private func wrongKind(_ needed: String) -> CoreError {
    error("here is \(value.kindName), and \(needed) is needed")
  }
}
