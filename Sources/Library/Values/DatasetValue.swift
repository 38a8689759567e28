import MaasData
import MaasTensors
import MaasVM

/// A dataset as a value: rows of features with their labels.
public final class DatasetValue: NativeObject {
  public let dataset: Dataset

  public init(_ dataset: Dataset) { self.dataset = dataset }

  public override var type: ValueType { .dataset }

  public override var fieldNames: [String] { ["features", "labels", "classes", "names"] }

  public override func field(_ name: String) throws -> Value? {
    switch name {
    case "features": Value(dataset.features)
    case "labels": try labels
    case "classes": dataset.target.classesValue
    case "names": Value(list: dataset.schema.names.map { Value($0) })
    default: nil
    }
  }

  /// The labels as the data has them: a column of texts, or a tensor of bools or numbers.
  private var labels: Value {
    get throws {
      if !dataset.target.outputs.isEmpty {
        return Value(
          fields: try dataset.parts().map { ($0.name, try DatasetValue($0.dataset).labels) })
      }
      guard case .classes(let classes, let name) = dataset.target else {
        let labels = dataset.labels
        return Value(labels.shape[1] == 1 ? try labels.reshaped(to: [labels.count]) : labels)
      }
      let ids = dataset.labels.with(Int32.self) { $0.map { Int($0) } }
      switch classes.first {
      case .text: return Value(Column(name ?? "y", text: ids.map { classes[$0].description }))
      case .bool: return Value(Tensor(ids.map { $0 == 1 }))
      default:
        let numbers = classes.map { label -> Double in
          if case .number(let number) = label { number } else { 0 }
        }
        let isWhole = numbers.allSatisfy { Int32(exactly: $0) != nil }
        return Value(
          isWhole
            ? Tensor(ids.map { Int32(clamping: numbers[$0]) })
            : Tensor(ids.map { Float(numbers[$0]) }))
      }
    }
  }

  public override func index(_ keys: [IndexKey]) throws -> Value {
    guard let key = keys.first, keys.count == 1, !key.value.isNumber else {
      throw Failure(
        "wrong-index", "a dataset takes one range, mask or list of rows",
        help: "for one row: d.features[0] and d.labels[0]")
    }
    let rows = try Positions.of(key, count: dataset.count, in: "the dataset")
    return Value(DatasetValue(try dataset.subset(rows: rows)))
  }

  public override var elementCount: Int? { dataset.count }

  /// `[features, label]` of a row.
  public override func element(at position: Int) throws -> Value {
    let row = DatasetValue(try dataset.subset(rows: [position]))
    let labels = try row.labels
    defer { labels.release() }
    let features = try row.dataset.features.reshaped(to: dataset.schema.rowShape)
    return Value(list: [Value(features), try labels.elements(at: 0)])
  }

  public override func isEqual(to other: NativeObject) -> Bool {
    guard let other = (other as? DatasetValue)?.dataset else { return false }
    return other.features.isIdentical(to: dataset.features)
      && other.labels.isIdentical(to: dataset.labels) && other.target == dataset.target
      && other.schema == dataset.schema
  }

  public override func display(inline: Bool) -> String {

    inline
      ? "dataset of \(dataset.count) \(dataset.count == 1 ? "row" : "rows")" : dataset.description
  }
}

extension Value {
  /// The dataset, where this is one.
  public var dataset: Dataset? { (native as? DatasetValue)?.dataset }

  /// The name of a class as a value, owned.
  public init(_ label: Label) {
    switch label {
    case .text(let text): self.init(text)
    case .number(let number): self.init(number)
    case .bool(let bool): self.init(bool)
    }
  }
}

extension Target {
  /// The classes as a list; those of several outputs by name.
  var classesValue: Value {
    outputs.isEmpty
      ? Value(list: classes.map { Value($0) })
      : Value(fields: outputs.map { ($0.name, $0.target.classesValue) })
  }
}

extension Value {
  /// An element of a list or tensor, owned; of a record, that of each field.
  func elements(at position: Int) throws -> Value {
    if isRecord {
      return Value(
        fields: try zip(keys, fieldValues).map {
          ($0.string ?? "", try $1.elements(at: position))
        })
    }
    if isList { return items[position].retained }
    return try native?.element(at: position) ?? .nil
  }
}
