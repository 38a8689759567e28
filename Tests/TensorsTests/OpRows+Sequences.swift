import MaasTensors

/// Embeddings, masks of steps and attention.
let sequenceRows: [OpRow] =
  [
    OpRow(
      op: .embedding, shapes: [[[1], [5, 1]], [[3, 7], [5, 17]], [[0, 2], [5, 3]]],
      differentiates: [1], whole: [0: 5]),
    OpRow(
      op: .embeddingBackward, shapes: [[[3, 7], [3, 7, 17]]], attributes: [.shape([5, 17])],
      differentiates: [1], whole: [0: 5]),
    OpRow(op: .stepMask, shapes: [[[5, 7]], [[3, 5, 2]]], whole: [0: 2]),
  ]
  + [(1, 1, 1, 1), (3, 5, 6, 2), (2, 17, 13, 13), (1, 33, 20, 4)].flatMap {
    (rows: Int, steps: Int, width: Int, heads: Int) in
    [false, true].flatMap { causal in
      var attributes = Attributes()
      (attributes.heads, attributes.isCausal) = (heads, causal)
      let x: Shape = [rows, steps, 3 * width]
      let result: Shape = [rows, steps, width]
      let shares = rows * heads * steps * steps
      let packed = (result.count + 15) / 16 * 16 + (shares + 15) / 16 * 16
      return [
        OpRow(
          op: .attention, shapes: [[x], [x, [rows, steps]]], attributes: [attributes],
          differentiates: [0], whole: [1: 2], part: { _ in (0, result) }),
        OpRow(
          op: .attentionBackward, shapes: [[x, [packed], result]], attributes: [attributes]),
      ]
    }
  }
