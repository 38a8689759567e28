import MaasTensors

/// The parameters of a network, and which of them each layer uses.
struct ParameterTable {
  private(set) var specs: [ParameterSpec] = []
  /// For each layer, the places of what it uses in `specs`: its own, and the weights it is tied to.
  private(set) var uses: [[Int]] = []
  /// The places of weights that have a name.
  private var named: [String: Int] = [:]

  fileprivate init(_ network: Network, input: Shape) throws(CoreError) {
    var ties: [(layer: Int, slot: Int, rule: ParameterRule)] = []
    for (index, item) in try network.places(input: input).enumerated() {
      var used: [Int] = []
      do throws(CoreError) {
        for rule in try item.place.rules() {
          if rule.tied.isEmpty {
            try add(rule, of: item.place, index)
          } else {
            ties.append((index, used.count, rule))
          }
          used.append(specs.count - 1)
        }
      } catch {
        throw network.located(error, index)
      }
      uses.append(used)
    }
    for tie in ties {
      do throws(CoreError) {
        uses[tie.layer][tie.slot] = try target(of: tie.rule)
      } catch {
        throw network.located(error, tie.layer)
      }
    }
  }

  private mutating func add(
    _ rule: ParameterRule, of place: LayerPlace, _ index: Int
  ) throws(CoreError) {
    let shape: Shape
    do throws(CoreError) {
      shape = try Shape(checking: rule.sizes)
    } catch {
      throw CoreError(
        "too-large",
        "\(place.layer.head) after rows of shape \(place.input) has more weights than can exist",
        help: "use fewer units")
    }
    if !rule.name.isEmpty {
      if named[rule.name] != nil {
        throw CoreError(
          "bad-setting", "two layers are called \"\(rule.name)\"",
          help: "give each layer a name of its own; a layer in a repeat has one for each round")
      }
      named[rule.name] = specs.count
    }
    specs.append(
      ParameterSpec(
        name: "\(index).\(place.layer.label).\(rule.role)", shape: shape, layer: index,
        kind: rule.kind, isFrozen: rule.isFrozen, penalty: rule.penalty))
  }

  /// The weight that a layer is tied to: of the shape that it needs, or of that with the last two
  /// sizes exchanged where it is a matrix.
  private func target(of rule: ParameterRule) throws(CoreError) -> Int {
    guard let target = named[rule.tied] else {
      let names = named.keys.sorted().joined(separator: ", ")
      throw CoreError(
        "bad-setting",
        "it is tied to \"\(rule.tied)\", and no layer with weights of its own is called so",
        help: names.isEmpty
          ? "give the other layer a name: dense(32, name: \"\(rule.tied)\")"
          : "layers with names: \(names)")
    }
    let found = specs[target].shape.sizes
    if found == rule.sizes || found.count == 2 && found == rule.sizes.reversed() { return target }
    throw CoreError(
      "shape-mismatch",
      "it needs weights of shape \(Shape(rule.sizes)), and those of \"\(rule.tied)\", to which it "
        + "is tied, have shape \(specs[target].shape)",
      help: rule.sizes.count == 2
        ? "tied layers have the same inputs and outputs, or each the other's"
        : "tied layers have the same sizes")
  }
}

extension Network {
  /// - Throws: as `parameterSpecs(input:)`.
  func parameterTable(input: Shape) throws(CoreError) -> ParameterTable {
    try ParameterTable(self, input: input)
  }
}
