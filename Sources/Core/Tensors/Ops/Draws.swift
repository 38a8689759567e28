import MaasKernels

/// Random numbers inside a graph, made anew in each step.
extension Op {
  static let draws: [Op] = [uniformDraw, normalDraw]

  /// Uniform in [0, 1), of `Attributes.shape`.
  public static let uniformDraw: Op = draw("random_uniform") { stream, start, y, count in
    maas_random_uniform(stream, start, 0, 1, y, count)
  }

  /// Normal with mean 0 and deviation 1, of `Attributes.shape`.
  public static let normalDraw: Op = draw("random_normal") { stream, start, y, count in
    maas_random_normal(stream, start, 0, 1, y, count)
  }

  private typealias Fill =
    @Sendable (maas_random, UInt64, UnsafeMutablePointer<Float>?, Int) -> Void

  /// What is drawn depends on the seed and epoch of the run, the layer's number (`Attributes.place`),
  /// the sample and the column. Run eagerly: seed 0, epoch 0, samples 0, 1, ….
  private static func draw(_ name: String, _ fill: @escaping Fill) -> Op {
    Op(
      name, onnx: nil, arity: 0...0, result: .floating,
      shape: { _, attributes in attributes.shape ?? [] },
      fast: { _, attributes, shape in
        try written(shape) { fill(stream(0, attributes.place, 0), 0, $0, shape.count) }
      },
      reference: { _, attributes, shape in
        var values = [Float](repeating: 0, count: shape.count)
        fill(stream(0, attributes.place, 0), 0, &values, shape.count)
        return values.map { Double($0) }
      })
  }

  /// The random stream of one draw in one epoch. Draws of a layer follow its dropout, which has none.
  private static func stream(_ seed: UInt64, _ place: Int, _ epoch: Int) -> maas_random {
    let (layer, draw) = (UInt64(place & 0xFF_FFFF), UInt64(place >> 24))
    return maas_random_make(
      seed, RandomStream.Place.draw.rawValue, layer << 40 | draw << 24 | UInt64(epoch))
  }

  /// Fills rows of a plan: each row's numbers are those of its sample.
  /// - Parameter samples: one a row; nil: 0, 1, ….
  package static func fill(
    isNormal: Bool, seed: UInt64, place: Int, epoch: Int, samples: UnsafePointer<Int32>?,
    _ y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    let stream = stream(seed, place, epoch)
    // Normal numbers are made in pairs.
    let stride = (columns + 1) / 2 * 2
    for row in 0..<rows {
      let start = UInt64(samples.map { Int($0[row]) } ?? row) * UInt64(stride)
      if isNormal {
        maas_random_normal(stream, start, 0, 1, y + row * columns, columns)
      } else {
        maas_random_uniform(stream, start, 0, 1, y + row * columns, columns)
      }
    }
  }
}
