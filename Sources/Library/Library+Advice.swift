import MaasVM

/// What a person who calls a builtin in the way of another language or library likely meant.
extension Library {
  public func advice(on misuse: Misuse, of function: String) -> String? {
    switch misuse {
    case .type(let parameter, let types, let value):
      order(function, parameter, value) ?? missingStep(function, parameter, value)
        ?? quoted(parameter, types, value)
    case .unknownName(let name, let parameters): synonym(name, among: parameters, function)
    case .givenTwice(let parameter) where function == "fit" && parameter == "loss":
      "fit takes one dataset: fit(network, dataset(x, y), loss: …)"
    case .givenTwice: nil
    }
  }

  // MARK: Types

  /// Arguments in another order than ours.
  private func order(_ function: String, _ parameter: String, _ value: Value) -> String? {
    switch (function, parameter, value.type) {
    case ("fit", "network", .dataset), ("fit", "network", .table), ("fit", "network", .tensor),
      ("fit", "data", .network):
      "the network comes first: fit(network, data, loss: …)"
    case (_, "model", .dataset), (_, "model", .table), (_, "model", .tensor):
      "the model comes first: \(function)(model, …)"
    case ("save", "path", .model), ("save", "path", .table), ("save", "path", .tensor):
      "the path comes last: save(x, \"name\")"
    default: nil
    }
  }

  /// A step that is missing before the call.
  private func missingStep(_ function: String, _ parameter: String, _ value: Value) -> String? {
    switch (parameter, value.type) {
    case ("data", .table) where function != "dataset", ("validation", .table):
      let column = value.table?.names.last ?? "name"
      return "make a dataset of the table first: dataset(table, target: \(Value.quote(column)))"
    case ("data", .tensor), ("validation", .tensor):
      return "features and labels go together: dataset(x, y)"
    case ("data", .string): return "load the file first: load(\(value.display(quoted: true)))"
    case ("validation", .number), ("validation", .list):
      return "split the data first: train, rest = split(data, test: 0.2), then validation: rest"
    case ("model", .network),
      ("x", .network) where function != "summary":
      return "train it first: model = fit(network, data, loss: …)"
    case ("network", .list): return "make a network of the layers: network(layers)"
    case ("network", .layer): return "make a network of it: network { dense(10) }"
    case ("network", .model): return "a model holds its network: model.network"
    default: return nil
    }
  }

  /// The name of a function, or a number, in quotes.
  private func quoted(_ parameter: String, _ types: ValueTypes, _ value: Value) -> String? {
    guard let text = value.string else { return nil }
    if types.contains(.function), isBuiltin(text.lowercased()) {
      return "write it without quotes: \(parameter): \(text.lowercased())"
    }
    if types.contains(.number), Double(text) != nil {
      return "write the number without quotes: \(parameter): \(text)"
    }
    return types.contains(.number)
      ? "a text becomes a number with parse_number(\(value.display(quoted: true)))" : nil
  }

  // MARK: Names

  /// What scikit-learn, Keras and PyTorch call the parameters of ours.
  private static let synonyms: [String: [String]] = [
    "rate": [
      "learning_rate", "learning_rate_init", "lr", "eta", "alpha", "step_size", "p", "prob",
      "probability",
    ],
    "clip_norm": ["clipnorm", "max_grad_norm", "max_norm", "gradient_clip_norm", "clip"],
    "clip_value": ["clipvalue", "gradient_clip", "gradient_clip_val"],
    "accumulate": ["gradient_accumulation_steps", "accumulation_steps", "accumulate_grad_batches"],
    "precision": ["mixed_precision", "amp", "autocast"],
    "checkpoint": [
      "checkpoint_dir", "checkpoint_path", "ckpt", "resume", "resume_from_checkpoint",
    ],
    "every": ["save_steps", "save_freq", "checkpoint_every", "save_every"],
    "average": ["ema", "ema_decay", "ema_momentum", "use_ema"],
    "weight_decay": ["wd", "decay_rate", "l2"], "delta": ["threshold"],
    "momentum": ["mu"], "beta1": ["beta_1"], "beta2": ["beta_2"], "epsilon": ["eps"],
    "batch": ["batch_size", "batchsize", "bs", "minibatch", "mini_batch"],
    "epochs": ["n_epochs", "nb_epoch", "num_epochs", "max_iter", "iterations", "n_iter"],
    "validation": [
      "validation_split", "validation_data", "validation_fraction", "val_data", "val", "valid",
      "eval_set",
    ],
    "seed": ["random_state", "random_seed", "rng"],
    "test": ["test_size", "test_fraction", "test_ratio", "test_split"],
    "workers": ["n_jobs", "num_workers", "jobs", "threads", "n_workers"],
    "optimizer": ["optim", "solver", "opt"],
    "loss": ["criterion", "loss_fn", "loss_function", "objective", "cost"],
    "activation": ["act", "activation_function", "nonlinearity"],
    "units": [
      "out_features", "num_units", "neurons", "hidden", "hidden_units", "hidden_layer_sizes",
      "n_units", "size", "nodes",
    ],
    "target": ["label", "label_column", "y", "target_column", "target_name", "labels", "column"],
    "path": ["filename", "file", "filepath", "name", "file_name"],
    "axis": ["dim", "axes", "dims"], "dtype": ["type", "data_type"],
    "y": ["labels", "target", "targets"], "x": ["features", "inputs", "data"],
    "data": ["dataset", "train", "training_data", "x"], "name": ["model_name", "key"],
    "port": ["port_number"], "host": ["address", "hostname"],
    "descending": ["reverse", "decreasing"], "shuffle": ["shuffled", "randomize"],
  ]

  private func synonym(_ name: String, among parameters: [String], _ function: String) -> String? {
    if parameters.contains("validation"), name == "validation_split" {
      return "`validation` takes a dataset: train, rest = split(data, test: 0.2), then "
        + "validation: rest"
    }
    let ours = parameters.first { Library.synonyms[$0]?.contains(name.lowercased()) ?? false }
    if let ours { return "here it is called `\(ours)`: \(ours): …" }
    switch (function, name.lowercased()) {
    case ("fit", "verbose"), ("fit", "metrics"), ("fit", "callbacks"):
      return "leave it out: fit shows loss and accuracy of each epoch, and model.history keeps them"
    case ("fit", "lr"), ("fit", "rate"), ("fit", "learning_rate"):
      return "the rate belongs to the optimizer: optimizer: adam(rate: 0.001)"
    case ("split", "train_size"), ("split", "train"):
      return "say how much is for the test: test: 0.2"
    case ("split", "stratify"): return "leave it out: the classes of a dataset keep their shares"
    case ("dense", "input_shape"), ("dense", "input_dim"), ("dense", "in_features"):
      return "leave it out: a layer sees what comes in from the data"
    default: return nil
    }
  }
}
