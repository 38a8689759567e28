import MaasData
import MaasSyntax

extension Diagnostic {
  /// The error as one line of JSON: for `--json`, editors and answers.
  ///
  /// `range` counts lines from 0 and characters in UTF-16 units, as the language server protocol
  /// does; `bytes` are offsets in the UTF-8 text.
  public var json: JSON {
    var members: [JSON.Member] = [
      .init("id", .string(id)), .init("severity", .string(severity.rawValue)),
      .init("message", .string(message)), .init("help", help.map { .string($0) } ?? .null),
    ]
    members +=
      primary?.place ?? [
        .init("file", .null), .init("range", .null), .init("bytes", .null),
      ]
    members.append(.init("label", .string(primary?.text ?? "")))
    members.append(.init("related", .array(secondary.map(\.json))))
    members.append(.init("edits", .array(edits.map(json))))
    members.append(.init("calls", .array(calls.map(\.json))))
    return .object(members)
  }

  private func json(_ edit: Edit) -> JSON {
    let place = primary.map { Label($0.source, edit.span).place } ?? []
    return .object(place + [.init("text", .string(edit.replacement))])
  }
}

extension Diagnostic.Call {
  fileprivate var json: JSON {
    .object([.init("function", .string(function))] + (location?.place ?? []))
  }
}

extension Diagnostic.Label {
  fileprivate var json: JSON { .object(place + [.init("message", .string(text))]) }

  fileprivate var place: [JSON.Member] {
    [
      .init("file", .string(source.name)),
      .init("range", ["start": source.position(span.start), "end": source.position(span.end)]),
      .init("bytes", ["start": .number(Double(span.start)), "end": .number(Double(span.end))]),
    ]
  }
}

extension Source {
  /// Line and UTF-16 character of an offset, both from 0.
  fileprivate func position(_ offset: Int) -> JSON {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(at: offset)
    let before = String(decoding: bytes[lineStarts[line]..<offset], as: UTF8.self)
    return [
      "line": .number(Double(line + firstLine - 1)),
      "character": .number(Double(before.utf16.count)),
    ]
  }
}
