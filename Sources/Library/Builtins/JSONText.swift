import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Values as JSON text, and back.
  static let json: [Builtin] = [
    Builtin(
      "parse_json(text: string)",
      """
      The value that a JSON text writes: objects become records, null becomes nil.

          parse_json('{"a": [1, null]}')    # => (a: [1, nil])
      """
    ) { call in Value(try JSON(parsing: UnsafeRawBufferPointer(call[0].utf8))) },
    Builtin(
      "to_json(x, pretty: bool = false) -> string",
      """
      A value as JSON text; tensors become nested lists, tables lists of records, dates texts.

          to_json((a: [1, nil], b: "x"))    # => "\\{\\"a\\":[1,null],\\"b\\":\\"x\\"}"
      """
    ) { call in
      Value(try JSON(call[0]).printed(pretty: call.bool("pretty", or: false)))
    },
    Builtin(
      "parse_json_lines(text: string) -> list",
      """
      The values of a text with a JSON text on each line; empty lines are skipped.

          parse_json_lines("[1]\\n\\n[2]")    # => [[1], [2]]
      """
    ) { call in try call.jsonLines(call[0].utf8, in: nil) },
    Builtin(
      "to_json_lines(xs: list | table) -> string",
      """
      Values as JSON texts, one on each line.

          to_json_lines([[1], "a"])         # => "[1]\\n\\"a\\"\\n"
      """
    ) { call in
      var text = ""
      try call[0].forEachJSONLine { line in
        text += line
        try call.checkTextSize(text.utf8.count)
      }
      return Value(text)
    },
  ]
}

extension NativeCall {
  /// The values of JSON lines; `source` names the text in errors.
  func jsonLines(_ text: UnsafeBufferPointer<UInt8>, in source: String?) throws -> Value {
    Value(list: try parsedLines(text, source).values.map { Value($0) })
  }

  /// A table where the lines hold flat objects with the same names; else as `jsonLines`.
  func jsonLinesOrTable(_ text: UnsafeBufferPointer<UInt8>, _ path: String) throws -> Value {
    let (values, numbers) = try parsedLines(text, path)
    if let table = try Table(objects: values, path: path, lines: numbers) { return Value(table) }
    return Value(list: values.map { Value($0) })
  }

  /// The values, and the number of the line of each.
  private func parsedLines(
    _ text: UnsafeBufferPointer<UInt8>, _ source: String?
  ) throws -> (values: [JSON], lines: [Int32]) {
    var values: [JSON] = []
    var lines: [Int32] = []
    var number = 0
    for line in TextLines(text) {
      number += 1
      if number & 0xFFF == 0 { try pollInterrupt() }
      if line.trimmed.isEmpty { continue }
      do {
        values.append(try JSON(parsing: UnsafeRawBufferPointer(line)))
        lines.append(Int32(truncatingIfNeeded: number))
      } catch var error as CoreError {
        let column = error.place.map { $0.dropFirst(1) } ?? ""
        error.place = (source.map { "\($0):" } ?? "") + "\(number)\(column)"
        throw error
      }
    }
    return (values, lines)
  }
}

extension Value {
  /// Hands the JSON text of each element, with its line end, to `body`.
  func forEachJSONLine(_ body: (String) throws -> Void) throws {
    if isList {
      for item in items { try body(JSON(item).printed(pretty: false) + "\n") }
      return
    }
    guard let native, let count = native.elementCount else { return }
    for position in 0..<count {
      let element = try native.element(at: position)
      defer { element.release() }
      try body(JSON(element).printed(pretty: false) + "\n")
    }
  }
}
