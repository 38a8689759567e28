import MaasSyntax

extension ErrorCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Networks, training and models.
  static let training: [DiagnosticExplanation] = [
    Entry(
      "no-layers",
      "A network has at least one layer.",
      example: "net = network { }"),
    Entry(
      "empty-network",
      "A network has no layers.",
      needs: "the builtin network checks before (Tests/NetworksTests)"),
    Entry(
      "bad-setting",
      "A setting lies outside what makes sense for it.",
      example: "layer = dropout(1.5)"),
    Entry(
      "layer-order",
      "standardize and augment work on the data, so they stand before all layers with weights; and "
        + "mask_padding tells padding as it was filled up, so it stands before standardize.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 0]))
        m = fit(network { dense(2); standardize() }, data, loss: cross_entropy, epochs: 1)
        """),
    Entry(
      "bad-id",
      "An embedding has a row for each whole number from 0 to below its count; another number is "
        + "the id of nothing. Words and names are numbered from 0 on.",
      example: """
        data = dataset(tensor([[0, 1], [2, 3]]), tensor([0, 1]), kind: "classes")
        net = network { embedding(3, 2); flatten(); dense(2) }
        m = fit(net, data, loss: cross_entropy, epochs: 1)
        """),
    Entry(
      "unknown-layer",
      "There is no layer of this name.",
      needs: "met in model files only (Tests/NetworksTests)"),
    Entry(
      "bad-parameters",
      "Weights do not fit the network: those of a file, or of the model to start from.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        m = fit(network { dense(1) }, data, epochs: 1)
        n = fit(network { dense(2, relu); dense(1) }, data, epochs: 1, start: m)
        """),
    Entry(
      "nothing-to-train",
      "No layer of the network has weights.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        m = fit(network { scale(2) }, data, loss: mse, epochs: 1)
        """),
    Entry(
      "loss-kind",
      "The loss does not fit the labels: cross_entropy, focal and hinge choose among classes, mse, "
        + "mae and huber compare amounts, poisson takes counts, kl_divergence shares that add up to 1.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 2]))
        m = fit(network { dense(3) }, data, loss: mse)
        """),
    Entry(
      "units-mismatch",
      "The last layer gives another number of values than the labels need: one for each "
        + "class, or one for each amount.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 2]))
        m = fit(network { dense(4) }, data, loss: cross_entropy)
        """),
    Entry(
      "outputs-mismatch",
      "A network that ends in outputs, the targets of its data and its losses do not have the "
        + "same names.",
      example: """
        data = dataset(tensor([[0.0], [1.0]]), (price: [0.5, 1.5]))
        m = fit(network { outputs(price: dense()) }, data, loss: (prise: mse))
        """),
    Entry(
      "other-run",
      "The folder holds the state of another run: one with other data, another network or other "
        + "settings, which would come to other weights.",
      example: """
        data = dataset(tensor([[0.0], [1.0]]), tensor([0.5, 1.5]))
        net = network { dense(1) }
        m = fit(net, data, loss: mse, epochs: 1, seed: 1, checkpoint: "run")
        m = fit(net, data, loss: mse, epochs: 1, seed: 2, checkpoint: "run")
        """),
    Entry(
      "bad-checkpoint",
      "The state of a run that the folder holds was changed or damaged.",
      needs: "a damaged file (Tests/TrainingTests/CheckpointTests.swift)"),
    Entry(
      "loss-not-finite",
      "The loss became infinite or nan. The learning rate is often too high, or the "
        + "features are very large: put standardize() first.",
      needs: "depends on the last bits of an overflow (Tests/TrainingTests)"),
    Entry(
      "not-finite",
      "The data, or a matrix, holds nan or an infinite number. Nothing can be learned from "
        + "them, solved or decomposed; find where they come from.",
      example: """
        data = dataset(tensor([[0.0], [nan]]), tensor([0.5, 1.5]))
        m = fit(network { dense(1) }, data, loss: mse)
        """),
    Entry(
      "bad-model",
      "A folder is no saved model, or a damaged one.",
      example: """
        write_text("x", "m.maasmodel")
        m = load("m.maasmodel")
        """),
    Entry(
      "bad-weights",
      "The file of the weights is damaged.",
      needs: "needs a damaged file (Tests/ModelsTests)"),
    Entry(
      "newer-model",
      "A model was saved by a newer maas than this one.",
      needs: "needs such a file (Tests/ModelsTests)"),
    Entry(
      "bad-name",
      "A name of a model has letters, digits, - _ and ., and does not start with - or a "
        + "point.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        m = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        register(m, "../up")
        """),
    Entry(
      "unknown-model",
      "No model is registered under this name.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        m = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        print(register(m, "prices"))
        n = load("price")
        """),
    Entry(
      "no-version-left",
      "A registered model has used up the numbers of versions. Register it under another name.",
      needs: "needs a registry whose last version is the largest number (Tests/ModelsTests)"),
    Entry(
      "unknown-version",
      "A registered model has no such version.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        m = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        print(register(m, "m"))
        n = load("m@7")
        """),
  ]
}
