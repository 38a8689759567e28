/// What the core says when something cannot be done: a person reads it, a program tells it by `id`.
public struct CoreError: Error, Sendable, Equatable {
  /// Stable and kebab-case: "shape-mismatch", "bad-file", "missing-cell".
  public var id: String
  /// What was found and what was needed, in one or two sentences, without a last period.
  public var message: String
  /// What to do about it.
  public var help: String?
  /// Where: inside a file ("digits.csv:17:3", "x.npy, byte 128") or a network (the layer).
  public var place: String?
  /// The row of a block of data that the message begins with: "row 3 has …".
  public var row: Int?
  /// What the help comes to: a word of the program, and the one to write in its place.
  public var instead: Instead?

  public struct Instead: Sendable, Equatable {
    public var found: String
    public var wanted: String
    public init(of found: String, _ wanted: String) {
      self.found = found
      self.wanted = wanted
    }
  }

  public init(
    _ id: String, _ message: String, help: String? = nil, place: String? = nil,
    instead: Instead? = nil
  ) {
    self.instead = instead
    self.id = id
    self.message = message
    self.help = help
    self.place = place
  }
}

extension CoreError {
  /// The same with the name that its row has outside of the block, where it has a row.
  package func naming(row name: Int) -> CoreError {
    guard let row, message.hasPrefix("row \(row) ") else { return self }
    var error = self
    error.message = "row \(name) " + message.dropFirst("row \(row) ".count)
    error.row = name
    return error
  }
}

extension CoreError: CustomStringConvertible {
  public var description: String {
    let start = place.map { "\($0): " } ?? ""
    let end = help.map { "; \($0)" } ?? ""
    return "\(start)\(message) [\(id)]\(end)"
  }
}
