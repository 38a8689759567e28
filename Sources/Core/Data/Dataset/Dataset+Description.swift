extension Dataset: CustomStringConvertible {
  /// Sizes, features, and what the labels are, with the reason where that was inferred.
  public var description: String {
    var lines = ["dataset of \(counted(count, "row")): \(featureText)"]
    if target.outputs.isEmpty {
      lines += target.lines("labels", reason: reason)
    }
    for (output, reason) in zip(target.outputs, reasons) {
      lines += output.target.lines(output.name, reason: reason)
    }
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
}

extension Target {
  /// What the labels are, and why.
  fileprivate func lines(_ head: String, reason: String) -> [String] {
    let why = reason.isEmpty ? [] : ["(\(reason)\(alternative))"]
    switch self {
    case .classes(let classes, let name):
      let listed = classes.prefix(10).map(\.description).joined(separator: ", ")
      let more = classes.count > 10 ? ", …" : ""
      let column = name.map { " of '\($0)'" } ?? ""
      return ["\(head): \(counted(classes.count, "class"))\(column): \(listed)\(more)"] + why
    case .numbers(let names): return ["\(head): numbers, \(names.joined(separator: ", "))"] + why
    case .outputs: return []
    }
  }

  /// What to say if the inference is not what was meant.
  private var alternative: String {
    switch self {
    case .classes(let classes, _):
      if case .number = classes.first { "; for numbers say kind: \"numbers\"" } else { "" }
    case .numbers(let names):
      names.count == 1 ? "; for classes say kind: \"classes\"" : ""
    case .outputs: ""
    }
  }
}

/// `1 row`, `3 rows`, `2 classes`.
func counted(_ count: Int, _ noun: String) -> String {
  if count == 1 { return "1 \(noun)" }
  return "\(count) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
}
