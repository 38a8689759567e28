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
  ]

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
