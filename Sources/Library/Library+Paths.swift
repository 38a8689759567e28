import MaasData

extension Library {
  /// The names in a folder, sorted, those of folders with a `/` at the end; none where it cannot be
  /// read.
  public static func names(inFolder folder: String) -> [String] {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return (Folder.names(folder) ?? []).map { name in
      Folder.exists(prefix + name) ? name + "/" : name
    }
  }
}
