/// What names of other languages and libraries are called here.
enum ForeignNames {
  /// A line of help for a name that nothing here has.
  static let habits: [String: String] = [
    // Python
    "len": "the length is length(x)",
    "str": "text with a value in it is written \"{x}\"",
    "int": "text becomes a number with parse_number(text), a fraction whole with floor(x)",
    "float": "text becomes a number with parse_number(text)",
    "number": "text becomes a number with parse_number(text)",
    "exit": "Ctrl-D leaves the prompt; a script ends after its last line",
    "quit": "Ctrl-D leaves the prompt; a script ends after its last line",
    "dict": "a record is written (name: value)", "tuple": "a list is written [1, 2]",
    "set": "unique(list) drops what occurs twice", "isinstance": "type(x) names the type of x",
    "sorted": "sort(list) gives a sorted list", "reversed": "reverse(list) turns a list around",
    "open": "read_text(path) gives the text of a file",
    "input": "read_line(prompt) asks for a line",
    "math": "mathematics needs no library: sqrt(2)", "printf": "print(\"x is {x:.2}\") prints",
    "println": "print(x) prints", "disp": "print(x) prints", "echo": "print(x) prints",
    "typeof": "type(x) names the type of x", "parseInt": "parse_number(text) reads a number",
    "parseFloat": "parse_number(text) reads a number",
    "pass": "an empty block is written { }", "loop": "an endless loop is while true { … }",
    "end": "the last element is xs[-1]; a block ends with }",
    "c": "a list is written [1, 2, 3]", "π": "the number is called pi",
    "library": "nothing needs to be loaded: all functions are there",
    "require": "a file of maas is read by import(\"path.maas\"); libraries are not needed",
    "source": "a file of maas is read by import(\"path.maas\")",
    "Math": "mathematics needs no library: sqrt(2)", "lambda": "a function is written x -> x^2",
    "repeat_until": "a loop is written while condition { … }",
    "__name__": "a script runs from its first line to its last: leave the if out",
    "sprintf": "text with a value in it is written \"{x:.2}\"",
    "string": "text with a value in it is written \"{x}\"",
    "list_comprehension": "map(list, x -> …) makes one list of another",
    "super": "there are no classes: keep data in records",
    "Error": "fail(\"message\") raises an error",
    "Exception": "fail(\"message\") raises an error",
    "ValueError": "fail(\"message\") raises an error",
    "setTimeout": "sleep(seconds) waits", "Date": "now() is the time, date(2026, 11, 22) a day",
    "datetime": "now() is the time, date(2026, 11, 22) a day",
    "JSON": "parse_json(text) and to_json(x) need no library",
    "json": "parse_json(text) and to_json(x) need no library",
    "os": "files need no library: list_files(\".\"), exists(path)",
    "re": "patterns need no library: matches(text, pattern)",
    "console": "print(x) prints", "this": "a function gets what it works on as an argument",
    "self": "a function gets what it works on as an argument",
    // Arrays and tables
    "np": tensors, "numpy": tensors, "array": tensors, "ndarray": tensors,
    "pd": tables, "pandas": tables, "DataFrame": tables, "read_csv": tables,
    "plt": "plots come with a later version; save(table, \"x.csv\") takes the numbers elsewhere",
    "matplotlib":
      "plots come with a later version; save(table, \"x.csv\") takes the numbers elsewhere",
    // Learning
    "torch": networks, "nn": networks, "tf": networks, "tensorflow": networks, "keras": networks,
    "sklearn": networks, "jax": networks, "Sequential": networks, "Model": networks,
    "MLPClassifier": networks, "MLPRegressor": networks,
    "model": "a model is what fit gives: model = fit(network, data, loss: cross_entropy)",
    "Dense": layers, "Linear": layers, "Layer": layers,
    "Dropout": "the layer is written dropout(0.2)", "Flatten": "the layer is written flatten()",
    "StandardScaler": "standardize() is a layer that does it",
    "MinMaxScaler": "scale(1 / 255) is a layer that multiplies by a number",
    "ReLU": "the activation is written relu: dense(100, relu)",
    "Sigmoid": "the activation is written sigmoid: dense(1, sigmoid)",
    "Softmax": "cross_entropy does it; as an activation it is written softmax",
    "Adam": "the optimizer is written adam(rate: 0.001)",
    "SGD": "the optimizer is written sgd(rate: 0.01)",
    "train_test_split": "train, test = split(data, test: 0.2)",
    "accuracy_score": "accuracy(model, test) gives the share of right answers",
    "confusion_matrix": "confusion(model, test) gives it",
    "CrossEntropyLoss": crossEntropy, "sparse_categorical_crossentropy": crossEntropy,
    "categorical_crossentropy": crossEntropy, "crossentropy": crossEntropy,
    "BCELoss": "the loss is written binary_cross_entropy",
    "binary_crossentropy": "the loss is written binary_cross_entropy",
    "MSELoss": "the loss is written mse", "mean_squared_error": "the loss is written mse",
    "L1Loss": "the loss is written mae", "mean_absolute_error": "the loss is written mae",
    "HuberLoss": "the loss is written huber", "SmoothL1Loss": "the loss is written huber",
    "KLDivLoss": "the loss is written kl_divergence",
    "AdamW": "the optimizer is written adamw(rate: 0.001)",
    "RMSprop": "the optimizer is written rmsprop(rate: 0.01)",
    "CosineAnnealingLR": "the rate of the optimizer says it: adam(rate: cosine(0.01))",
    "OneCycleLR": "the rate of the optimizer says it: adam(rate: one_cycle(0.01))",
    "ReduceLROnPlateau": "the rate of the optimizer says it: adam(rate: plateau(0.01))",
  ]

