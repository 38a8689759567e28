import Glibc
import MaasKernels

/// Random numbers that are counted, not drawn from a shared state: word n of the stream of
/// (seed, place, index) is a function of these four alone (Philox4x32-10, see MaasRandom.h), so
/// that any thread may make any part, and a run stopped and resumed goes on as it would have.
public struct RandomStream: Sendable {
  /// The uses of one seed. Each has streams of its own.
  public enum Place: UInt64, Sendable {
    case weights = 1
    case shuffle = 2
    case dropout = 3
    case split = 4
    case script = 5
    case tests = 6
    case element = 7
    case file = 8
    case augment = 9
    case draw = 20
  }

  /// What the C kernels take, to fill whole arrays from the same stream.
  public let kernel: maas_random
  /// How many 32-bit words were taken.
  public private(set) var position: UInt64 = 0

  private var words = maas_random_block()

  /// `index` tells the turns of one use apart: an epoch, the number of a layer.
  public init(seed: UInt64, place: UInt64, index: UInt64 = 0) {
    kernel = maas_random_make(seed, place, index)
  }

  public init(seed: UInt64, place: Place, index: UInt64 = 0) {
    self.init(seed: seed, place: place.rawValue, index: index)
  }

  /// The next 32 random bits.
  public mutating func word() -> UInt32 {
    if position % 4 == 0 { words = maas_random_at(kernel, position / 4) }
    defer { position += 1 }
    switch position % 4 {
    case 0: return words.word.0
    case 1: return words.word.1
    case 2: return words.word.2
    default: return words.word.3
    }
  }

  /// Uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Normal with mean 0 and deviation 1 (Box–Muller; two numbers of 64 bits for each).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// Uniform in 0 ..< `limit`, without bias. (Lemire 2019, "Fast random integer generation in an
  /// interval".) `limit` is at least 1.
  public mutating func integer(below limit: Int) -> Int {
    precondition(limit > 0)
    let limit = UInt64(limit)
    var product = next().multipliedFullWidth(by: limit)
    if product.low < limit {
      let least = (0 &- limit) % limit
      while product.low < least { product = next().multipliedFullWidth(by: limit) }
    }
    return Int(product.high)
  }

  /// The numbers 0 ..< `count` in random order (Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Puts `items` in random order.
  public mutating func shuffle<T>(_ items: inout [T]) {
    var last = items.count - 1
    while last > 0 {
      items.swapAt(last, integer(below: last + 1))
      last -= 1
    }
  }
}

extension RandomStream: RandomNumberGenerator {
  /// The next 64 random bits: two words, the lower half first.
  public mutating func next() -> UInt64 {
    let low = UInt64(word())
    return low | UInt64(word()) << 32
  }
}
