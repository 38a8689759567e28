import MaasData

/// What `GET /` tells: the model, its inputs and outputs, and a request that works.
enum ModelCard {
  static func json(
    _ schema: Schema, _ target: Target, model: String, version: Int?
  ) -> JSON {
    [
      "model": .string(model),
      "version": version.map { .number(Double($0)) } ?? .null,
      "inputs": inputs(schema),
      "outputs": outputs(target),
      "routes": [
        "POST /predict": "predictions for the rows in the body",
        "GET /": "this description",
        "GET /healthz": "whether the server runs",
      ],
      "example": [
        "method": "POST", "path": "/predict", "content_type": "application/json",
        "body": ["data": [exampleRow(schema)]],
      ],
    ]
  }

  private static func inputs(_ schema: Schema) -> JSON {
    switch schema.form {
    case .tensor(let shape):
      return ["form": "tensor", "shape": .array(shape.sizes.map { .number(Double($0)) })]
    case .fields(let fields):
      return ["form": "columns", "columns": .array(fields.map(column))]
    }
  }

  private static func column(_ field: Schema.Field) -> JSON {
    switch field.kind {
    case .number: ["name": .string(field.name), "kind": "number"]
    case .flag: ["name": .string(field.name), "kind": "bool"]
    case .category(let categories):
      [
        "name": .string(field.name), "kind": "category",
        "categories": .array(categories.map(JSON.string)),
      ]
    }
  }

  private static func outputs(_ target: Target) -> JSON {
    switch target {
    case .classes(let labels, let name):
      [
        "kind": "classes", "name": name.map(JSON.string) ?? .null,
        "classes": .array(labels.map(\.json)),
      ]
    case .numbers(let names):
      ["kind": "numbers", "names": .array(names.map(JSON.string))]
    case .outputs(let parts):
      .object(parts.map { .init($0.name, outputs($0.target)) })
    }
  }

  /// A row that is right in shape and kind: zeros, false, the first category.
  private static func exampleRow(_ schema: Schema) -> JSON {
    switch schema.form {
    case .tensor(let shape):
      return shape.sizes.reversed().reduce(0 as JSON) { inner, size in
        .array(Array(repeating: inner, count: size))
      }
    case .fields(let fields):
      return .array(
        fields.map { field in
          switch field.kind {
          case .number: 0
          case .flag: false
          case .category(let categories): .string(categories.first ?? "")
          }
        })
    }
  }
}