  /// Names that have one of ours, so that an edit can write it.
  static let renames: [String: String] = [
    "len": "length", "numel": "length", "sorted": "sort", "reversed": "reverse",
    "println": "print", "disp": "print", "echo": "print", "puts": "print", "cat": "print",
    "loop": "while true", "typeof": "type", "parseInt": "parse_number",
    "parseFloat": "parse_number", "π": "pi", "Inf": "infinity", "inf": "infinity",
    "Infinity": "infinity", "NaN": "nan", "NA": "nil", "lapply": "map", "sapply": "map",
    "toupper": "upper", "tolower": "lower", "strsplit": "split", "startswith": "starts_with",
    "rand": "random.uniform", "randn": "random.normal", "randint": "random.integer",
    "read_csv": "load", "ceiling": "ceil", "stop_if": "assert", "Adam": "adam", "SGD": "sgd",
    "Dense": "dense", "Linear": "dense", "Dropout": "dropout", "Flatten": "flatten",
    "ReLU": "relu", "Sigmoid": "sigmoid", "Softmax": "softmax", "train_test_split": "split",
    "accuracy_score": "accuracy", "confusion_matrix": "confusion", "MSELoss": "mse",
    "mean_squared_error": "mse", "L1Loss": "mae", "mean_absolute_error": "mae",
    "HuberLoss": "huber", "SmoothL1Loss": "huber", "KLDivLoss": "kl_divergence",
    "AdamW": "adamw", "RMSprop": "rmsprop", "CosineAnnealingLR": "cosine",
    "OneCycleLR": "one_cycle", "ReduceLROnPlateau": "plateau", "BCELoss": "binary_cross_entropy",
    "binary_crossentropy": "binary_cross_entropy", "CrossEntropyLoss": "cross_entropy",
    "sparse_categorical_crossentropy": "cross_entropy",
    "categorical_crossentropy": "cross_entropy", "crossentropy": "cross_entropy",
    "array": "tensor", "ndarray": "tensor",
  ]

  /// Fields of libraries that are called otherwise here.
  private static let members: [String: String] = [
    "array": "tensor", "PI": "pi", "log": "log", "asarray": "tensor", "read_csv": "load",
    "inf": "infinity", "Infinity": "infinity",
  ]

  private static let libraries: Set<String> = [
    "math", "Math", "np", "numpy", "torch", "jnp", "pd", "pandas", "tf", "nn", "console",
  ]

  /// What `library.field` is here: `np.zeros` is `zeros`, `console.log` is `print`.
  static func ours(of name: String, field: String, isBuiltin: Bool) -> String? {
    guard libraries.contains(name) else { return nil }
    if name == "console" { return "print" }
    return members[field] ?? (isBuiltin ? field : nil)
  }

  private static let tensors = "tensors need no library: tensor([[1, 2], [3, 4]])"
  private static let tables = "tables need no library: load(\"data.csv\")"
  private static let networks =
    "a network is written network { dense(100, relu); dense(10) }, and trained by fit(network, "
    + "data, loss: cross_entropy)"
  private static let layers = "the layer is written dense(100, relu)"
  private static let crossEntropy = "the loss is written cross_entropy"

  /// Ends of names of files, which look like fields where the quotes are missing.
  private static let fileEndings: Set<String> = [
    "csv", "npy", "maasmodel", "maas", "txt", "json", "tsv", "npz", "png", "jpg",
  ]

  /// The help for `name.field` where the name is unknown; nil where the name alone decides.
  static func help(for name: String, field: String, isBuiltin: Bool) -> String? {
    if fileEndings.contains(field.lowercased()) {
      return "the name of a file is a string: \"\(name).\(field)\""
    }
    if field == "fit" { return habits["model"] }
    guard habits[name] == nil || name == "model" else { return nil }
    return isBuiltin ? "functions stand in front: \(field)(\(name), …)" : nil
  }
}
