import MaasKernels
import MaasNetworks
import MaasTensors

/// What a trainer is given before and between steps.
extension Trainer {
  /// Takes over the weights to start from.
  func load(_ parameters: Parameters) throws {
    try layout.pack(parameters).withFloats { flat in
      guard let source = flat.baseAddress else { return }
      self.parameters.base.update(from: source, count: flat.count)
      // Until the first update, the average is what there is.
      memory.average?.base.update(from: source, count: layout.trainableCount)
    }
    round(0, layout.count)
  }

  var roundedParameters: UnsafeMutablePointer<UInt16>? {
    halves.map { UnsafeMutableRawPointer($0.base).assumingMemoryBound(to: UInt16.self) }
  }

  /// Rounds parameters to bfloat16, where plans read them so.
  func round(_ start: Int, _ count: Int) {
    guard let roundedParameters else { return }
    maas_to_halves(parameters.base + start, roundedParameters + start, count)
  }

  /// What the losses of a result over the rows of some steps are divided by for their mean.
  func amount(_ index: Int, _ steps: Range<Int>) -> Double {
    let start = epochLayout.range(step: steps.lowerBound).lowerBound
    let end = epochLayout.range(step: steps.upperBound - 1).upperBound
    let rows = UnsafeBufferPointer(start: order + start, count: end - start)
    return measures[index].amount(data.labels[index], rows: rows)
  }

  /// The weights that a model gets: the average, where there is one.
  var result: Floats {
    guard let average = memory.average else { return parameters }
    blend.base.update(from: parameters.base, count: layout.count)
    blend.base.update(from: average.base, count: layout.trainableCount)
    return blend
  }

  /// The rows of an epoch, in the order they are trained on.
  /// - Throws: `out-of-range` for a row that does not exist, `bad-setting` for a wrong number of them.
  func setOrder(epoch: Int, _ settings: FitSettings) throws {
    let rows = data.rows
    if let given = settings.order?(epoch) {
      guard given.count == rows else {
        throw CoreError("bad-setting", "an order of \(given.count) rows for data of \(rows)")
      }
      for (place, row) in given.enumerated() {
        guard (0..<rows).contains(row) else {
          throw CoreError("out-of-range", "row \(row) does not exist among \(rows) rows")
        }
        order[place] = Int32(row)
      }
      return
    }
    for row in 0..<rows { order[row] = Int32(row) }
    if !settings.shuffle { return }
    var stream = RandomStream(seed: settings.seed, place: .shuffle, index: UInt64(epoch))
    var last = rows - 1
    while last > 0 {
      let other = stream.integer(below: last + 1)
      (order[last], order[other]) = (order[other], order[last])
      last -= 1
    }
  }
}

extension PreparedData {
  var featuresBase: UnsafeRawPointer { features.base }
}

extension Tensor {
  /// Where its elements are, as long as it lives.
  var base: UnsafeRawPointer { UnsafeRawPointer(storage.bytes) }
}
