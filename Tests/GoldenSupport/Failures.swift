/// The error that the body throws, as one text, paths without the folder before them.
public func failureText(_ folder: String = "", _ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return folder.isEmpty ? "\(error)" : "\(error)".replacing(folder + "/", with: "")
  }
}
