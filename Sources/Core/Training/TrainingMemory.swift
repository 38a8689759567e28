import MaasTensors

/// What a run keeps from step to step beside the weights: arrays, all zero at the start, and one
/// count. With the weights they are the whole state of a run between two updates.
///
/// Invariant: one owner at a time writes a part of an array (see `Trainer`).
struct TrainingMemory: Sendable {
  struct Entry: Sendable {
    /// As a checkpoint names it: "optimizer.mean", "sum", "average".
    let name: String
    let values: Floats
    let count: Int
  }

  let entries: [Entry]
  /// The optimizer's first and second memory; of no length where it has none.
  private let first: Floats
  private let second: Floats
  private let count: Int
  /// The gradients of the batches of an update so far, where it takes several.
  let sum: Floats?
  /// The moving average of the weights.
  let average: Floats?

  /// - Throws: `too-large`.
  init(_ settings: FitSettings, count: Int) throws(CoreError) {
    var entries: [Entry] = []
    func array(_ name: String) throws(CoreError) -> Floats {
      let values = try Floats(count)
      entries.append(Entry(name: name, values: values, count: count))
      return values
    }
    let names = settings.optimizer.memories
    first = try names.isEmpty ? Floats(0) : array("optimizer.\(names[0])")
    second = try names.count < 2 ? Floats(0) : array("optimizer.\(names[1])")
    sum = try settings.accumulate > 1 ? array("sum") : nil
    average = try settings.average == nil ? nil : array("average")
    self.entries = entries
    self.count = names.count
  }

  /// Where a place of the optimizer's memories is; of no use where it has none.
  @inline(__always) func first(at place: Int) -> UnsafeMutablePointer<Float> {
    count > 0 ? first.base + place : first.base
  }
  @inline(__always) func second(at place: Int) -> UnsafeMutablePointer<Float> {
    count > 1 ? second.base + place : second.base
  }
}
