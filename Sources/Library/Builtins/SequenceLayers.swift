/// Layers for sequences.
extension Builtins {
  static let sequenceLayers: [Builtin] = recurrentLayers + attentiveLayers

  private static let attentiveLayers: [Builtin] = [
    Builtin(
      "embedding(count: number, width: number, padding: number = -1, \(weightSettings)) -> layer",
      """
      A row of `width` numbers, which are learned, for each of `count` ids.

      Rows are whole numbers from 0 to `count` - 1, one a step: words or products by their number. With
      `padding: 0` the id 0 fills up short rows, and the layers after do not look at such steps.

          embedding(1000, 32)                   # => embedding(1000, 32)
          embedding(1000, 32, padding: 0)       # => embedding(1000, 32, padding: 0)
      """
    ) { call in try LayerValue.make("embedding", call) },
    Builtin(
      "mask_padding(value: number = 0) -> layer",
      """
      Tells layers that go over steps not to look at padding: steps whose numbers are all `value`.

      Rows are sequences, [steps, features], short ones filled up at the end; more of it changes nothing.
      Recurrent layers, attention, conv1d and pools heed it, and `standardize()` behind it learns from
      steps alone.

          mask_padding()                        # => mask_padding(0)
      """
    ) { call in try LayerValue.make("mask_padding", call) },
    Builtin(
      "positional_encoding(kind: string = \"sinusoidal\", \(severalWeightSettings)) -> layer",
      """
      Adds to each step of a sequence what tells its place: sines and cosines, or with `"learned"`
      numbers that are learned.

          positional_encoding("learned")        # => positional_encoding("learned")
      """
    ) { call in try LayerValue.make("positional_encoding", call) },
    Builtin(
      "attention(heads: number = 4, causal: bool = false, \(severalWeightSettings)) -> layer",
      """
      Each step of a sequence looks at all others, in several heads, and takes from those that matter.

      Rows are sequences, [steps, width]; the heads divide the width. With `causal: true` a step sees
      none of those after it.

          attention(8, causal: true)            # => attention(8, causal: true)
      """
    ) { call in try LayerValue.make("attention", call) },
    Builtin(
      """
      transformer_block(heads: number = 4, hidden: number = 0, \
      activation: function | layer = gelu, causal: bool = false, dropout: number = 0, \
      norm: string = "pre", \(severalWeightSettings)) -> layer
      """,
      """
      A block of a transformer: attention, then two dense layers for each step.

      Each half is added to what came in. The first dense layer has `hidden` units, or four times the
      width. `norm: "pre"` normalises the steps before each half, `"post"` after it.

          transformer_block(4)                  # => transformer_block(4)
          transformer_block(8, hidden: 64)      # => transformer_block(8, hidden: 64)
      """
    ) { call in try LayerValue.make("transformer_block", call) },
  ]

  private static let recurrentLayers: [Builtin] = [
    Builtin(
      """
      lstm(units: number, sequence: bool = false, layers: number = 1, \
      bidirectional: bool = false, \
      \(severalWeightSettings)) -> layer
      """,
      """
      A recurrent layer with a long memory: a state of `units` numbers that goes over a sequence.

      Rows are sequences, [steps, features]. What it gives is the state after the last step, or with
      `sequence: true` that after every step. With `layers: 2` a second one reads the states of the
      first; with `bidirectional: true` a second one goes from the end to the beginning, and both
      states stand side by side. Gates are those of PyTorch, in the order i f g o, with one bias; so are
      the first weights of the state, uniform in ±1 / √units, unless `initial` says otherwise.

          lstm(64)                              # => lstm(64)
          lstm(32, layers: 2, sequence: true)   # => lstm(32, sequence: true, layers: 2)
      """
    ) { call in try LayerValue.make("lstm", call) },
    Builtin(
      """
      gru(units: number, sequence: bool = false, layers: number = 1, \
      bidirectional: bool = false, \
      \(severalWeightSettings)) -> layer
      """,
      """
      A recurrent layer as `lstm`, with three gates instead of four: r, z and n, as in PyTorch.

          gru(32, bidirectional: true)          # => gru(32, bidirectional: true)
      """
    ) { call in try LayerValue.make("gru", call) },
    Builtin(
      """
      rnn(units: number, activation: function | layer = tanh, sequence: bool = false, \
      layers: number = 1, bidirectional: bool = false, \
      \(severalWeightSettings)) -> layer
      """,
      """
      The plainest recurrent layer: the new state is `tanh` (or `relu`) of a product of step and state.

          rnn(16)                               # => rnn(16)
          rnn(16, relu)                         # => rnn(16, relu)
      """
    ) { call in try LayerValue.make("rnn", call) },
  ]
}
