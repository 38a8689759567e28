import MaasKernels

/// Whole numbers as rows of a table, and which steps of a sequence are padding.
extension Op {
  static let embeddings: [Op] = [embedding, embeddingBackward, stepMask]

  /// (ids [...], table [v, d]) → [..., d]: the row of the table that each id names. Ids are whole
  /// numbers from 0 to below v; the gradient goes to the table alone.
  public static let embedding: Op = Op(
    "embedding", onnx: "Gather", arity: 2...2, result: .floating,
    shape: { inputs, _ in
      guard inputs[1].rank == 2 else {
        throw CoreError(
          "shape-mismatch", "embedding takes a table [ids, width], and here is \(inputs[1])")
      }
      return try Shape(checking: inputs[0].sizes + [inputs[1][1]])
    },
    prepare: { inputs, _, _ in EmbeddingKernel(ids: inputs[0], table: inputs[1]) },
    reference: { inputs, _, shape in
      let width = inputs[1].shape[1]
      return inputs[0].values.flatMap { id in
        (0..<width).map { inputs[1].values[Int(id) * width + $0] }
      }
    },
    gradient: { graph, d in
      let table = Attributes.shape(graph[d.inputs[1]].shape)
      return [nil, try graph.apply(.embeddingBackward, d.inputs[0], d.dy, attributes: table)]
    })

  /// (ids [...], dy [..., d]) → zeros of `Attributes.shape`, the table's, with each dy added to the
  /// row of its id.
  public static let embeddingBackward: Op = Op(
    "embedding_backward", arity: 2...2, result: .floating,
    shape: { inputs, attributes in
      let table = attributes.shape ?? []
      guard table.rank == 2, inputs[1].sizes == inputs[0].sizes + [table[1]] else {
        throw CoreError("shape-mismatch", "\(inputs[1]) are no slopes of a table of \(table)")
      }
      return table
    },
    prepare: { inputs, _, shape in
      let (count, entries, width) = (inputs[0].count, shape[0], shape[1])
      return FunctionKernel { x, dtable in
        dtable.update(repeating: 0, count: shape.count)
        // An id that is none is an error of the way forward.
        for index in 0..<count where isID(x[0][index], below: entries) {
          let row = dtable + Int(x[0][index]) * width
          maas_axpy(1, x[1] + index * width, row, width)
        }
      }
    },
    reference: { inputs, _, shape in
      var table = [Double](repeating: 0, count: shape.count)
      for (index, slope) in inputs[1].values.enumerated() {
        table[Int(inputs[0].values[index / shape[1]]) * shape[1] + index % shape[1]] += slope
      }
      return table
    },
    gradient: { graph, d in
      [nil, try graph.apply(.embedding, d.inputs[0], d.dy)]
    })

  /// Whether a number is the place of a row in a table of so many.
  @inline(__always)
  package static func isID(_ number: Float, below entries: Int) -> Bool {
    number >= 0 && number < Float(entries) && number == number.rounded(.down)
  }

  /// x [n, t] or [n, t, c] → [n, t]: 0 where a step is padding, all its numbers `Attributes.low`,
  /// else 1.
  public static let stepMask: Op = function(
    "step_mask", arity: 1...1,
    shape: { inputs, _ in
      guard (2...3).contains(inputs[0].rank) else {
        throw CoreError(
          "shape-mismatch", "a mask is that of rows [steps, features], not of \(inputs[0])")
      }
      return [inputs[0][0], inputs[0][1]]
    },
    kernel: { inputs, attributes, shape in
      let width = inputs[0].rank == 3 ? inputs[0][2] : 1
      let padding = Float(attributes.low)
      return { x, y in
        for step in 0..<shape.count {
          let numbers = UnsafeBufferPointer(start: x[0] + step * width, count: width)
          y[step] = numbers.allSatisfy { $0 == padding } ? 0 : 1
        }
      }
    },
    reference: { inputs, attributes, shape in
      let width = inputs[0].shape.rank == 3 ? inputs[0].shape[2] : 1
      return (0..<shape.count).map { step in
        inputs[0].values[step * width..<(step + 1) * width]
          .allSatisfy { $0 == attributes.low } ? 0 : 1
      }
    },
    // It jumps, and is flat between the jumps.
    gradient: { _, _ in [nil] })
}

/// Rows of a table by ids that are checked.
///
/// Invariant: see `PreparedKernel`; an id that is read is a place of the table.
private final class EmbeddingKernel: PreparedKernel {
  private let rows: Int
  private let steps: Int
  private let entries: Int
  private let width: Int

  init(ids: Shape, table: Shape) {
    rows = ids.rank == 0 ? 1 : ids[0]
    steps = ids.count / max(1, rows)
    (entries, width) = (table[0], table[1])
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    let ids = inputs[0].assumingMemoryBound(to: Float.self)
    let table = inputs[1].assumingMemoryBound(to: Float.self)
    let y = output.assumingMemoryBound(to: Float.self)
    for index in 0..<rows * steps {
      let id = ids[index]
      guard Op.isID(id, below: entries) else {
        throw .badID(id, row: index / steps, place: index % steps, entries: entries)
      }
      (y + index * width).update(from: table + Int(id) * width, count: width)
    }
  }
}

extension CoreError {
  /// An id that names nothing.
  package static func badID(_ id: Float, row: Int, place: Int, entries: Int) -> CoreError {
    let name = Int(exactly: id).map { String($0) } ?? (id.isNaN ? "nan" : "\(id)")
    var error = CoreError(
      "bad-id",
      "row \(row) has the id \(name) at place \(place), and an embedding of \(entries) knows the "
        + "whole numbers from 0 to \(entries - 1)",
      help: id >= Float(entries) && Int(exactly: id) != nil
        ? "give it as many as there are: embedding(\(name.count < 9 ? Int(id) + 1 : entries), …)"
        : "number what there is from 0 on")
    error.row = row
    return error
  }
}
