import MaasKernels
import MaasNetworks
import MaasTensors

/// The second half of a step: what gradients do to the weights.
///
/// Each pass goes over parts that depend on the parameters alone, and what is added up over parts is
/// added in their order, by one thread: no bit depends on the number of workers.
extension Trainer {
  /// What is done to each part before the next is begun.
  private enum Pass {
    /// Gradients of the batch, added up into the sum of several batches.
    case collect(isFirst: Bool)
    /// The squares of gradients, for their length.
    case measure
    /// The optimizer, on gradients not yet added up, or already.
    case change, changeGathered
    /// The second half of an optimizer that takes lengths.
    case finish
  }

  /// Adds the gradients of a batch to those of the batches before, where an update takes several.
  func collect(isFirst: Bool) throws {
    guard memory.sum != nil else { return }
    try run(.collect(isFirst: isFirst))
    followStatistics()
  }

  /// Lets the optimizer change the weights by the gradients of the batch, or those collected.
  /// - Parameter number: counts all updates of the run from 1.
  func update(number: Int, rate: Double) throws {
    current.update = UpdateStep(number: number, rate: rate)
    current.factor = 1
    if updates.clipNorm == nil {
      try run(.change)
    } else {
      try run(.measure)
      current.factor = updates.clipFactor
      try run(.changeGathered)
    }
    if optimizer.kind.takesLengths {
      updates.findRatios()
      try run(.finish)
    }
    if memory.sum == nil { followStatistics() }
  }

  // MARK: Parts

  private func run(_ pass: Pass) throws {
    let count = updates.parts.count
    if let team, count >= 2 * team.threads {
      try team.run(items: count, inTurn: false) { _, index in
        perform(pass, updates.parts[index])
      }
    } else {
      for index in 0..<count { perform(pass, updates.parts[index]) }
    }
  }

  private func perform(_ pass: Pass, _ part: UpdateParts.Part) {
    switch pass {
    case .collect(let isFirst):
      let (sum, gradients) = (gathered(part), addShards(part))
      if isFirst {
        sum.update(from: gradients, count: part.count)
      } else {
        maas_binary(maas_add, sum, gradients, sum, part.count)
      }
    case .measure:
      let gradients = gradients(of: part)
      updates.norms[part.index] = maas_dot(gradients, gradients, part.count)
    case .change: change(part, gradients(of: part))
    case .changeGathered: change(part, gathered(part))
    case .finish:
      let size = Float(-current.update.rate * Double(updates.ratios[part.parameter]))
      maas_axpy(size, gathered(part), parameters.base + part.start, part.count)
      settle(part)
    }
  }

  /// Where the gradients of a part lie once they were added up.
  private func gathered(_ part: UpdateParts.Part) -> UnsafeMutablePointer<Float> {
    (memory.sum ?? gradients).base + part.start
  }

  /// Adds the shards' gradients along a fixed tree.
  private func addShards(_ part: UpdateParts.Part) -> UnsafeMutablePointer<Float> {
    let sum = gradients.base + part.start
    if current.shards.count < 2 { return sum }
    withUnsafeTemporaryAllocation(
      of: UnsafePointer<Float>?.self, capacity: current.shards.count
    ) { arrays in
      for shard in arrays.indices {
        arrays.initializeElement(
          at: shard, to: UnsafePointer(sum + shard * layout.gradientCount))
      }
      maas_sum_arrays(sum, arrays.baseAddress, arrays.count, part.count)
    }
    return sum
  }

  /// The gradients of a part for the update, each within the limit.
  private func gradients(of part: UpdateParts.Part) -> UnsafeMutablePointer<Float> {
    let sum = memory.sum.map { $0.base + part.start } ?? addShards(part)
    if let limit = updates.clipValue { maas_clamp(sum, -limit, limit, sum, part.count) }
    return sum
  }

  private func change(_ part: UpdateParts.Part, _ gradients: UnsafeMutablePointer<Float>) {
    let weights = parameters.base + part.start
    if current.factor != 1 {
      maas_binary_scalar(maas_mul, gradients, current.factor, gradients, part.count)
    }
    if part.l2 != 0 || part.l1 != 0 || part.decay != 0 {
      let keep = Float(1 - current.update.rate * part.decay)
      maas_shrink(weights, gradients, keep, part.l2, part.l1, part.count)
    }
    optimizer.kind.update(
      optimizer, current.update,
      UpdatePart(
        parameters: weights, gradients: gradients, first: memory.first(at: part.start),
        second: memory.second(at: part.start), squares: updates.squares + 2 * part.index,
        count: part.count))
    if !optimizer.kind.takesLengths { settle(part) }
  }

  /// What follows an update of weights, while they are in the nearest cache: they are rounded to
  /// bfloat16, and their average moves; the first update sets it.
  private func settle(_ part: UpdateParts.Part) {
    round(part.start, part.count)
    guard let average = memory.average, let keep = updates.keep else { return }
    let share = current.update.number == 1 ? 1 : Float(1 - keep)
    maas_approach(
      average.base + part.start, parameters.base + part.start, share, part.count)
  }

  /// Moves running statistics towards those of the whole batch.
  private func followStatistics() {
    if layout.gradientCount == layout.trainableCount { return }
    let parts = current.shards.indices.map { index in
      ShardStatistics(
        rows: current.shards[index].rows,
        values: UnsafePointer(gradients.base + index * layout.gradientCount))
    }
    layout.follow(parts, in: parameters.base)
  }
}
