/// Layers that hold layers.
extension Builtins {
  static let holdingLayers: [Builtin] = [
    Builtin(
      "residual(layers: list) -> layer",
      """
      Adds what reaches it to what its layers make of it: x + f(x).

      Its layers must end in the shape that reaches the first of them.

          residual { dense(8, relu); dense(8) }   # => residual { dense(8, relu); dense(8) }
      """
    ) { call in try LayerValue.make("residual", call) },
    Builtin(
      "parallel(join: string = \"concat\", layers: list) -> layer",
      """
      Gives the same rows to each of its branches, and puts what they make side by side, or adds it.

      Each layer of the block is a branch; a branch of several layers is a network. With
      `join: "add"` all branches make the same shape.

          parallel { dense(4); network { dense(4, relu); dense(2) } }   # => parallel { dense(4); network { dense(4, relu); dense(2) } }
          parallel(join: "add") { dense(8); identity }   # => parallel(join: "add") { dense(8); identity() }
      """
    ) { call in try LayerValue.make("parallel", call) },
    Builtin(
      "inputs(columns: string | number | range | list, shape: list = nil) -> layer",
      """
      Some of the columns of each row: a network of several inputs is a parallel of them.

      Columns have names where the data is a table ("p*" is all that begin with p; a column of texts
      is a number for each category), and places from 0 on. `shape` makes an image of them.

          inputs("age")          # => inputs("age")
          inputs(0..64, shape: [8, 8])   # => inputs(0..64, shape: [8, 8])
      """
    ) { call in try LayerValue.make("inputs", call) },
    Builtin(
      "outputs(...heads: record) -> layer",
      """
      The end of a network that gives several results, each by its name.

      What reaches it goes through the layer or network of each. The data has a target of each name, `fit` a loss for each, and what is predicted is a record. A last dense() without units has as many as the labels of its target need.

          t = table((x: [1, 2, 3, 4], cost: [1.5, 3, 4.5, 6], kind: ["a", "a", "b", "b"]))
          data = dataset(t, target: (price: "cost", kind: "kind"))
          net = network { dense(8, relu); outputs(price: dense(), kind: network { dense(4, relu); dense() }) }
          model = fit(net, data, loss: (price: mse, kind: cross_entropy), epochs: 2)
          keys(predict(model, [2.5]))    # => ["price", "kind"]
      """
    ) { call in try LayerValue.outputs(call[0]) },
    Builtin(
      "repeat(times: number, layers: list) -> layer",
      """
      Its layers so many times behind each other, each time with weights of their own.

          repeat(3) { dense(8, relu) }   # => repeat(3) { dense(8, relu) }
      """
    ) { call in try LayerValue.make("repeat", call) },
  ]
}
