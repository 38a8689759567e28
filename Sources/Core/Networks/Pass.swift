import MaasTensors

/// A rewriting of a graph that keeps what it computes. Nodes keep their ids; what is no longer
/// needed is left behind and never planned.
public struct Pass: Sendable {
  public let name: String
  /// - Parameter outputs: nodes whose values are wanted as they are.
  public let run: @Sendable (inout Graph, _ outputs: [NodeID]) throws -> Void

  /// The passes before every plan, in order.
  public static let all = [sumBeforePool, fuseBias, fuseActivation]

  /// max_pool(relu(x)) → relu(max_pool(x)), where nobody else asks for relu(x): the same number, as
  /// relu keeps the order, and the same gradient, on fewer numbers both ways. Before gradients are
  /// taken.
  public static let poolBeforeRelu = Pass(name: "pool before relu") { graph, outputs in
    let uses = graph.uses(outputs)
    for id in graph.needed(for: outputs) where graph[id].opName == "max_pool" {
      let relu = graph[id].inputs[0]
      guard graph[relu].opName == "relu", uses[relu] == 1 else { continue }
      let (pool, inputs) = (graph[id], graph[relu].inputs)
      graph.nodes[id].source = graph[relu].source
      graph.nodes[id].place = graph[relu].place
      graph.nodes[relu].source = pool.source
      graph.nodes[relu].place = pool.place
      graph.nodes[relu].shape = pool.shape
      graph.nodes[relu].inputs = inputs
    }
  }

  /// The sum over all places of what a max_pool gives back is the sum of what came to it: each number
  /// goes to one place. So the gradient of a bias before it needs no pass over the large image.
  public static let sumBeforePool = Pass(name: "sum before pool") { graph, outputs in
    for id in graph.needed(for: outputs) where graph[id].opName == "sum" {
      let pooled = graph[id].inputs[0]
      guard graph[pooled].opName == "max_pool_backward",
        graph[id].attributes.axes == [0, 1, 2], case .op(let op, let attributes) = graph[id].source
      else { continue }
      graph.replace(id, with: .op(op, attributes), inputs: [graph[pooled].inputs[1]])
    }
  }

  /// add(matmul(x, w), bias) → matmul(x, w, bias), and the same for a convolution.
  public static let fuseBias = Pass(name: "fuse bias") { graph, outputs in
    let uses = graph.uses(outputs)
    for id in graph.needed(for: outputs) where graph[id].opName == "add" {
      let (product, bias) = (graph[id].inputs[0], graph[id].inputs[1])
      guard case .op(let op, let attributes) = graph[product].source, op.takesBias,
        uses[product] == 1, graph[product].inputs.count == 2,
        graph[bias].shape.sizes == graph[id].shape.sizes.suffix(1)
      else { continue }
      graph.replace(id, with: .op(op, attributes), inputs: graph[product].inputs + [bias])
    }
  }

  /// relu(matmul(…)) → matmul(…, activation: relu), and so for the other activations, where nobody
  /// else asks for the value before.
  public static let fuseActivation = Pass(name: "fuse activation") { graph, outputs in
    let uses = graph.uses(outputs)
    for id in graph.needed(for: outputs) {
      guard let name = graph[id].opName, let activation = Activation(rawValue: name) else {
        continue
      }
      let product = graph[id].inputs[0]
      guard case .op(let op, var attributes) = graph[product].source, op.takesBias,
        uses[product] == 1, attributes.activation == .identity,
        op.name == "matmul" ? Planner.codes[name] != nil : activation == .relu
      else { continue }
      attributes.activation = activation
      graph.replace(id, with: .op(op, attributes), inputs: graph[product].inputs)
    }
  }
}

extension Op {
  /// Whether a bias may be added, and an activation applied, by the kernel itself.
  fileprivate var takesBias: Bool { name == "matmul" || name == "conv" }
}

extension Graph {
  /// How often each node is used by others or wanted as an output.
  func uses(_ outputs: [NodeID]) -> [Int] {
    var uses = [Int](repeating: 0, count: nodes.count)
    for id in needed(for: outputs) {
      for input in nodes[id].inputs { uses[input] += 1 }
    }
    for output in outputs { uses[output] += 1 }
    return uses
  }
}
