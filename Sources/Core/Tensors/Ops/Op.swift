/// One operation on tensors: everything there is to know of it, in one place.
///
/// The fast kernel runs in f32; the reference kernel is the plain f64 definition, against which the
/// fast one and the gradient are checked (Tests/TensorsTests/OpTableTests). A kernel that must be made
/// ready for its shapes stands in `prepare`. Tensors of f64, and of whole numbers, take the wide
/// kernel. An op without a kernel is computed by its reference.
///
/// A class, since graphs and tapes hold it once for each node: to pass one on counts one owner.
public final class Op: Sendable {
  /// Stable: "matmul".
  public let name: String
  /// The operator of ONNX (opset 17) that means the same, if there is one.
  public let onnx: String?
  /// How many tensors it takes.
  public let arity: ClosedRange<Int>
  /// The type of the result's elements.
  public let result: ResultType
  /// The result's shape, or a `CoreError` that teaches.
  public let shape: ShapeRule
  /// The inputs that have one type whatever the others have: ids are i32, conditions bool.
  public let fixed: [Int: DType]
  /// On f32 tensors (and those of a fixed type); nil where the reference is all there is.
  public let fast: FastKernel?
  /// The f32 kernel of an element-wise op, which may write over what it reads.
  let elementwise: ElementwiseKernel?
  /// Makes a kernel for fixed shapes, which plans keep; nil for ops whose kernels need no making.
  public let prepare: PrepareRule?
  /// A kernel on factors rounded to bfloat16, where there is one.
  package let halves: HalfKernel?
  /// On f64 tensors, its result too unless that is of bools or i32.
  public let wide: FastKernel?
  /// The definition, on doubles.
  public let reference: ReferenceKernel
  /// Gradients with respect to the inputs, as other ops in the same graph; nil for an input without
  /// one. Nil as a whole: the op cannot be differentiated.
  public let gradient: GradientRule?

  public typealias ShapeRule = @Sendable ([Shape], Attributes) throws -> Shape
  public typealias FastKernel = @Sendable ([Tensor], Attributes, Shape) throws -> Tensor
  public typealias PrepareRule = @Sendable ([Shape], Attributes, Shape) throws -> any PreparedKernel
  public typealias ReferenceKernel = @Sendable ([Plain], Attributes, Shape) -> [Double]
  public typealias GradientRule = @Sendable (inout Graph, Derivation) throws -> [NodeID?]

  package init(
    _ name: String, onnx: String? = nil, arity: ClosedRange<Int>, result: ResultType = .promoted,
    fixed: [Int: DType] = [:], shape: @escaping ShapeRule, fast: FastKernel? = nil,
    elementwise: ElementwiseKernel? = nil, prepare: PrepareRule? = nil,
    halves: HalfKernel? = nil, wide: FastKernel? = nil, reference: @escaping ReferenceKernel,
    gradient: GradientRule? = nil
  ) {
    self.name = name
    self.onnx = onnx
    self.arity = arity
    self.result = result
    self.fixed = fixed
    self.shape = shape
    self.fast = fast
    self.elementwise = elementwise
    self.prepare = prepare ?? elementwise?.prepare
    self.halves = halves
    self.wide = wide
    self.reference = reference
    self.gradient = gradient
  }

  /// The type of a result, from the types of the inputs.
  public enum ResultType: Sendable {
    /// The widest of the inputs: f64 over f32 over i32; u8 and bool count as i32.
    case promoted
    /// As `promoted`, but f32 where that is not a floating type.
    case floating
    /// The type of the first input, whatever it is: for ops that only move elements.
    case same
    case bool, i32
    /// These whatever the input is.
    case f32, f64
  }

  /// Every op, in the order of the files. The tests go through this list.
  public static let all: [Op] =
    arithmetic + comparisons + pointwise + conversions + mathematics + softmaxes + products
    + reductions
    + statistics + sorting + arrangements + selections + indexing + factorisations + losses
    + layerOps + draws + convolutions + pools + parts + normalizations + activations + recurrences
    + embeddings + attentions

