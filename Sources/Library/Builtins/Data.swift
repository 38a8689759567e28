import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Files, datasets and their parts.
  static let data: [Builtin] = forms + datasets + splits

  private static let forms: [Builtin] = [
    Builtin(
      "load(path: string, delimiter: string = \"by the ending\", encoding: string = \"utf-8\", size: list = \"as they are\", channels: number = \"as they are\")",
      """
      What is in a file, by the end of its name. A name without an end is that of a registered model, "digits" or "digits@2", or of a folder of images.

      | file | gives |
      |---|---|
      | `.csv` `.tsv`, `.csv.gz` `.tsv.gz` | a table; `delimiter: ";"` says what cuts its cells, `encoding: "gb18030"` what it is written in |
      | `.npy` | a tensor, as NumPy saved it |
      | `.npz` | a record of tensors |
      | `.idx`, `…-idx3-ubyte.gz` | a tensor: the files of MNIST |
      | `.png` `.jpg` | a tensor [height, width, channels] of u8: 1 channel for grey, 3 for colours, one more with transparency |
      | a folder of folders of images | a dataset whose classes are the names of the folders; `size: [64, 64]` resizes, `channels: 1` makes grey |
      | `.json` | the value; objects become records |
      | `.jsonl` | a table where each line is a flat object with the same names, else a list of the values |
      | `.maasmodel` | a model |

          load("no.csv")         # error: no-such-file
      """, isPure: false
    ) { call in
      let path = call.string("path")
      return try FileForm.load(FileForm.looksLikeFile(path) ? call.path("path") : path, call)
    },
    Builtin(
      "save(x, path: string, delimiter: string = \"by the ending\", quality: number = 90)",
      """
      Writes a value to a file, in the form that the end of its name tells.

      | file | holds |
      |---|---|
      | `.csv` `.tsv`, `.csv.gz` `.tsv.gz` | a table |
      | `.npy` | a tensor |
      | `.npz` | a record of tensors and numbers |
      | `.png` `.jpg` | a tensor of u8, [height, width] or [height, width, channels]; `quality` from 1 to 100 is that of a `.jpg` |
      | `.json` | any value |
      | `.jsonl` | a table or a list, a line for each row or element |
      | `.maasmodel` | a model |

      What is written appears whole or not at all.

          save(1, "x.npy")       # error: wrong-type
      """, isPure: false
    ) { call in
      try FileForm.save(call[0], call.path("path"), call)
      return .nothing
    },
  ]

  private static let datasets: [Builtin] = [
    Builtin(
      "dataset(data: table, target: string | list | record, kind: string | record = \"by the cells\") -> dataset",
      """
      Features and labels of a table: one column is the target, all others are features. Text, bools and whole numbers 0…k−1 or 1…k with k at most 32 are classes, all else numbers; `kind: "classes"` or `kind: "numbers"` says so. A list of columns, of numbers or of yes and no, is predicted together.

      A record names several targets, for a network that ends in `outputs`: each has its column, or a list of them, and `kind` may be a record too.

          dataset(table((x: [1, 2], y: ["a", "b"])), target: "y").classes    # => ["a", "b"]
          t = table((x: [1, 2], cost: [1.5, 3], y: ["a", "b"]))
          dataset(t, target: (price: "cost", kind: "y")).labels.price    # => [1.5, 3]
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      return Value(DatasetValue(try call.dataset(of: table)))
    },
    Builtin(
      "dataset(x: tensor, y: tensor | column | list | record, kind: string | record = \"by the labels\") -> dataset",
      """
      Features and labels: a row of `x` and an element of `y` for each example. A record names several targets, for a network that ends in `outputs`.

          dataset(tensor([[1, 2], [3, 4]]), [0.5, 0.7]).features.shape    # => [2, 2]
      """
    ) { call in
      guard let x = call[0].tensor else { return .nil }
      return Value(DatasetValue(try call.dataset(of: x, call[1])))
    },
  ]

  private static let splits: [Builtin] = [
    Builtin(
      "split(data: dataset | table, test: number = 0.2, seed: number = seed()) -> list",
      """
      Two random parts, `[train, test]`; `test` is the share of the second. Each class of a dataset is split in that proportion.

          map(split(dataset(arange(10), zeros(10), kind: "numbers"), test: 0.3), length)    # => [7, 3]
      """
    ) { call in
      let test = call.number("test", or: 0.2)
      if let table = call[0].table {
        let parts = try splitTable(table, test: test, seed: call.seed())
        return Value(list: [Value(parts.train), Value(parts.test)])
      }
      guard let dataset = call[0].dataset else { return .nil }
      let parts = try dataset.split(test: test, seed: call.seed())
      return Value(list: [Value(DatasetValue(parts.train)), Value(DatasetValue(parts.test))])
    },
    Builtin(
      "split(x: tensor, y: tensor | column, test: number = 0.2, seed: number = seed()) -> list",
      """
      The same random rows of both: `[x_train, x_test, y_train, y_test]`.

          length(split(zeros(10), ones(10), test: 0.2))    # => 4
      """
    ) { call in
      guard let x = call[0].tensor else { return .nil }
      let (test, seed) = (call.number("test", or: 0.2), try call.seed())
      if let column = call[1].column?.column {
        let rows = Tensor((0..<column.count).map { Int32($0) })
        let parts = try splitTensors([x, rows], test: test, seed: seed)
        let labels = [parts[1].train, parts[1].test].map { part in
          Value(column.subset(part.with(Int32.self) { $0.map { Int($0) } }))
        }
        return Value(list: [Value(parts[0].train), Value(parts[0].test)] + labels)
      }
      guard let y = call[1].tensor else { return .nil }
      let parts = try splitTensors([x, y], test: test, seed: seed)
      return Value(list: parts.flatMap { [Value($0.train), Value($0.test)] })
    },
  ]
}
