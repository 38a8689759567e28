import MaasKernels

/// An array of floats `offset` elements past an aligned start, with guards on both sides that no
/// kernel may touch.
final class Strip {
  let count: Int
  let start: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer
  private let total: Int
  private static let guards = 32
  private static let mark: Float = -12345.5

  init(_ values: [Float], offset: Int = 0) {
    count = values.count
    total = count + offset + 2 * Self.guards
    memory = .allocate(byteCount: total * 4, alignment: 64)
    let all = memory.bindMemory(to: Float.self, capacity: total)
    all.initialize(repeating: Self.mark, count: total)
    start = all + Self.guards + offset
    for (i, value) in values.enumerated() { start[i] = value }
  }

  convenience init(count: Int, offset: Int = 0) {
    self.init([Float](repeating: 77, count: count), offset: offset)
  }

  deinit { memory.deallocate() }

  var values: [Float] { (0..<count).map { start[$0] } }
  var bits: [UInt32] { values.map(\.bitPattern) }

  var guardsHold: Bool {
    let all = memory.assumingMemoryBound(to: Float.self)
    let inside = (start - all)..<(start - all + count)
    return (0..<total).allSatisfy { inside.contains($0) || all[$0] == Self.mark }
  }
}

/// Lengths around the vectors' widths.
let lengths = [0, 1, 2, 3, 7, 15, 16, 17, 31, 33, 1000, 1009]
/// Shapes around the same widths.
let shapes = [
  (0, 3), (1, 1), (1, 10), (3, 7), (5, 15), (32, 10), (4, 16), (3, 17), (2, 33), (17, 64),
  (33, 100), (2, 1009),
]
/// The levels of this processor.
let levels = [maas_level_portable, maas_level_avx2, maas_level_avx512]
  .filter { $0.rawValue <= maas_highest_level().rawValue }

/// Runs the body at each level.
func atEachLevel(_ body: (maas_level) throws -> Void) rethrows {
  let before = maas_current_level()
  defer { _ = maas_use_level(before) }
  for level in levels where maas_use_level(level) { try body(level) }
}

/// Numbers in low ..< high from a stream of their own.
func numbers(_ count: Int, _ low: Float = -4, _ high: Float = 4, seed: UInt64 = 1) -> [Float] {
  var values = [Float](repeating: 0, count: count)
  maas_random_uniform(maas_random_make(seed, 99, 0), 0, low, high, &values, count)
  return values
}

/// The distance of a result from the exact value in units of the exact value's last place as f32.
func ulps(_ value: Float, from exact: Double) -> Double {
  let rounded = Float(exact)
  if value == rounded || value.isNaN && exact.isNaN { return 0 }
  guard value.isFinite, rounded.isFinite else { return .infinity }
  return abs(Double(value) - exact) / Double(max(rounded.magnitude, .leastNormalMagnitude).ulp)
}

/// The greatest distance of values from exact ones, relative to `unit` or the exact value.
func farthest(_ values: [Float], _ exact: [Double], unit: Double = 1) -> Double {
  zip(values, exact).map { value, exact in
    value.isNaN && exact.isNaN ? 0 : abs(Double(value) - exact) / max(abs(exact), unit)
  }.max() ?? 0
}
