import MaasNetworks
import MaasTensors
import MaasVM

extension Builtins {
  /// What every layer with weights may be told of them, as `SettingRule.weights` has it.
  static let weightSettings = """
    initial: string = "glorot", weight_decay: number = 0, l1: number = 0, l2: number = 0, \
    frozen: bool = false, name: string = "", tied: string = ""
    """

  /// What layers with weights of several kinds may be told, as `SettingRule.severalWeights` has it.
  static let severalWeightSettings = """
    initial: string = "glorot", weight_decay: number = 0, l1: number = 0, l2: number = 0, \
    frozen: bool = false
    """

  static let networks: [Builtin] = [
    Builtin(
      "network(layers: list) -> network",
      """
      A network of layers, each fed with what the one before gives. Usually written with a block.

      A network in a network stands for its layers.

          network { dense(100, relu); dense(10) }   # => network { dense(100, relu); dense(10) }
      """
    ) { call in
      let layers = try call[0].items.flatMap { try LayerValue.layers(of: $0) }
      guard !layers.isEmpty else {
        throw Failure(
          "no-layers", "a network needs at least one layer", help: "network { dense(10) }",
          rewrites: [.word("{ }", with: "{ dense(10) }")])
      }
      return Value(NetworkValue(Network(layers)))
    },
    Builtin(
      "dense(units: number = nil, activation: function | layer = identity, \(weightSettings)) -> layer",
      """
      A fully connected layer: activation(x W + b), with `units` outputs; left out in the last layer,
      they are as many as the labels need.

      `initial` is how its weights start: "glorot", "he", "lecun" (all uniform), "normal", "uniform",
      "zeros" or "orthogonal". Each step takes rate · `weight_decay` of every weight away; `l1` · Σ|w|
      and `l2` · Σw² are added to what training makes small (not to the loss that is shown); biases
      are spared. A `frozen` layer stays as it is. A layer `tied` to the `name` of another uses the
      weights of that one, the other way round where only that fits.

          dense(100, relu)       # => dense(100, relu)
          dense(64, tied: "encoder")   # => dense(64, tied: "encoder")
      """
    ) { call in try LayerValue.make("dense", call) },
    Builtin(
      "scale(factor: number) -> layer",
      """
      A layer that multiplies every number by `factor`: pixels of 0 to 16 become 0 to 1.

          scale(1 / 16)          # => scale(0.0625)
      """
    ) { call in try LayerValue.make("scale", call) },
    Builtin(
      "standardize() -> layer",
      """
      A layer that brings every column to mean 0 and deviation 1.

      Its constants are learned from the training data and kept in the model; a constant column
      gives 0.

          standardize()          # => standardize()
      """
    ) { _ in Value(LayerValue(.standardize)) },
    Builtin(
      "dropout(rate: number) -> layer",
      """
      A layer that clears a share of the numbers while training, and scales up the rest.

          dropout(0.2)           # => dropout(0.2)
      """
    ) { call in try LayerValue.make("dropout", call) },
    Builtin(
      "layer(parameters: record, function: function, \(severalWeightSettings), name: string = \"\") -> layer",
      """
      A layer of one's own: `function` takes a record of the parameters and a block of rows, and gives a row for each. A parameter is a shape (weights start as those of `dense`, what has one axis at 0) or a tensor to start from; training changes them all.

      The function is traced before there is data, for a few numbers of rows: what depends on the rows chooses by `where`, not by `if`. Random numbers are drawn anew in each step. A saved model holds what was traced, so that it needs no script. Settings of the weights are those of `dense`; parameters of one axis and single numbers that have nothing to start from are spared by penalties, as biases are.

          double = layer((:), (p, x) -> 2 * x)
          line = layer((w: [3, 4], b: zeros(4)), (p, x) -> x @ p.w + p.b)
          summary(network { double; line }, input: [3]).parameters     # => 16
      """
    ) { call in try call.ownLayer() },
    Builtin(
      "identity(x) -> any",
      """
      The value itself; as an activation, none.

          identity(3)            # => 3
      """
    ) { call in call[0].retained },
    Builtin(
      "summary(x: model) -> record",
      """
      A table of the layers: output shape, parameters and multiply-adds of each, the total, and memory.

          summary(network { dense(10) }, input: [64]).parameters   # => 650
      """
    ) { call in
      let model = try call.model("x")
      return Value(SummaryValue(try model.summary()))
    },
    Builtin(
      "summary(x: network, input: list) -> record",
      """
      The table of a network that is not trained, for rows of the shape `input`.

          summary(network { dense(10, relu); dense(2) }, input: [4]).parameters   # => 72
      """
    ) { call in
      guard let network = (call["x"].native as? NetworkValue)?.network else {
        throw Failure("wrong-type", "`summary` takes a network or a model")
      }
      let input = try call.shape(call["input"].items)
      return try call.followingFunctions { Value(SummaryValue(try network.summary(input: input))) }
    },
  ]
}
