import MaasTensors

let lossRows: [OpRow] =
  [Op.absoluteError, .huber, .logCosh, .poisson, .quantileLoss].map { op in
    OpRow(
      op: op, shapes: [[[1], [1]], [[17, 3], [17, 3]], [[7], [7]], [[131], [131]]],
      attributes: [limited(0.7), limited(0.2)],
      differentiates: op.name == "poisson" ? [0] : [0, 1])
  }
  + [
    Op.absoluteErrorBackward, .huberBackward, .logCoshBackward, .poissonBackward,
    .quantileLossBackward,
  ].map { op in
    OpRow(
      op: op, shapes: [[[17, 3], [17, 3], []]], attributes: [limited(0.7)],
      differentiates: [0, 2])
  }

private func limited(_ number: Double) -> Attributes {
  var attributes = Attributes()
  attributes.high = number
  return attributes
}
