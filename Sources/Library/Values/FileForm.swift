import MaasData
import MaasModels
import MaasSyntax
import MaasVM

/// A kind of file that `load` reads and `save` writes, told by the end of its name.
struct FileForm: Sendable {
  /// `.csv`
  let ending: String
  /// What `save` puts in such a file.
  let types: ValueTypes
  let load: @Sendable (String, borrowing NativeCall) throws -> Value
  let save: @Sendable (Value, String) throws -> Void

  static let all: [FileForm] = [csv, npy, json, jsonLines, model]

  /// What `load` does with a name that ends in none of these, and no file form is needed for: the
  /// name of a registered model.
  static let named: (@Sendable (String, borrowing NativeCall) throws -> Value)? = { name, call in
    let found = try call.registry.load(name)
    return Value(ModelValue(found.model, origin: (found.name, found.version)))
  }

  static let csv = FileForm(
    ending: ".csv", types: ValueTypes(.table),
    load: { path, _ in Value(try loadCSV(path)) },
    save: { value, path in if let table = value.table { try saveCSV(table, path) } })

  static let npy = FileForm(
    ending: ".npy", types: ValueTypes(.tensor),
    load: { path, _ in Value(try loadNPY(path)) },
    save: { value, path in if let tensor = value.tensor { try saveNPY(tensor, path) } })

  static let json = FileForm(
    ending: ".json", types: .any,
    load: { path, _ in
      try TextFile(path).withBytes { bytes in
        Value(try JSON(parsing: UnsafeRawBufferPointer(bytes), source: path))
      }
    },
    save: { value, path in
      let text = try JSON(value).printed(pretty: true)
      try AtomicFile.write(path) { try $0.write(text + "\n") }
    })

  static let jsonLines = FileForm(
    ending: ".jsonl", types: [ValueTypes(.list), ValueTypes(.table)],
    load: { path, call in
      try TextFile(path).withBytes { try call.jsonLines($0, in: path) }
    },
    save: { value, path in
      try AtomicFile.write(path) { file in
        try value.forEachJSONLine { try file.write($0) }
      }
    })

  static let model = FileForm(
    ending: ".maasmodel", types: ValueTypes(.model),
    load: { path, _ in Value(ModelValue(try Model(loading: path))) },
    save: { value, path in try (value.native as? ModelValue)?.model.save(to: path) })

  /// The form of a path.
  /// - Parameter value: what is to be written there, when it is.
  /// - Throws: `unknown-format`.
  static func of(_ path: String, for value: Value? = nil) throws -> FileForm {
    if let form = all.first(where: { path.lowercased().hasSuffix($0.ending) }) { return form }
    throw Failure(
      "unknown-format", "\(Value.quote(path)) ends in none of \(endings)",
      help: value.map { savingHelp(path, $0) } ?? loadingHelp(path),
      rewrites: (value.map { savingPath(path, $0) } ?? loadingPath(path)).map {
        [.word(path, with: $0)]
      } ?? [])
  }

  private static func savingHelp(_ path: String, _ value: Value) -> String {
    let form = form(for: value)
    return "write \(Value.quote(savingPath(path, value))): such a file holds "
      + (form.types == .any ? "any value" : "a \(form.types.description)")
  }

  private static func form(for value: Value) -> FileForm {
    [csv, npy, model].first { $0.types.contains(value.type) } ?? json
  }

  private static func savingPath(_ path: String, _ value: Value) -> String {
    parts(path).stem + form(for: value).ending
  }

  private static func loadingPath(_ path: String) -> String? {
    let (stem, ending) = parts(path)
    return nearNames(to: ending, among: all.map(\.ending)).first.map { stem + $0 }
  }

  private static func loadingHelp(_ path: String) -> String {
    if let near = loadingPath(path) { return "did you mean \(Value.quote(near))?" }
    switch parts(path).ending {
    case ".txt", ".md", ".log": return "read a text with read_text(\(Value.quote(path)))"
    default: return ".csv is a table, .npy a tensor of NumPy's, .maasmodel a model"
    }
  }

  /// A path cut before the end of its name: `("data/x", ".h5")`.
  private static func parts(_ path: String) -> (stem: String, ending: String) {
    guard let point = path.lastIndex(of: "."), !path[point...].contains("/"),
      point > path.startIndex
    else { return (path, "") }
    return (String(path[..<point]), path[point...].lowercased())
  }

  /// Whether the name ends like that of a file: `.` and one to ten letters or digits.
  static func looksLikeFile(_ path: String) -> Bool {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let ending = parts.last else { return path.contains("/") }
    return path.contains("/")
      || (1...10).contains(ending.count) && ending.allSatisfy { $0.isLetter || $0.isNumber }
  }

  private static var endings: String { all.map(\.ending).joined(separator: ", ") }
}
