import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

/// A kind of file that `load` reads and `save` writes, told by the end of its name.
struct FileForm: Sendable {
  /// The ends of names, in small letters, the usual one first. Packed ones (`.csv.gz`) are named.
  let endings: [String]
  /// What `save` puts in such a file.
  let types: ValueTypes
  /// What such a file holds, for messages: "a table".
  let content: String
  /// The named arguments of `load` and `save` that say something of such files.
  var options: Set<String> = []
  let load: @Sendable (String, borrowing NativeCall) throws -> Value
  let save: @Sendable (Value, String, borrowing NativeCall) throws -> Void

  /// The end that names have as a rule.
  var ending: String { endings[0] }

  /// Whether a path is that of such a file.
  func matches(_ path: String) -> Bool {
    let path = path.lowercased()
    return endings.contains { path.hasSuffix($0) } || ending == ".idx" && FileForm.isMNIST(path)
  }

  /// Names as those of the MNIST files: `train-images-idx3-ubyte.gz`, `train-images.idx3-ubyte`.
  private static func isMNIST(_ path: String) -> Bool {
    let name = split(path.hasSuffix(".gz") ? String(path.dropLast(3)) : path).name
    guard let hyphen = name.lastIndex(of: "-") else { return false }
    let kinds = ["ubyte", "byte", "short", "int", "float", "double"]
    let before = name[..<hyphen].suffix(5)
    return kinds.contains(String(name[name.index(after: hyphen)...])) && before.count == 5
      && ["-", "."].contains(before.prefix(1)) && before.dropFirst().hasPrefix("idx")
      && before.last?.isNumber == true
  }

  /// What `load` gives for a path.
  /// - Throws: `unknown-format`, `unknown-argument`, and what the readers throw.
  static func load(_ path: String, _ call: borrowing NativeCall) throws -> Value {
    if let form = all.first(where: { $0.matches(path) }) {
      try form.checkOptions(path, call)
      return try form.load(path, call)
    }
    let isName = !looksLikeFile(path)
    if Folder.exists(path), !isName || !call.registry.holds(path) {
      try imageFolder.checkOptions(path, call)
      return try imageFolder.load(path, call)
    }
    return isName ? try loadModel(path, call) : try of(path).load(path, call)
  }

  private static func loadModel(_ name: String, _ call: borrowing NativeCall) throws -> Value {
    let found = try call.registry.load(name)
    return Value(ModelValue(found.model, origin: (found.name, found.version)))
  }

  /// Writes what `save` was given.
  /// - Throws: `unknown-format`, `wrong-type`, `unknown-argument`, and what the writers throw.
  static func save(_ value: Value, _ path: String, _ call: borrowing NativeCall) throws {
    let form = try FileForm.of(path, for: value)
    if form.types == [] {
      throw Failure(
        "unknown-format",
        "maas loads \(form.content) from such a path, \"\(path)\", and does not save one",
        help: "an .npy file holds a tensor: save(x, \"x.npy\")")
    }
    guard form.types.contains(value.type) else {
      throw Failure(
        "wrong-type",
        "a \(form.ending) file holds a \(form.types.description), not \(value.typeDescription)",
        help: value.isList && form.types == ValueTypes(.tensor)
          ? "make one of the list: tensor(x)" : nil)
    }
    try form.checkOptions(path, call)
    try form.save(value, path, call)
  }

  /// - Throws: `unknown-argument` for one that says nothing of such files.
  private func checkOptions(_ path: String, _ call: borrowing NativeCall) throws {
    for parameter in call.function.parameters where parameter.isOptional {
      guard call.has(parameter.name), !options.contains(parameter.name) else { continue }
      throw Failure(
        "unknown-argument",
        "`\(parameter.name)` says nothing of \(Value.quote(path)), which is \(content)",
        help: options.isEmpty
          ? "leave it out" : "such a file takes \(options.sorted().joined(separator: ", "))")
    }
  }

  /// The form of a path.
  /// - Parameter value: what is to be written there, when it is.
  /// - Throws: `unknown-format`.
  static func of(_ path: String, for value: Value? = nil) throws -> FileForm {
    if let form = all.first(where: { $0.matches(path) }) { return form }
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
    return nearNames(to: ending, among: all.flatMap(\.endings)).first.map { stem + $0 }
  }

  private static func loadingHelp(_ path: String) -> String {
    if let near = loadingPath(path) { return "did you mean \(Value.quote(near))?" }
    switch parts(path).ending {
    case ".txt", ".md", ".log": return "read a text with read_text(\(Value.quote(path)))"
    case ".xlsx", ".xls", ".ods": return "save the sheet as CSV UTF-8 in the program that made it"
    case ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic":
      return "convert it to PNG: magick \(path) image.png"
    case ".zip", ".tar", ".7z", ".rar": return "unpack it first, and load what is in it"
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
