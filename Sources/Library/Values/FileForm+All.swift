import MaasData
import MaasModels
import MaasTensors
import MaasVM

// The forms of files: a row for each.

extension FileForm {
  static let all: [FileForm] = [csv, tsv, npy, npz, idx, png, jpeg, json, jsonLines, model]

  static let csv = table([".csv", ".csv.gz"], cutBy: .comma)
  static let tsv = table([".tsv", ".tsv.gz", ".tab"], cutBy: .tab)

  private static func table(_ endings: [String], cutBy delimiter: CSVDelimiter) -> FileForm {
    FileForm(
      endings: endings, types: ValueTypes(.table), content: "a table",
      options: ["delimiter", "encoding"],
      load: { path, call in
        let delimiter = try call.delimiter ?? delimiter
        return Value(try loadCSV(path, delimiter: delimiter, encoding: call.encoding))
      },
      save: { value, path, call in
        let delimiter = try call.delimiter ?? delimiter
        if let table = value.table { try saveCSV(table, path, delimiter: delimiter) }
      })
  }

  static let npy = FileForm(
    endings: [".npy"], types: ValueTypes(.tensor), content: "a tensor",
    load: { path, _ in Value(try loadNPY(path)) },
    save: { value, path, _ in if let tensor = value.tensor { try saveNPY(tensor, path) } })

  static let npz = FileForm(
    endings: [".npz"], types: ValueTypes(.record), content: "a record of tensors",
    load: { path, _ in
      Value(record: try loadNPZ(path).map { (key: Value($0.name), value: Value($0.tensor)) })
    },
    save: { value, path, _ in
      try saveNPZ(
        zip(value.keys, value.fieldValues).map { key, part in
          (name: key.display(quoted: false), tensor: try part.arrayOfNPZ(key))
        }, path)
    })

  static let idx = FileForm(
    endings: [".idx", ".idx.gz"], types: [], content: "a tensor",
    load: { path, _ in Value(try loadIDX(path)) },
    save: { _, path, _ in throw FileForm.idxIsReadOnly(path) })

  static let png = image([".png"], options: ["channels", "size"])
  static let jpeg = image([".jpg", ".jpeg"], options: ["channels", "size", "quality"])

  private static func image(_ endings: [String], options: Set<String>) -> FileForm {
    FileForm(
      endings: endings, types: ValueTypes(.tensor), content: "an image", options: options,
      load: { path, call in Value(try loadImage(path, call.imageForm)) },
      save: { value, path, call in
        guard let tensor = value.tensor else { return }
        try saveImage(tensor, path, quality: call.int("quality", or: 90, in: 1...100))
      })
  }

  /// A folder of folders of images, whatever its name.
  static let imageFolder = FileForm(
    endings: ["/"], types: [], content: "a folder of images", options: ["channels", "size"],
    load: { path, call in
      Value(DatasetValue(try Dataset(imageFolder: path, call.imageForm)))
    }, save: { _, _, _ in })

  static let json = FileForm(
    endings: [".json", ".json.gz"], types: .any, content: "a value", options: ["encoding"],
    load: { path, call in
      let file = try TextFile(path, encoding: call.encoding, wanted: "a JSON text")
      return try file.withBytes { bytes in
        Value(try JSON(parsing: UnsafeRawBufferPointer(bytes), source: path))
      }
    },
    save: { value, path, _ in
      let text = try JSON(value).printed(pretty: true)
      try AtomicFile.write(path, isCompressed: path.hasGzipEnding) { try $0.write(text + "\n") }
    })

  static let jsonLines = FileForm(
    endings: [".jsonl", ".jsonl.gz", ".ndjson"], types: [ValueTypes(.list), ValueTypes(.table)],
    content: "a table, or a list of values", options: ["encoding"],
    load: { path, call in
      let file = try TextFile(path, encoding: call.encoding, wanted: "JSON lines")
      return try file.withBytes { try call.jsonLinesOrTable($0, path) }
    },
    save: { value, path, _ in
      try AtomicFile.write(path, isCompressed: path.hasGzipEnding) { file in
        try value.forEachJSONLine { try file.write($0) }
      }
    })

  static let model = FileForm(
    endings: [".maasmodel"], types: ValueTypes(.model), content: "a model",
    load: { path, _ in Value(ModelValue(try Model(loading: path))) },
    save: { value, path, _ in try (value.native as? ModelValue)?.model.save(to: path) })

  private static func idxIsReadOnly(_ path: String) -> Failure {
    Failure("unknown-format", "\(Value.quote(path)) is IDX, which is only read")
  }
}

extension Value {
  /// What stands under a name in a `.npz` file.
  fileprivate func arrayOfNPZ(_ key: Value) throws -> Tensor {
    if let tensor { return tensor }
    if let number { return Tensor(number, dtype: .f64) }
    if let bool { return Tensor(bool ? 1 : 0, dtype: .bool) }
    throw Failure(
      "wrong-type",
      "a .npz file holds tensors and numbers, and `\(key.display(quoted: false))` is "
        + typeDescription,
      help: isList || column != nil
        ? "make a tensor of it: tensor(x)" : "save a value of any kind as .json")
  }
}

extension NativeCall {
  /// The argument `delimiter`.
  fileprivate var delimiter: CSVDelimiter? {
    get throws { has("delimiter") ? try CSVDelimiter(string("delimiter")) : nil }
  }

  /// The argument `encoding`.
  var encoding: String? { has("encoding") ? string("encoding") : nil }

  /// The arguments `size` and `channels`.
  fileprivate var imageForm: ImageForm {
    get throws {
      var form = ImageForm()
      if has("channels") {
        let channels = try int("channels", in: 1...3)
        guard channels != 2 else {
          throw Failure("wrong-value", "`channels` is 1 for grey, or 3 for colours, and not 2")
        }
        form.channels = channels
      }
      guard has("size") else { return form }
      let sides = self["size"].items.map { $0.integer ?? 0 }
      guard sides.count == 2, sides.allSatisfy({ (1...ImageForm.sideLimit).contains($0) }) else {
        throw Failure(
          "wrong-value",
          "`size` is a height and a width, from 1 to \(ImageForm.sideLimit), and here is "
            + self["size"].display(quoted: true), help: "size: [64, 64]")
      }
      form.size = (sides[0], sides[1])
      return form
    }
  }
}
