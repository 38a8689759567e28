/// Kinds of builtins that are to come, each with what to do meanwhile.
enum Planned {
  case function

  var help: String {
    switch self {
    case .function: "leave it out, or wait for a later version"
    }
  }
}

extension Library {
  /// What the language has and this version does not.
  static let planned: [String: Planned] = {
    let names: [Planned: [String]] = [
      .function: [
        "compare", "image", "plot", "prune", "quantize",
      ]
    ]
    var kinds: [String: Planned] = [:]
    for (kind, list) in names { for name in list { kinds[name] = kind } }
    return kinds
  }()
}
