import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import MaasVM

extension Builtins {
  static let training =
    trained + [rateSearch] + losses + optimizers + schedules

  private static let trained: [Builtin] = [
    Builtin(
      """
      fit(network: network, data: dataset, loss: function | loss | record = nil, \
      optimizer: optimizer | function = adam, epochs: number = 10, batch: number = 32, \
      workers: number? = nil, shards: number? = nil, validation: dataset? = nil, \
      seed: number = seed(), shuffle: bool = true, clip_norm: number? = nil, \
      clip_value: number? = nil, accumulate: number = 1, average: number? = nil, \
      start: model? = nil, precision: string = "f32", checkpoint: string? = nil, every: number? = nil, \
      loss_weights: record? = nil) -> model
      """,
      """
      Trains a network on data and gives a model, with its `history`, and its `weights` by name.

      Each batch is cut into shards by its size alone (one for each 32 rows, at most 8, unless
      `shards` says otherwise); `workers` threads pick them up, and their gradients are added in a
      fixed order: the weights are the same bits on any number of workers. Ctrl-C ends training
      after the step and gives the model as it is. Without a `loss`, it is cross_entropy for classes
      and mse for numbers; a last dense() without units has as many as the labels need. With `start`, weights of the same name and shape
      are taken from that model, and what its standardize had learned.

      A network that ends in `outputs` has a loss for each of them: a record, `loss: (price: mse, kind: cross_entropy)`, or one for all. What is made small is their sum; `loss_weights: (price: 0.1)` says what each is multiplied by in it.

      A `loss` of one's own is a function of truth and prediction: the mean over the rows as one
      number, or one number for each row. The truth of classes is their ids, else numbers; the
      prediction is what the network gives, after its last layer; rows of one number are one line
      of them. It is called before there is data, once for each of a few numbers of rows, and what it
      does is written down: it chooses by `where`, not by `if`. One number is the mean over the rows
      of each shard, and counts as many rows as that has. A loss that does something else for each
      number of rows, as a loop over them does, is not saved with the model, which predicts and
      cannot `evaluate` then.

      `clip_norm` limits the length of all gradients of a step together, `clip_value` each number.
      `accumulate` takes so many batches for one step. With `average`, the model gets a moving
      average of the weights, which keeps that share in each step: 0.999.

      With `precision: "bf16"` large products and convolutions take numbers rounded to eight bits
      (bfloat16), which some processors multiply several times as fast; weights and sums stay f32. For
      wide layers `shards: 1` gains most, and takes one worker.

      With `checkpoint`, the name of a folder, the state of the run is kept there after each epoch,
      or `every` so many steps. Where it is there already, the run goes on with it, and ends in the
      same bits as one that was never stopped.

          data = dataset(tensor([[0.0], [1.0], [2.0], [3.0]]), tensor([0.5, 1.5, 2.5, 3.5]))
          model = fit(network { dense(1) }, data, loss: mse, epochs: 2)
          length(model.history)  # => 2
          model.weights["0.dense.weight"].shape  # => [1, 1]
          asymmetric = (t, p) -> mean(where(t > p, 3 * (t - p), p - t))
          fit(network { dense(1) }, data, loss: asymmetric, epochs: 2).loss  # => "(t, p) -> …"
      """, isPure: false
    ) { call in try call.followingFunctions { try fit(call) } },
    Builtin(
      "predict(model: model, rows: dataset | table | tensor | list | record) -> list | tensor | any",
      """
      What the model says of raw rows, as they stand in the file: classes as a list, numbers as a
      tensor; for a single row its one answer. A model of several outputs says a record of these.

          data = dataset(tensor([[0.0], [1.0]]), tensor([1.0, 3.0]))
          model = fit(network { dense(1) }, data, loss: mse, epochs: 1)
          length(predict(model, data))   # => 2
      """
    ) { call in
      let rows = try call.rows("rows")
      let answers = try call.answers(call.predictor("model").predict(rows.features))
      guard rows.isSingle else { return answers }
      defer { answers.release() }
      return try answers.elements(at: 0)
    },
    Builtin(
      "probabilities(model: model, rows: dataset | table | tensor | list | record) -> tensor",
      """
      The probability of each class, a row for each row.

      Of a model that predicts shares, or yes and no, those. Of several outputs, a record of those
      that have some.

          data = dataset(tensor([[0.0], [1.0]]), tensor([0, 1]), kind: "classes")
          model = fit(network { dense(2) }, data, loss: cross_entropy, epochs: 1)
          probabilities(model, data).shape   # => [2, 2]
      """
    ) { call in
      try call.probabilities(call.rows("rows").features)
    },
    Builtin(
      "evaluate(model: model, data: dataset | table) -> record",
      """
      How well the model does: `(rows, loss)`, and `accuracy` for classes, `mae` (the mean
      difference) for amounts. Of several outputs, `loss` is the weighted sum, and `outputs` has a
      record of each.

          data = dataset(tensor([[0.0], [1.0]]), tensor([1.0, 3.0]))
          model = fit(network { dense(1) }, data, loss: mse, epochs: 1)
          evaluate(model, data).rows   # => 2
      """
    ) { call in
      let result = try call.predictor("model").evaluate(call.labelled("data"))
      let named = result.outputs.filter { $0.name != nil }
      let parts = named.map { ($0.name ?? "", Value(fields: $0.measured)) }
      return Value(
        fields: [("rows", Value(result.rows))]
          + (parts.isEmpty
            ? result.outputs.flatMap(\.measured)
            : [("loss", Value(result.loss)), ("outputs", Value(fields: parts))]))
    },
    Builtin(
      "accuracy(model: model, data: dataset | table) -> number",
      """
      The share of rows whose class the model says.

      Of several outputs, a record of those that say classes.

          data = dataset(tensor([[0.0], [1.0]]), tensor([0, 1]), kind: "classes")
          model = fit(network { dense(2) }, data, loss: cross_entropy, epochs: 1)
          0 <= accuracy(model, data) <= 1   # => true
      """
    ) { call in
      Value(
        byName: try call.predictor("model").accuracies(call.labelled("data"))
          .map { ($0.name, Value($0.value)) })
    },
    Builtin(
      "confusion(model: model, data: dataset | table) -> record",
      """
      How often each class was taken for each: a line for every true class, a column for every
      answer; `.counts` is the matrix as a tensor, `.classes` names its rows and columns. Of several
      outputs, a record of those that say classes.

          data = dataset(tensor([[0.0], [1.0]]), tensor([0, 1]), kind: "classes")
          model = fit(network { dense(2) }, data, loss: cross_entropy, epochs: 1)
          confusion(model, data).counts.shape   # => [2, 2]
      """
    ) { call in
      Value(
        byName: try call.predictor("model").confusions(call.labelled("data"))
          .map { ($0.name, Value(ConfusionValue($0.counts, $0.classes))) })
    },
  ]

