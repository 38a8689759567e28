import MaasData
import MaasVM

extension Builtins {
  /// Tables and columns.
  static let tables: [Builtin] = [
    Builtin(
      "table(columns: record) -> table",
      """
      A table of named columns: lists, columns or tensors of equal length.

          table((name: ["a", "b"], size: [1, nil])).size    # => [1, nil]
      """
    ) { call in
      var columns: [Column] = []
      for (key, value) in zip(call[0].keys, call[0].fieldValues) {
        columns.append(
          try Column(key.display(quoted: false), value, rows: columns.first?.count))
      }
      return Value(try Table(columns))
    }
  ]
}
