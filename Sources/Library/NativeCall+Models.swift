import MaasData
import MaasModels
import MaasTensors
import MaasTraining
import MaasVM

// How builtins read tensors, data sets and models, and rows in any form.

extension NativeCall {
  func model(_ name: String) throws -> Model { try modelValue(name).model }
  func predictor(_ name: String) throws -> Predictor { try modelValue(name).predictor() }

  func modelValue(_ name: String) throws -> ModelValue {
    guard let model = self[name].native as? ModelValue else { throw wrong(name, "a model") }
    return model
  }

  func dataset(_ name: String) throws -> Dataset {
    guard let data = self[name].native as? DatasetValue else { throw wrong(name, "a dataset") }
    return data.dataset
  }

  func optionalDataset(_ name: String) throws -> Dataset? {
    self[name].isNil ? nil : try dataset(name)
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let tensor = self[name].tensor else { throw wrong(name, "a tensor") }
    return tensor
  }

  private func wrong(_ name: String, _ wanted: String) -> Failure {
    Failure(
      "wrong-type",
      "`\(function.name)` takes \(wanted) as `\(name)`, not \(self[name].typeDescription)")
  }

  /// Rows with their labels: a data set, or a table with the columns of the training data.
  func labelled(_ name: String) throws -> Dataset {
    guard let table = self[name].native as? TableValue else { return try dataset(name) }
    let model = try model("model")
    return try Dataset(table.table, like: model.schema, model.target)
  }

  /// Raw rows as the model's network sees them, and whether they were a single row.
  func rows(_ name: String) throws -> (features: Tensor, isSingle: Bool) {
    let schema = try model("model").schema
    let value = self[name]
    if let data = value.native as? DatasetValue {
      return (try data.dataset.features(matching: schema), false)
    }
    if let table = value.native as? TableValue {
      return (try schema.encode(table.table), false)
    }
    if let tensor = value.tensor {
      let isSingle = tensor.shape == schema.rowShape
      let rows = isSingle ? try tensor.reshaped(to: Shape([1] + tensor.shape.sizes)) : tensor
      return (try schema.encode(rows), isSingle)
    }
    let isSingle = value.isRecord || value.isList && !(value.items.first?.isRowLike ?? false)
    let rows = isSingle ? [value] : Array(value.items)
    return (try RowEncoder(schema).encode(rows), isSingle)
  }

  /// Answers in the words of the training data: classes as a list, numbers as a tensor; several by
  /// name.
  func answers(_ outputs: Tensor) throws -> Value {
    Value(
      byName: try predictor("model").outputs.map { output in
        let own = try output.part(of: outputs)
        guard output.target.kind == .classes else {
          let isColumn = output.target.width == 1
          return (
            output.name,
            Value(TensorValue(isColumn ? try own.reshaped(to: [own.shape[0]]) : own))
          )
        }
        let classes = output.target.classes
        return (output.name, Value(list: output.classes(of: own).map { Value(classes[Int($0)]) }))
      })
  }

  /// Outputs that are probabilities.
  /// - Throws: `wrong-kind` where none is.
  func probabilities(_ features: Tensor) throws -> Value {
    let predictor = try predictor("model")
    let told = predictor.outputs.filter(\.givesProbabilities)
    if told.isEmpty { throw lacksProbabilities(predictor, try model("model").loss) }
    let outputs = try predictor.predict(features)
    return Value(
      byName: try told.map { ($0.name, Value(TensorValue(try $0.part(of: outputs)))) })
  }
}

/// The error for a model none of whose outputs are probabilities.
private func lacksProbabilities(_ predictor: Predictor, _ loss: Loss) -> Failure {
  guard predictor.outputs.contains(where: { $0.target.kind == .classes }) else {
    return Failure(
      "wrong-kind", "the model predicts numbers, and probabilities are those of classes or shares",
      help: "predict gives the numbers")
  }
  return Failure(
    "wrong-kind",
    "the model was trained with \(loss.parts.isEmpty ? loss.name : loss.description), which "
      + "gives scores and no probabilities",
    help: "predict gives the classes; train with loss: cross_entropy for probabilities")
}

extension Value {
  /// The one value without a name, or a record of several.
  init(byName values: [(name: String?, value: Value)]) {
    if let first = values.first, first.name == nil {
      self = first.value
    } else {
      self.init(fields: values.map { ($0.name ?? "", $0.value) })
    }
  }

  /// Whether an element of a list is a row of its own.
  fileprivate var isRowLike: Bool { isList || isRecord || native is TensorValue }
}

extension RowEncoder {
  /// Rows given as lists or records, encoded by the one way there is.
  func encode(_ rows: [Value]) throws -> Tensor {
    var result = try Tensor(zeros: Shape([rows.count] + schema.rowShape.sizes))
    try result.withMutableFloats { numbers in
      guard let base = numbers.baseAddress else { return }
      for (index, row) in rows.enumerated() {
        try encode(row, number: index, into: base + index * schema.width)
      }
    }
    return result
  }

  private func encode(
    _ row: Value, number: Int, into numbers: UnsafeMutablePointer<Float>
  ) throws {
    if row.isRecord {
      return try encode(record: { row.field($0)?.cell }, row: number, into: numbers)
    }
    if row.isList {
      return try encode(list: row.items.map(\.cell), row: number, into: numbers)
    }
    throw Failure(
      "wrong-type", "row \(number) is \(row.typeDescription), and a row is a list or a record")
  }
}

extension Value {
  /// The value as a cell of a table.
  var cell: Cell {
    if let number { return .number(number) }
    if let bool { return .bool(bool) }
    if let string { return .text(string) }
    if let date { return .date(date) }
    return .missing
  }
}