  // MARK: Fit

  private static func fit(_ call: borrowing NativeCall) throws -> Value {
    guard let network = (call["network"].native as? NetworkValue)?.network else {
      throw Failure("wrong-type", "`fit` takes a network first")
    }
    let data = try call.dataset("data")
    let surroundings = call.surroundings
    let settings = try settings(call, network, data)
    let observe = surroundings.observeTraining()
    let result = try MaasTraining.fit(network, data, settings, observer: observe)
    if result.interrupted { resume(call, result) }
    if let note = result.doubt { surroundings.note(note) }
    return Value(ModelValue(try Model(result)))
  }

  /// The first Ctrl-C ended the training and nothing else; a second one ends the program.
  private static func resume(_ call: borrowing NativeCall, _ result: FitResult) {
    call.surroundings.note(
      "training stopped after \(result.history.count) of \(result.receipt.epochs) epochs; "
        + "the model is as trained so far")
    guard Interrupt.shared.count < 2 else { return }
    Interrupt.shared.clear()
    call.vm.interrupt.clear()
  }

  private static func settings(
    _ call: borrowing NativeCall, _ network: Network, _ data: Dataset
  ) throws -> FitSettings {
    var settings = FitSettings(
      loss: try call.loss(network, data),
      optimizer: call.has("optimizer")
        ? try OptimizerValue.optimizer(of: call["optimizer"]) : .adam(),
      epochs: try call.int("epochs", or: 10, in: 1...10_000_000))
    settings.batch = try call.int("batch", or: 32, in: 1...(1 << 30))
    if call.has("workers"), !call["workers"].isNil {
      settings.workers = try call.int("workers", in: 1...1024)
    }
    if call.has("shards"), !call["shards"].isNil {
      settings.shards = try call.int("shards", in: 1...4096)
    }
    settings.validation = call.has("validation") ? try call.optionalDataset("validation") : nil
    settings.clipNorm = call["clip_norm"].number
    settings.clipValue = call["clip_value"].number
    settings.accumulate = try call.int("accumulate", or: 1, in: 1...1_000_000)
    settings.average = call["average"].number
    let every = call.has("every") && !call["every"].isNil
    if call["checkpoint"].string != nil {
      settings.checkpoint = CheckpointPlan(
        folder: try call.path("checkpoint"),
        every: every ? try call.int("every", in: 1...(1 << 40)) : nil)
    } else if every {
      throw Failure(
        "missing-argument",
        "`every` says how often a checkpoint is written, and none is asked for",
        help: "name its folder: checkpoint: \"run\"")
    }
    if call.has("precision") {
      guard let precision = Precision(rawValue: call.string("precision")) else {
        throw Failure(
          "wrong-value", "`precision` is \(call["precision"].display(quoted: true))",
          help: "it is \"f32\", or \"bf16\" for faster, rounded products")
      }
      settings.precision = precision
    }
    settings.seed = try call.seed()
    settings.shuffle = call.bool("shuffle", or: true)
    if call.has("start"), !call["start"].isNil {
      settings.start = try call.model("start").parameters
    }
    return settings
  }
}

extension Evaluation.Output {
  fileprivate var measured: [(String, Value)] {
    [("loss", loss), ("accuracy", accuracy), ("mae", mae)]
      .compactMap { name, number in number.map { (name, Value($0)) } }
  }
}