  /// The op of a name.
  public static func named(_ name: String) -> Op? { all.first { $0.name == name } }
}

/// The single attributes that `Attributes` holds. Each op reads only its own.
public struct AttributeValues: Hashable, Sendable {
  /// Axes to reduce, or the order of axes of a transpose; nil means all, or reversed.
  public var axes: [Int]?
  /// Whether reduced axes stay, with size 1.
  public var keepsAxes = false
  /// The shape to reshape or broadcast to, or to pad to.
  public var shape: Shape?
  /// One slice an axis.
  public var slices: [Slice] = []
  /// Row positions to gather.
  public var positions: [Int] = []
  /// The part of a tensor that a selection takes.
  public var selection: Selection?
  /// Limits of a clamp, the share of a quantile, where Huber's loss becomes straight.
  public var low = 0.0
  public var high = 0.0
  /// How many: classes of a one-hot, degrees of freedom that a variance subtracts.
  public var count = 0
  /// Whether to sort downwards.
  public var descends = false
  /// Whether a matmul takes its left or right matrix transposed.
  public var transposesLeft = false
  public var transposesRight = false
  /// What a matmul applies to its result.
  public var activation = Activation.identity
  /// The share of elements a dropout clears.
  public var rate = 0.0
  /// The place of a dropout's random stream: the number of its layer.
  public var place = 0
  /// How images are changed at random.
  public var augmentation: Augmentation?
  /// How a convolution or pooling goes over its images.
  public var window: Window?
  /// What is added to a variance before its root is taken.
  public var epsilon = 0.0
  /// What a leaky relu multiplies numbers below 0 with.
  public var slope = 0.01
  /// Into how many parts attention cuts its width, and whether a step sees those after it.
  public var heads = 1
  public var isCausal = false
  /// Where a part starts in the packed result of an op, in elements; its shape is `shape`.
  public var offset = 0

  public init() {}
}

/// The positions `start`, `start + step`, … of one axis, `count` of them; the step may be negative.
public struct Slice: Hashable, Sendable {
  public var start: Int
  public var count: Int
  public var step: Int

  public init(start: Int, count: Int, step: Int = 1) {
    self.start = start
    self.count = count
    self.step = step
  }
}

/// How a convolution or pooling goes over images [n, height, width, channels].
public struct Window: Hashable, Sendable {
  /// Height and width of what a pooling looks at; a convolution takes them from its weights.
  public var size = [1, 1]
  public var stride = [1, 1]
  /// Zeros (for a maximum: nothing) above and left of the image, and below and right of it.
  public var before = [0, 0]
  public var after = [0, 0]
  /// The distance between two neighbours in the window.
  public var dilation = [1, 1]
  /// Channels are cut into that many groups, which do not see each other.
  public var groups = 1

  public init() {}

  /// The height and width of the result for an image and window size, which may be below 1.
  public func output(_ image: [Int], size: [Int]) -> [Int] {
    (0..<2).map { axis in
      let reach = (size[axis] - 1) * dilation[axis] + 1
      let room = image[axis] + before[axis] + after[axis] - reach
      return room < 0 ? 0 : room / stride[axis] + 1
    }
  }
}

/// The functions a layer can apply to its result.
public enum Activation: String, Sendable, Hashable, CaseIterable {
  case identity, relu, sigmoid, tanh, softmax, gelu, elu, selu, silu, softplus, mish
  /// With the slope 0.01.
  case leakyRelu = "leaky_relu"
  case hardSwish = "hard_swish"
}

/// A tensor as the reference kernels see it: a shape and plain doubles, row-major.
public struct Plain: Sendable {
  public let shape: Shape
  public let values: [Double]

  public init(_ shape: Shape, _ values: [Double]) {
    self.shape = shape
    self.values = values
  }
}

extension Op {
  /// Ops that layers make and no script, whose kernels take for granted what the layer has checked.
  package static let namesOfLayers = Set(
    (layerOps + recurrences + embeddings + attentions + normalizations + pools + parts)
      .map(\.name)
  ).subtracting(["layer_norm"])
}
