/// One prepared kernel call: which kernel, where its operands lie, how large they are. A plain word
/// of memory, so that running a plan touches no reference count.
package struct Step {
  package enum Code: UInt8 {
    case gatherRows, gatherBytes, gatherNumbers, gatherIds
    /// A product, and one of small matrices with what follows it.
    case multiply, multiplySmall
    case addBias, add, scale, standardize, dropout
    /// As one of the plan's augmentations says: that of number `kernel`.
    case augment
    case relu, sigmoid, tanh, gelu, softmax
    case reluBackward, sigmoidBackward, tanhBackward, geluBackward, softmaxBackward
    case sumColumns
    case squaredError, crossEntropy, binaryCrossEntropy
    /// A loss of single numbers; `layer` is which one.
    case distance
    /// The share of the batch that one term of a loss is, as a number of the graph.
    case seed
    /// The terms of a loss, added up.
    case addTerms
    case countRight
    case copy
    /// Rounded to bfloat16, whose elements take half the room.
    case halve
    /// Random numbers of [0, 1), or of the normal distribution.
    case drawUniform, drawNormal
    /// A prepared kernel of the workspace, on operands of the plan.
    case kernel
  }

  /// Which of the memories of a run.
  package enum Space: UInt8 {
    case arena, parameters, gradients
    /// The parameters rounded to bfloat16.
    case halves
  }

  package struct Place: Equatable {
    package var space = Space.arena
    /// In floats; of halves in halves.
    package var offset = 0
  }

  package var code: Code
  package var aTransposed = false
  package var bTransposed = false
  /// What follows a product of small matrices: a bias at `c`, relu.
  package var hasBias = false
  package var hasRelu = false
  /// Whether the step writes `y`; a loss without a gradient does not.
  package var hasResult = true
  /// Whether what it writes is floats.
  package var isFloat = true
  package var a = Place()
  package var b = Place()
  package var c = Place()
  package var y = Place()
  /// The result is [rows, columns]; `inner` is the common size of a product.
  package var rows = 0
  package var inner = 0
  package var columns = 0
  package var number: Float = 0
  package var layer = 0
  /// Of labels, losses and what is counted: which of the plan's losses.
  package var loss = 0
  /// Of a kernel: which one, and where the places of its operands stand in the plan.
  package var kernel = 0
  package var operands = 0
  package var operandCount = 0

  package init(_ code: Code) { self.code = code }
}
