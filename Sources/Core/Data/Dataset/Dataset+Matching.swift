import MaasTensors

extension Dataset {
  /// The same rows as a model knows them: columns matched by name, categories and classes by what
  /// they are, as for a table from another file. A dataset that fits is given back as it is.
  /// - Throws: `schema-mismatch` where rows are tensors of another shape, `missing-column`,
  ///   `wrong-type`, `unseen-category`, `unseen-class`, each naming the row.
  public func matched(to schema: Schema, _ target: Target) throws -> Dataset {
    if schema == self.schema, target == self.target { return self }
    return Dataset(
      features: try features(matching: schema),
      labels: target == self.target ? labels : try labels(as: target), schema: schema,
      target: target)
  }

  /// The features as a model knows them, itself where they are so.
  /// - Throws: as `matched`.
  public func features(matching wanted: Schema) throws -> Tensor {
    if wanted == schema { return features }
    guard !wanted.fields.isEmpty, !schema.fields.isEmpty else {
      throw CoreError(
        "schema-mismatch",
        "the rows of the data have shape \(schema.rowShape), and the model takes "
          + "\(wanted.rowShape)\(wanted.fields.isEmpty ? "" : " from named columns")",
        help: "make the data as for training")
    }
    let encoder = RowEncoder(wanted)
    let columns = try wanted.fields.indices.map { position in
      guard let column = FeatureColumn(wanted.fields[position].name, in: schema) else {
        throw encoder.missingColumn(position, row: "the data")
      }
      return column
    }
    var matched = try Tensor(zeros: [count, wanted.width])
    try features.withFloats { old in
      try matched.withMutableFloats { new in
        guard let old = old.baseAddress, let new = new.baseAddress else { return }
        for row in 0..<count {
          if row & 4095 == 4095 { try Interrupt.shared.check() }
          for (position, column) in columns.enumerated() {
            try encoder.put(
              column.cell(old + row * schema.width, as: wanted.fields[position].kind),
              at: position, into: new + row * wanted.width,
              row: "row \(row)")
          }
        }
      }
    }
    return matched
  }

  private func labels(as wanted: Target) throws -> Tensor {
    let old: [Label] =
      switch target {
      case .classes(let classes, _): labels.doubles().map { classes[Int($0)] }
      case .numbers: labels.doubles().map { .number($0) }
      case .outputs(let outputs) where wanted.outputs.isEmpty:
        throw CoreError(
          "outputs-mismatch",
          "the data has the targets \(outputs.map(\.name).joined(separator: ", ")), and the model "
            + "predicts one without a name",
          help: "make the data with one target, as for training")
      case .outputs: []
      }
    switch wanted {
    case .outputs(let outputs): return try labels(as: outputs)
    case .numbers(let names):
      let numbers = old.compactMap {
        if case .number(let number) = $0 { Float(number) } else { nil }
      }
      guard numbers.count == count * names.count else {
        throw CoreError(
          "wrong-kind",
          "the labels of the data are not \(counted(names.count, "number")) a row, and the model "
            + "predicts that")
      }
      let matched = Tensor(numbers, shape: [count, names.count])
      if case .numbers(let own) = target { return try matched.columns(own, as: names) }
      return matched
    case .classes(let classes, _):
      guard old.count == count else {
        throw CoreError(
          "wrong-kind", "the labels of the data are numbers, and the model predicts classes")
      }
      let positions = Dictionary(
        classes.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
      // Labels that were taken for numbers went through 32 bits, and so must the classes then.
      let rounded = Dictionary(
        classes.enumerated().map { ($1.rounded, Int32($0)) },
        uniquingKeysWith: { first, _ in first })
      return Tensor(
        try old.enumerated().map { row, label in
          guard let position = positions[label] ?? rounded[label.rounded] else {
            throw unseenClass(label.description, classes, "row \(row)")
          }
          return position
        })
    }
  }
}

extension Dataset {
  /// The labels of several outputs, each by its name.
  private func labels(as outputs: [Target.Output]) throws -> Tensor {
    let parts = try parts()
    return try Dataset.joined(
      outputs.map { output in
        guard let part = parts.first(where: { $0.name == output.name }) else {
          let names = outputs.map(\.name).joined(separator: ", ")
          throw CoreError(
            "outputs-mismatch",
            "the data has no target '\(output.name)', and the model predicts \(names)",
            help: "make the data as for training: "
              + "target: (\(outputs.map { "\($0.name): \"\($0.name)\"" }.joined(separator: ", ")))")
        }
        do {
          return try part.dataset.labels(as: output.target)
        } catch var error as CoreError {
          error.place = "output \(output.name)"
          throw error
        }
      })
  }
}

extension Label {
  /// The label as 32 bits hold it.
  fileprivate var rounded: Label {
    if case .number(let number) = self { .number(Double(Float(number))) } else { self }
  }
}

/// Where a column of the data lies among its encoded numbers.
private struct FeatureColumn {
  let kind: Schema.Kind
  let start: Int

  init?(_ name: String, in schema: Schema) {
    var start = 0
    for field in schema.fields {
      if field.name == name {
        kind = field.kind
        self.start = start
        return
      }
      start += field.width
    }
    return nil
  }

  /// The raw cell that became these numbers of a row. A number that is to be a category is the
  /// shortest that became this float: 0.1, not 0.10000000149011612.
  func cell(_ row: UnsafePointer<Float>, as wanted: Schema.Kind) -> Cell {
    switch kind {
    case .number:
      let exact = Double(row[start])
      if case .category = wanted { return .number(Double(row[start].description) ?? exact) }
      return .number(exact)
    case .flag: return .bool(row[start] != 0)
    case .category(let categories):
      let position = categories.indices.first { row[start + $0] != 0 }
      return position.map { .text(categories[$0]) } ?? .missing
    }
  }
}

extension Tensor {
  /// Columns of numbers in the order of their names. Those of tensors have none that a table knows: where
  /// no name is on both sides, they stay as they are.
  /// - Throws: `outputs-mismatch` where only some names are.
  fileprivate func columns(_ own: [String], as wanted: [String]) throws -> Tensor {
    if own == wanted || Set(own).isDisjoint(with: wanted) { return self }
    let places = wanted.compactMap { own.firstIndex(of: $0) }
    guard places.count == own.count else {
      throw CoreError(
        "outputs-mismatch",
        "the data has the targets \(own.joined(separator: ", ")), and the model predicts "
          + wanted.joined(separator: ", "), help: "make the data as for training")
    }
    return Tensor(
      withFloats { numbers in
        (0..<shape[0]).flatMap { row in places.map { numbers[row * own.count + $0] } }
      }, shape: shape)
  }
}
