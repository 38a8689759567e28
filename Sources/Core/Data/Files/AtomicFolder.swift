import Glibc
import MaasKernels
import MaasTensors

/// A folder of a few files that appears whole or not at all.
public enum AtomicFolder {
  /// One file of the folder.
  public struct File {
    public var name: String
    public var body: (inout FileWriter) throws -> Void

    public init(_ name: String, _ body: @escaping (inout FileWriter) throws -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Writes a folder with exactly these files, new or in the place of an old one that held no
  /// others. A crash at any moment leaves the old or the new one, where the file system can
  /// exchange two names (ext4, xfs, btrfs, tmpfs); elsewhere the old one is moved aside first.
  /// - Throws: `cannot-write`, and what the bodies throw; the old folder is unchanged then.
  public static func write(_ path: String, _ files: [File]) throws {
    try FileAccess.check(path)
    let place = AtomicFile.resolved(path)
    let isOld = try checkOld(path, place, files)
    let temporary = try fill(beside: place, for: path, files)
    let moved = isOld ? exchange(temporary, place) : rename(temporary, place) == 0
    let code = errno
    // After an exchange this is the old folder.
    Folder.remove(temporary)
    guard moved else { throw cannotWrite(path, code) }
    AtomicFile.syncFolder(split(place).folder)
  }

  /// Writes the files to a new folder under a temporary name and brings them to the disk.
  /// - Returns: its name.
  package static func fill(beside place: String, for path: String, _ files: [File]) throws -> String
  {
    try FileAccess.check(path)
    let temporary = AtomicFile.temporaryName(in: split(place).folder)
    if mkdir(temporary, 0o777) != 0 { throw cannotWrite(path, errno) }
    do {
      for file in files {
        var writer = try FileWriter(creating: "\(temporary)/\(file.name)", for: path)
        try file.body(&writer)
        try writer.sync()
      }
    } catch {
      Folder.remove(temporary)
      throw error
    }
    AtomicFile.syncFolder(temporary)
    return temporary
  }

  /// Whether a folder stands there already; it may hold no files but ours.
  private static func checkOld(_ path: String, _ place: String, _ files: [File]) throws -> Bool {
    var status = stat()
    if stat(place, &status) != 0 { return false }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw CoreError(
        "cannot-write", "'\(path)' cannot be written: a file of that name is there already",
        help: "choose another name, or remove that file")
    }
    let known = Set(files.map(\.name))
    if let other = Folder.names(place)?.first(where: { !known.contains($0) }) {
      throw CoreError(
        "cannot-write",
        "'\(path)' cannot be written: a folder of that name holds other files, like '\(other)'",
        help: "choose another name")
    }
    return true
  }

  private static func exchange(_ new: String, _ old: String) -> Bool {
    if maas_exchange(new, old) == 0 { return true }
    guard errno == EINVAL || errno == ENOSYS else { return false }
    let aside = AtomicFile.temporaryName(in: split(old).folder)
    guard rename(old, aside) == 0 else { return false }
    guard rename(new, old) == 0 else {
      let code = errno
      rename(aside, old)
      errno = code
      return false
    }
    Folder.remove(aside)
    return true
  }
}
