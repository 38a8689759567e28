extension Dataset: CustomStringConvertible {
  /// Sizes, features, and what the labels are, with the reason where that was inferred.
  public var description: String {
    var lines = ["dataset of \(counted(count, "row")): \(featureText)"]
    switch target {
    case .classes(let classes, let name):
      let listed = classes.prefix(10).map(\.description).joined(separator: ", ")
      let more = classes.count > 10 ? ", …" : ""
      lines.append("labels: \(counted(classes.count, "class"))\(of(name)): \(listed)\(more)")
    case .numbers(let names):
      lines.append("labels: numbers, \(names.joined(separator: ", "))")
    }
    if !reason.isEmpty { lines.append("(\(reason)\(alternative))") }
    return lines.joined(separator: "\n")
  }

  private var featureText: String {
    guard case .fields(let fields) = schema.form else {
      return "features of shape \(schema.rowShape)"
    }
    let categories = fields.filter { $0.width != 1 || $0.kind != .number && $0.kind != .flag }
    let text = "features from \(counted(fields.count, "column"))"
    return categories.isEmpty
      ? text
      : text
        + ", \(schema.width) numbers a row with \(counted(categories.count, "category column"))"
  }

  /// What to say if the inference is not what was meant.
  private var alternative: String {
    switch target {
    case .classes(let classes, _):
      if case .number = classes.first { "; for numbers say kind: \"numbers\"" } else { "" }
    case .numbers(let names):
      names.count == 1 ? "; for classes say kind: \"classes\"" : ""
    }
  }

  private func of(_ name: String?) -> String { name.map { " of '\($0)'" } ?? "" }
}

/// `1 row`, `3 rows`, `2 classes`.
func counted(_ count: Int, _ noun: String) -> String {
  if count == 1 { return "1 \(noun)" }
  return "\(count) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
}
