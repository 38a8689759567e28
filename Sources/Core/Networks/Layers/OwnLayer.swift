import MaasTensors

extension LayerKind {
  /// What somebody's own function of parameters and rows gives.
  static func own(_ function: OwnFunction) -> LayerKind {
    LayerKind(
      "layer", ownSettings, own: function,
      shape: { place throws(CoreError) in try function.shape(place) },
      parameters: { _ in function.parameters.map { ParameterRule($0) } },
      build: { builder, node in
        let row = try function.shape(builder.place)
        let recorded = try function.recorded(rows: builder.rows, of: builder.place.input)
        let result = try recorded.add(
          to: &builder.graph, [node] + builder.parameters, rows: builder.rows,
          number: builder.number)
        let found = builder.graph[result].shape
        if found == builder.block(row) { return result }
        throw CoreError(
          "shape-mismatch",
          "the function of a layer gives \(builder.block(row)) for \(builder.rows) rows by what it "
            + "gives for others, and here it gives \(found)",
          help: "its result may depend on the number of rows in the first axis alone")
      })
  }

  private static let ownSettings =
    [
      SettingRule("function", .source, use: .training, "how it was written"),
      SettingRule("parameters", .lines, default: .texts([]), "what its function learns"),
      SettingRule("ops", .lines, default: .texts([]), "what its function does"),
      SettingRule(
        "start", .lines, default: .texts([]), use: .training, "what its parameters start from"),
    ] + SettingRule.severalWeights + [SettingRule.label]
}

extension ParameterRule {
  fileprivate init(_ parameter: OwnFunction.Parameter) {
    let sizes = parameter.shape.sizes
    let kind: ParameterSpec.Kind
    if let start = parameter.start {
      kind = .weight(.given(start.floats()))
    } else if sizes.count < 2 {
      kind = .weight(.constant(0))
    } else {
      let outputs = sizes.last ?? 1
      kind = .weight(
        .glorot(inputs: parameter.shape.count / max(1, outputs), outputs: outputs))
    }
    self.init(role: parameter.name, sizes: sizes, kind: kind)
  }
}

extension Layer {
  /// A layer of somebody's own.
  /// - Parameters:
  ///   - text: how it is shown.
  ///   - settings: of its weights, and its name.
  /// - Throws: `bad-setting`.
  public static func own(
    _ function: OwnFunction, _ text: String, _ settings: [String: Setting] = [:]
  ) throws(CoreError) -> Layer {
    var settings = settings
    settings["function"] = .text(text)
    settings["parameters"] = .texts(function.parameterText)
    settings["ops"] = .texts(function.text)
    if function.parameters.contains(where: { $0.start != nil }) {
      settings["start"] = .texts(function.startText)
    }
    return try Layer(.own(function), settings)
  }

  /// The settings that somebody may say of a layer of their own.
  public static let ownSettings = LayerKind.own(OwnFunction([])).settings.dropFirst(4)

  /// A layer of somebody's own as a file has it.
  /// - Throws: `bad-setting`, `bad-model`, `too-large`.
  init(recorded settings: [String: Setting]) throws(CoreError) {
    let function: OwnFunction
    do {
      function = try OwnFunction(
        parameters: settings["parameters"]?.lines ?? [], starts: settings["start"]?.lines ?? [],
        text: settings["ops"]?.lines ?? [])
    } catch let error as CoreError {
      throw error
    } catch {
      throw CoreError("internal", "\(error)")
    }
    try self.init(.own(function), settings)
  }
}

extension Network {
  /// The network with the functions of its own layers written down for rows of this shape.
  /// - Parameter rows: numbers of rows that it will be asked for.
  /// - Throws: what the functions throw, and as `shapes(input:)`.
  public func recording(input: Shape, rows: [Int]) throws -> Network {
    guard layers.contains(where: \.isOwn) else { return self }
    let known = Network(try layers.map { try $0.copyingFunctions() })
    // The shapes that reach a layer follow from those of the layers before it.
    let places = try known.places(input: input)
    for place in places { try place.place.record(rows: [1] + rows.filter { $0 != 1 }) }
    return Network(try known.layers.map { try $0.writingFunctions() })
  }
}

extension LayerPlace {
  fileprivate func record(rows: [Int]) throws {
    if let function = layer.kind.own { try function.record(input, rows: rows) }
    for held in try held() { try held.place.record(rows: rows) }
  }
}

extension Layer {
  /// Whether it is of somebody's own, or holds one that is.
  public var isOwn: Bool { kind.own != nil || layers.contains(where: \.isOwn) }

  /// The functions of its own, and of the layers in it.
  public var functions: [OwnFunction] {
    (kind.own.map { [$0] } ?? []) + layers.flatMap(\.functions)
  }

  /// What decides what the functions in it compute.
  package var functionText: [String] {
    self["ops"].lines + layers.flatMap(\.functionText)
  }

  fileprivate func copyingFunctions() throws(CoreError) -> Layer {
    try replacingFunctions { $0.tracer == nil ? $0 : $0.copy() }
  }

  fileprivate func writingFunctions() throws(CoreError) -> Layer { try replacingFunctions { $0 } }

  /// The layer with other functions in the place of its own.
  public func replacingFunctions(
    _ other: (OwnFunction) -> OwnFunction
  ) throws(CoreError) -> Layer {
    guard isOwn else { return self }
    var settings = Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    if let own = kind.own {
      return try .own(other(own), self["function"].word, settings)
    }
    var inner: [Layer] = []
    for layer in layers { inner.append(try layer.replacingFunctions(other)) }
    settings["layers"] = .layers(inner)
    return try Layer(kind, settings)
  }
}
