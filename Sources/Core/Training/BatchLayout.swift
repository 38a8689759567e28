/// One shard of a batch: which rows of the batch, by which plan.
struct Shard: BitwiseCopyable {
  /// The first row, counted in the batch.
  var start: Int
  var rows: Int
  /// The place of its plan among the plans of the run.
  var plan: Int
}

/// How an epoch is cut into batches and these into shards. Only two kinds of batch occur: the full
/// one and a shorter last one.
struct EpochLayout {
  let rows: Int
  let batch: Int
  /// The shards of a full batch, and of the last one if it is shorter.
  let full: [Shard]
  let last: [Shard]
  /// The rows each plan is made for.
  let planRows: [Int]

  init(rows: Int, batch: Int, rule: ShardRule) {
    self.rows = rows
    self.batch = min(batch, rows)
    var planRows: [Int] = []
    func shards(_ rows: Int) -> [Shard] {
      var start = 0
      return rule.sizes(rows: rows).map { size in
        if !planRows.contains(size) { planRows.append(size) }
        defer { start += size }
        return Shard(start: start, rows: size, plan: planRows.firstIndex(of: size) ?? 0)
      }
    }
    full = shards(self.batch)
    last = rows % self.batch == 0 ? full : shards(rows % self.batch)
    self.planRows = planRows
  }

  var steps: Int { (rows + batch - 1) / batch }

  /// The rows of a step, counted in the epoch.
  func range(step: Int) -> Range<Int> { step * batch..<min(rows, (step + 1) * batch) }

  /// The most shards of any batch.
  var shardCount: Int { max(full.count, last.count) }
}
