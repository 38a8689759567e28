import Glibc
import MaasData
import MaasTensors

/// Models by name and version, each a folder `<root>/<name>/<version>`.
public struct Registry: Sendable {
  public let root: String

  public init(root: String = "models") { self.root = root }

  /// Keeps a model under the next version of a name. Processes that register at once get versions
  /// of their own.
  /// - Returns: the version, from 1.
  /// - Throws: `bad-name`, `cannot-write`, `no-version-left`.
  public func register(_ model: Model, _ name: String) throws -> Int {
    try Registry.check(name)
    try FileAccess.check(root)
    let folder = "\(root)/\(name)"
    for path in [root, folder] where mkdir(path, 0o777) != 0 && errno != EEXIST {
      throw cannotWrite(path, errno)
    }
    guard Folder.exists(folder) else {
      throw CoreError("cannot-write", "'\(folder)' cannot be written: a file is in its place")
    }
    let files = try model.files()
    let temporary = try AtomicFolder.fill(beside: "\(folder)/new", for: folder, files)
    do {
      return try Registry.claim(temporary, in: folder)
    } catch {
      Folder.remove(temporary)
      throw error
    }
  }

  /// Renames a finished folder to the first version that nobody else takes before.
  private static func claim(_ temporary: String, in folder: String) throws -> Int {
    var version = (versions(in: folder).last ?? 0) + 1
    while version > latestPossible || rename(temporary, "\(folder)/\(version)") != 0 {
      if version > latestPossible {
        throw CoreError(
          "no-version-left",
          "'\(folder)' holds version \(latestPossible), and there is none after it",
          help: "remove the folder '\(folder)/\(latestPossible)', or choose another name")
      }
      guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else {
        throw cannotWrite("\(folder)/\(version)", errno)
      }
      version += 1
    }
    AtomicFile.syncFolder(folder)
    return version
  }

  /// Reads a model: `digits` for the latest version, `digits@2` for one.
  /// - Throws: `bad-name`, `unknown-model` with the nearest name, `unknown-version`, and what
  ///   reading a model throws.
  public func load(_ reference: String) throws -> (model: Model, name: String, version: Int) {
    let (name, version) = try find(reference)
    return (try Model(loading: "\(root)/\(name)/\(version)"), name, version)
  }

  /// Whether a reference names a model that is registered.
  public func holds(_ reference: String) -> Bool { (try? find(reference)) != nil }

  /// The name and version that a reference means.
  /// - Throws: as `load`.
  public func find(_ reference: String) throws(CoreError) -> (name: String, version: Int) {
    let parts = reference.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    try Registry.check(name)
    let versions = Registry.versions(in: "\(root)/\(name)")
    guard let latest = versions.last else { throw unknown(name) }
    if parts.count == 1 { return (name, latest) }
    guard parts.count == 2, let version = Int(parts[1]), version > 0 else {
      throw CoreError(
        "bad-name", "'\(reference)' has no version after the @",
        help: "a version is a whole number: \(name)@\(latest)")
    }
    guard versions.contains(version) else {
      throw CoreError(
        "unknown-version", "'\(name)' has no version \(version)",
        help: "it has \(Registry.listed(versions))",
        instead: versions.last.map { .init(of: "\(name)@\(version)", "\(name)@\($0)") })
    }
    return (name, version)
  }

  /// All names that have a version, in order.
  public var names: [String] {
    (Folder.names(root) ?? []).filter { name in
      (try? Registry.check(name)) != nil && !Registry.versions(in: "\(root)/\(name)").isEmpty
    }
  }

  /// The versions of a name in rising order; empty if there is none.
  public func versions(of name: String) -> [Int] { Registry.versions(in: "\(root)/\(name)") }

  private static func versions(in folder: String) -> [Int] {
    (Folder.names(folder) ?? []).compactMap { name in
      guard let version = Int(name), version > 0, version <= latestPossible,
        String(version) == name
      else { return nil }
      return version
    }.sorted()
  }

  /// Folders with greater numbers are none of ours.
  private static let latestPossible = 1 << 31

  private static func listed(_ versions: [Int]) -> String {
    versions.count == 1
      ? "version \(versions[0])"
      : "versions \(versions.map { String($0) }.joined(separator: ", "))"
  }

  private func unknown(_ name: String) -> CoreError {
    let names = names
    let help =
      names.isEmpty
      ? "nothing is registered in '\(root)' yet: register(model, \"\(name)\")"
      : "registered are \(names.prefix(12).joined(separator: ", "))"
    let near = nearest(to: name, among: names)
    return CoreError(
      "unknown-model", "no model is registered as '\(name)'",
      help: near.map { "did you mean '\($0)'?" } ?? help, instead: near.map { .init(of: name, $0) })
  }

  /// - Throws: `bad-name` for a name that is no plain name of a folder.
  static func check(_ name: String) throws(CoreError) {
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar == "-" || scalar == "_" || scalar == "."
    }
    guard isPlain, let first = name.first, first != ".", first != "-", name.utf8.count <= 100 else {
      throw CoreError(
        "bad-name", "\(quoted(name)) is no name for a model",
        help: "a name has letters, digits, - _ and ., starts with none of - and ., and is short")
    }
  }
}
