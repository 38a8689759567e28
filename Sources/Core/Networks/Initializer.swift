import MaasKernels
import MaasTensors

/// How a weight starts.
package enum Initializer: Sendable, Hashable {
  /// Drawn as the layer says, from the numbers that go into an output and come out of an input; unless
  /// it says otherwise Glorot and Bengio 2010, uniform.
  case glorot(inputs: Int, outputs: Int)
  case drawn(Scheme, inputs: Int, outputs: Int)
  /// Of the state of a recurrent layer: as drawn, and unless the layer says otherwise uniform in
  /// ±1 / √units, as in PyTorch.
  case recurrent(units: Int)
  case constant(Double)
  /// As somebody said.
  case given([Float])

  /// The ways of drawing weights, as scripts call them.
  package enum Scheme: String, Sendable, Hashable, CaseIterable {
    /// Uniform, variance 2 / (inputs + outputs).
    case glorot
    /// Uniform, variance 2 / inputs (He et al. 2015): for relu.
    case he
    /// Uniform, variance 1 / inputs (LeCun et al. 1998): for selu.
    case lecun
    /// Normal, deviation 0.05.
    case normal
    /// Uniform in ±0.05.
    case uniform
    case zeros
    /// Rows, or columns, that are orthonormal (Saxe et al. 2014).
    case orthogonal
  }

  var isConstant: Bool { if case .constant = self { true } else { false } }

  /// The same by another scheme.
  func drawn(by scheme: Scheme) -> Initializer {
    switch self {
    case .glorot(let inputs, let outputs), .drawn(_, let inputs, let outputs):
      scheme == .glorot
        ? .glorot(inputs: inputs, outputs: outputs)
        : .drawn(scheme, inputs: inputs, outputs: outputs)
    case .recurrent(let units):
      scheme == .glorot ? self : .drawn(scheme, inputs: units, outputs: units)
    case .constant, .given: self
    }
  }

  /// - Throws: `too-large`; what an orthogonal matrix throws where there is no LAPACK.
  func tensor(_ shape: Shape, _ stream: RandomStream) throws -> Tensor {
    switch self {
    case .constant(let value): try Tensor(repeating: value, shape: shape)
    case .given(let values): Tensor(values, shape: shape)
    case .glorot(let inputs, let outputs):
      try uniform(shape, stream, square: 6 / Double(inputs + outputs))
    case .recurrent(let units): try uniform(shape, stream, square: 1 / Double(units))
    case .drawn(let scheme, let inputs, let outputs):
      switch scheme {
      case .glorot: try uniform(shape, stream, square: 6 / Double(inputs + outputs))
      case .he: try uniform(shape, stream, square: 6 / Double(inputs))
      case .lecun: try uniform(shape, stream, square: 3 / Double(inputs))
      case .normal: normal(shape, stream, deviation: 0.05)
      case .uniform: try uniform(shape, stream, limit: 0.05)
      case .zeros: try Tensor(zeros: shape)
      case .orthogonal: try orthogonal(shape, stream)
      }
    }
  }

  /// Uniform between ± the root of `square`, which is three times the variance.
  private func uniform(_ shape: Shape, _ stream: RandomStream, square: Double) throws -> Tensor {
    try uniform(shape, stream, limit: Float(square.squareRoot()))
  }

  private func uniform(_ shape: Shape, _ stream: RandomStream, limit: Float) throws -> Tensor {
    var tensor = try Tensor(zeros: shape)
    tensor.withMutableFloats {
      maas_random_uniform(stream.kernel, 0, -limit, limit, $0.baseAddress, $0.count)
    }
    return tensor
  }

  private func normal(_ shape: Shape, _ stream: RandomStream, deviation: Double) -> Tensor {
    var stream = stream
    return Tensor((0..<shape.count).map { _ in Float(deviation * stream.normal()) }, shape: shape)
  }

  /// All axes but the last as rows; Q of a matrix of normal numbers, taller than wide.
  private func orthogonal(_ shape: Shape, _ stream: RandomStream) throws -> Tensor {
    let columns = shape.sizes.last ?? 1
    let rows = shape.count / max(1, columns)
    let (tall, wide) = (max(rows, columns), min(rows, columns))
    var eager = Eager()
    let q = try eager.orthogonalFactors(normal([tall, wide], stream, deviation: 1)).q
    let matrix = rows < columns ? try Op.transpose(q) : q
    return try matrix.reshaped(to: shape)
  }
}
