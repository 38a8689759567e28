import MaasTensors

/// A rewriting of a graph that keeps what it computes. Nodes keep their ids; what is no longer
/// needed is left behind and never planned.
public struct Pass: Sendable {
  public let name: String
  /// - Parameter outputs: nodes whose values are wanted as they are.
  public let run: @Sendable (inout Graph, _ outputs: [NodeID]) throws -> Void

  /// The passes before every plan, in order.
  public static let all = [fuseBias, fuseActivation]

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
