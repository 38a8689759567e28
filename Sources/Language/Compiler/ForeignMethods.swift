/// What methods of other languages are called here, as functions.
public enum ForeignMethods {
  public static let ours: [String: String] = [
    "push": "append", "push_back": "append", "add": "append", "len": "length", "size": "length",
    "toUpperCase": "upper", "uppercased": "upper", "uppercase": "upper", "toLowerCase": "lower",
    "lowercased": "lower", "lowercase": "lower", "strip": "trim", "includes": "contains",
    "startsWith": "starts_with", "startswith": "starts_with", "hasPrefix": "starts_with",
    "endsWith": "ends_with", "endswith": "ends_with", "hasSuffix": "ends_with",
    "indexOf": "index_of", "reversed": "reverse", "sorted": "sort", "select": "filter",
    "collect": "map", "fold": "reduce", "padStart": "pad", "splitlines": "lines",
  ]
}
