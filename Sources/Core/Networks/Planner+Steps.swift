import MaasKernels
import MaasTensors

/// The table from ops to steps.
extension Planner {
  mutating func add(_ op: Op, _ attributes: Attributes, _ id: NodeID) {
    let node = graph[id]
    if node.inputs.isEmpty { return addDraw(op, attributes, id) }
    var step = Step(.add)
    step.columns = node.shape.sizes.last ?? 1
    step.rows = node.shape.count / max(1, step.columns)
    let factor = op.name == "mul" ? factor(of: id) : nil
    step.a = operand(node.inputs[0])
    if node.inputs.count > 1, factor == nil { step.b = operand(node.inputs[1]) }
    if node.inputs.count > 2 { step.c = operand(node.inputs[2]) }
    let isPlain = ([id] + node.inputs).allSatisfy { graph[$0].dtype == .f32 }
    if let kind = Planner.losses[op.name], let loss = loss(of: id) {
      step.loss = loss
      return addLoss(step, kind, id)
    }
    guard isPlain else { return addKernel(op, attributes, id) }
    let isHalved = takesHalves(op, attributes, id)
    switch op.name {
    case "matmul" where node.shape.rank == 2: return addProduct(step, attributes, id, isHalved)
    case _ where isHalved: return addKernel(op, attributes, id, halves: true)
    case "dropout":
      step.code = .dropout
      step.rows = request.rows
      step.columns = node.shape.count / max(1, request.rows)
      step.number = Float(attributes.rate)
      step.layer = attributes.place
      placeOver(id, node.inputs)
    case "augment":
      step.code = .augment
      step.rows = request.rows
      step.columns = node.shape.count / max(1, request.rows)
      step.layer = attributes.place
      step.kernel = augmentations.count
      augmentations.append(attributes.augmentation ?? Augmentation())
      place(id)
    case "max_pool_backward":
      let (image, slopes) = (node.inputs[0], node.inputs[1])
      if Op.poolsOver(node.shape, attributes, graph[slopes].shape) { placeOver(id, [image]) }
      return addKernel(op, attributes, id)
    case "sum" where sumsRows(node, attributes):
      step.code = .sumColumns
      step.rows = graph[node.inputs[0]].shape.count / max(1, step.columns)
      place(id)
    case "mul":
      guard let factor else { return addKernel(op, attributes, id) }
      step.code = .scale
      step.number = factor
      placeOver(id, [node.inputs[0]])
    default:
      guard let code = Planner.codes[op.name], op.name != "add" || sameShapes(id) else {
        return addKernel(op, attributes, id)
      }
      step.code = code
      placeOver(id, op.name.hasSuffix("_backward") ? node.inputs.reversed() : node.inputs)
    }
    append(step, result: id)
  }

  /// A row's numbers are those of its sample; what is no block of rows takes those of the first.
  private mutating func addDraw(_ op: Op, _ attributes: Attributes, _ id: NodeID) {
    var step = Step(op === Op.normalDraw ? .drawNormal : .drawUniform)
    let shape = graph[id].shape
    step.rows = shape.rank > 0 && shape[0] == request.rows ? request.rows : 1
    step.columns = shape.count / max(1, step.rows)
    step.layer = attributes.place
    place(id)
    append(step, result: id)
  }

  static let codes: [String: Step.Code] = [
    "add": .add, "standardize": .standardize, "relu": .relu,
    "sigmoid": .sigmoid, "tanh": .tanh, "gelu": .gelu, "softmax": .softmax,
    "relu_backward": .reluBackward, "sigmoid_backward": .sigmoidBackward,
    "tanh_backward": .tanhBackward, "gelu_backward": .geluBackward,
    "softmax_backward": .softmaxBackward,
  ]

  /// Whether a sum goes over all axes but the last.
  private func sumsRows(_ node: Graph.Node, _ attributes: Attributes) -> Bool {
    let x = graph[node.inputs[0]].shape
    return x.rank > 1 && attributes.axes == Array(0..<x.rank - 1) && node.shape.count > 0
      && node.shape.count == x.sizes.last
  }

  private func sameShapes(_ id: NodeID) -> Bool {
    graph[id].inputs.allSatisfy { graph[$0].shape == graph[id].shape }
  }

  /// Whether an op multiplies what was rounded to bfloat16.
  private func takesHalves(_ op: Op, _ attributes: Attributes, _ id: NodeID) -> Bool {
    guard request.precision == .bf16, let kernel = op.halves else { return false }
    return kernel.suits(graph[id].inputs.map { graph[$0].shape }, attributes, graph[id].shape)
  }

  /// A product; bias and activation follow in place, while the result is in the nearest cache, or
  /// before it leaves the registers.
  private mutating func addProduct(
    _ product: Step, _ attributes: Attributes, _ id: NodeID, _ isHalved: Bool
  ) {
    var step = product
    let inputs = graph[id].inputs
    step.code = .multiply
    step.aTransposed = attributes.transposesLeft
    step.bTransposed = attributes.transposesRight
    step.inner = graph[inputs[0]].shape[attributes.transposesLeft ? 0 : 1]
    if isHalved {
      addKernel(.matmul, attributes, id, inputs: Array(inputs.prefix(2)), halves: true)
    } else {
      place(id)
      if maas_product_suits(step.rows, step.inner, step.columns) {
        step.code = .multiplySmall
        step.hasBias = inputs.count == 3
        step.hasRelu = attributes.activation == .relu
      }
      append(step, result: id)
    }
    let whole = operand(id)
    if inputs.count == 3, !step.hasBias {
      var bias = step
      bias.code = .addBias
      bias.a = whole
      bias.b = operand(inputs[2])
      append(bias, result: id)
    }
    if let code = Planner.codes[attributes.activation.rawValue], !step.hasRelu {
      var activation = step
      activation.code = code
      activation.a = whole
      append(activation, result: id)
    }
  }
}
