import MaasTensors

/// Where the random numbers of a program come from: the streams of one seed, one for each file,
/// drawn from in program order. Belongs to one library, hence to one thread at a time.
final class RandomSource {
  private(set) var seed: UInt64 = 0
  /// The stream of the file whose code draws.
  private var stream = RandomStream(seed: 0, place: .script)
  private var file = 0
  /// The streams of other files that have drawn.
  private var others: [Int: RandomStream] = [:]
  /// An element of a `parallel_map` has one stream for all files.
  private var isElement = false

  /// Starts anew, as a program with this seed would.
  func restart(seed: UInt64) {
    self.seed = seed
    others = [:]
    stream = RandomSource.stream(of: file, seed)
  }

  /// Starts the stream of one element of a `parallel_map`, which no other element shares.
  func restart(element: Int, of call: UInt64, seed: UInt64) {
    self.seed = seed
    isElement = true
    stream = RandomStream(seed: call, place: .element, index: UInt64(element))
  }

  /// Goes on with the stream of a file: 0 is the first, others are numbered as they are imported.
  func enter(file: Int) {
    guard file != self.file, !isElement else { return }
    others[self.file] = stream
    stream = others.removeValue(forKey: file) ?? RandomSource.stream(of: file, seed)
    self.file = file
  }

  private static func stream(of file: Int, _ seed: UInt64) -> RandomStream {
    file == 0
      ? RandomStream(seed: seed, place: .script)
      : RandomStream(seed: seed, place: .file, index: UInt64(file))
  }

  /// The next bits: what tells one `parallel_map` from another.
  func draw() -> UInt64 { stream.next() }

  func uniform() -> Double { stream.uniform() }
  func normal() -> Double { stream.normal() }
  /// Uniform in 0 ..< `limit`, which is at least 1.
  func integer(below limit: Int) -> Int { stream.integer(below: limit) }

  /// `count` different numbers of 0 ..< `limit`, in random order; `count` is at most `limit`.
  /// (The first steps of Fisher and Yates' shuffle; where few are taken of many, on a table of the
  /// places it moved. Both ways give the same numbers.)
  func sample(_ count: Int, below limit: Int) -> [Int] {
    if count > limit / 8 {
      var all = Array(0..<limit)
      for place in 0..<count { all.swapAt(place, place + integer(below: limit - place)) }
      return Array(all.prefix(count))
    }
    var moved: [Int: Int] = [:]
    return (0..<count).map { place in
      let other = place + integer(below: limit - place)
      let chosen = moved[other] ?? other
      moved[other] = moved[place] ?? place
      return chosen
    }
  }
}
