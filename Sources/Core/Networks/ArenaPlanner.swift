/// Hands out pieces of one arena, reusing what is no longer needed. Each piece starts at a multiple
/// of 16 floats.
struct ArenaPlanner {
  private var taken: [(start: Int, end: Int)] = []
  /// The greatest length ever needed, in floats.
  private(set) var count = 0

  /// The first gap that is large enough.
  mutating func take(_ floats: Int) -> Int {
    let size = max(16, (floats + 15) / 16 * 16)
    var start = 0
    var index = 0
    while index < taken.count, taken[index].start < start + size {
      start = taken[index].end
      index += 1
    }
    taken.insert((start, start + size), at: index)
    count = max(count, start + size)
    return start
  }

  mutating func free(_ start: Int) {
    taken.removeAll { $0.start == start }
  }
}
