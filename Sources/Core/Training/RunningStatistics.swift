import MaasNetworks

/// What one shard found for the statistics of its rows, laid out as gradients are.
struct ShardStatistics {
  let rows: Int
  let values: UnsafePointer<Float>
}

extension ParameterLayout {
  /// Moves each running mean and variance by its momentum towards those of the whole batch: the mean,
  /// and the variance over n - 1, combined exactly from those of the shards (Chan, Golub and LeVeque
  /// 1979), in double precision and in the order of the shards.
  func follow(_ shards: [ShardStatistics], in parameters: UnsafeMutablePointer<Float>) {
    for (spec, offset) in zip(specs, offsets) where spec.isFollowed {
      guard case .statistics(let momentum, let positions) = spec.kind else { continue }
      let columns = spec.shape.count / 2
      let rows = shards.reduce(0) { $0 + $1.rows }
      let total = Double(rows * positions)
      for column in 0..<columns {
        var mean = 0.0
        for shard in shards {
          mean += Double(shard.values[offset + column]) * Double(shard.rows) / Double(rows)
        }
        var variance = 0.0
        for shard in shards {
          let apart = Double(shard.values[offset + column]) - mean
          let own = Double(shard.values[offset + columns + column])
          variance += (own + apart * apart) * Double(shard.rows) / Double(rows)
        }
        let unbiased = total > 1 ? variance * total / (total - 1) : variance
        move(parameters + offset + column, towards: mean, by: momentum)
        move(parameters + offset + columns + column, towards: unbiased, by: momentum)
      }
    }
  }

  private func move(
    _ value: UnsafeMutablePointer<Float>, towards target: Double, by momentum: Double
  ) {
    value.pointee = Float((1 - momentum) * Double(value.pointee) + momentum * target)
  }
}
