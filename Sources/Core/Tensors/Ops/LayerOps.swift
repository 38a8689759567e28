import MaasKernels

/// Ops that only layers use.
extension Op {
  static let layerOps: [Op] = [standardize, dropout, augment]

  /// (x [n, k], shift [k], factor [k]): (x - shift) factor.
  public static let standardize: Op = Op(
    "standardize", arity: 3...3, result: .floating,
    shape: { inputs, _ in
      let columns = inputs[0].rowWidth
      guard inputs[0].rank > 0, inputs[1].count == columns, inputs[2].count == columns else {
        throw CoreError(
          "shape-mismatch",
          "standardize learned \(inputs[1].count) columns, and here is a tensor of shape "
            + "\(inputs[0])")
      }
      return inputs[0]
    },
    fast: { inputs, _, shape in
      try mappedRows(inputs[0], shape) { x, y, rows, columns in
        inputs[1].withFloats { shift in
          inputs[2].withFloats { factor in
            maas_standardize(
              x, shift.baseAddress, factor.baseAddress, y, rows, columns)
          }
        }
      }
    },
    reference: { inputs, _, shape in
      inputs[0].values.enumerated().map { index, x in
        let column = index % shape.rowWidth
        return (x - inputs[1].values[column]) * inputs[2].values[column]
      }
    },
    gradient: { graph, d in [try graph.apply(.mul, d.dy, d.inputs[2]), nil, nil] })

  /// Clears a share `rate` of the elements and scales the rest by 1 / (1 - rate) (Srivastava et
  /// al. 2014). What is cleared depends on the seed and epoch of the run, the layer's number
  /// (`Attributes.place`), the sample and the column. Run eagerly: seed 0, epoch 0, samples 0, 1, ….
  public static let dropout: Op = Op(
    "dropout", onnx: "Dropout", arity: 1...1, result: .floating,
    shape: { inputs, _ in inputs[0] },
    fast: { inputs, attributes, shape in
      let stream = dropoutStream(seed: 0, layer: attributes.place, epoch: 0)
      return try mappedRows(inputs[0], shape) { x, y, rows, columns in
        maas_dropout(stream, nil, Float(attributes.rate), x, y, rows, columns)
      }
    },
    reference: { inputs, attributes, shape in
      let ones = [Float](repeating: 1, count: shape.count)
      var mask = ones
      maas_dropout(
        dropoutStream(seed: 0, layer: attributes.place, epoch: 0), nil, Float(attributes.rate),
        ones, &mask, shape.rowCount, shape.rowWidth)
      return zip(inputs[0].values, mask).map { $1 == 0 ? 0 : $0 / (1 - attributes.rate) }
    },
    gradient: { graph, d in [try graph.apply(.dropout, d.dy, attributes: d.attributes)] })

  /// The random stream of one dropout layer in one epoch.
  package static func dropoutStream(seed: UInt64, layer: Int, epoch: Int) -> maas_random {
    maas_random_make(seed, RandomStream.Place.dropout.rawValue, UInt64(layer) << 40 | UInt64(epoch))
  }
}
