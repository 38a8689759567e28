import Glibc
import MaasKernels

/// How images, rows [height, width, channels], are changed at random: turned over from left to right,
/// moved, and overlaid with noise.
///
/// What happens to a row depends on the stream and the sample's number alone. Words 0 to 3 of a
/// sample's part of the stream say whether it is turned over and how far it is moved; from word 4 on
/// they make the noise.
public struct Augmentation: Sendable, Hashable {
  public var height = 1
  public var width = 1
  public var channels = 1
  /// Whether every second image, by chance, is turned over.
  public var flips = false
  /// The most that an image is moved, down and to the right or back; zeros come in.
  public var down = 0
  public var right = 0
  /// The deviation of what is added.
  public var noise = 0.0

  public init() {}

  /// The random stream of one layer in one epoch.
  package static func stream(seed: UInt64, layer: Int, epoch: Int) -> maas_random {
    maas_random_make(seed, RandomStream.Place.augment.rawValue, UInt64(layer) << 40 | UInt64(epoch))
  }

  /// Rows from x to y, which do not overlap.
  /// - Parameter samples: the rows' numbers; nil for 0, 1, ….
  package func apply(
    _ stream: maas_random, _ samples: UnsafePointer<Int32>?, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, rows: Int
  ) {
    let size = height * width * channels
    for row in 0..<rows {
      let sample = samples.map { UInt64(UInt32(bitPattern: $0[row])) } ?? UInt64(row)
      let target = y + row * size
      if flips || down > 0 || right > 0 {
        let words = maas_random_at(stream, sample << 30).word
        move(
          x + row * size, target, down: distance(words.0, down), right: distance(words.1, right),
          flipped: flips && words.2 & 1 == 1)
      } else {
        target.update(from: x + row * size, count: size)
      }
      if noise > 0 { addNoise(stream, (sample << 32) + 4, target, size) }
    }
  }

  /// From -most to most, each as likely as the next but for 1 in 2^32 / most.
  private func distance(_ word: UInt32, _ most: Int) -> Int {
    Int((UInt64(word) * UInt64(2 * most + 1)) >> 32) - most
  }

  private func move(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, down: Int, right: Int,
    flipped: Bool
  ) {
    let line = width * channels
    let columns = max(0, right)..<max(max(0, right), min(width, width + right))
    for row in 0..<height {
      let target = y + row * line
      guard (0..<height).contains(row - down), !columns.isEmpty else {
        target.update(repeating: 0, count: line)
        continue
      }
      let source = x + (row - down) * line
      target.update(repeating: 0, count: columns.lowerBound * channels)
      if flipped {
        for column in columns {
          let from = source + (width - 1 - (column - right)) * channels
          for channel in 0..<channels { target[column * channels + channel] = from[channel] }
        }
      } else {
        (target + columns.lowerBound * channels).update(
          from: source + (columns.lowerBound - right) * channels, count: columns.count * channels)
      }
      let end = columns.upperBound * channels
      (target + end).update(repeating: 0, count: line - end)
    }
  }

  /// Box and Muller 1958, 64 pairs at a time.
  private func addNoise(
    _ stream: maas_random, _ start: UInt64, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let pairs = 64
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * pairs) { memory in
      guard let radii = memory.baseAddress else { return }
      let (angles, waves) = (radii + pairs, radii + 2 * pairs)
      var done = 0
      while done < count {
        let word = start + UInt64(done)
        maas_random_uniform(stream, word, 0x1p-25, 1, radii, pairs)
        maas_random_uniform(stream, word + UInt64(pairs), 0, 2 * .pi, angles, pairs)
        maas_log(radii, radii, pairs)
        maas_binary_scalar(maas_mul, radii, Float(-2 * noise * noise), radii, pairs)
        maas_sqrt(radii, radii, pairs)
        for (offset, wave) in [(0, maas_cos), (pairs, maas_sin)] as [(Int, Op.Kernel)] {
          let here = min(pairs, count - done - offset)
          if here <= 0 { break }
          wave(angles, waves, pairs)
          maas_binary(maas_mul, waves, radii, waves, pairs)
          maas_binary(maas_add, y + done + offset, waves, y + done + offset, here)
        }
        done += 2 * pairs
      }
    }
  }
}

extension Op {
  /// Rows changed at random as `Attributes.augmentation` says, by the stream of the run's seed and
  /// epoch and of the layer's number (`Attributes.place`). Run eagerly: seed 0, epoch 0, samples 0, 1, ….
  public static let augment: Op = Op(
    "augment", arity: 1...1, result: .floating,
    shape: { inputs, attributes in
      guard let how = attributes.augmentation,
        inputs[0].count % Swift.max(1, how.height * how.width * how.channels) == 0
      else {
        throw CoreError("shape-mismatch", "rows of \(inputs[0]) are not the images to augment")
      }
      return inputs[0]
    },
    fast: { inputs, attributes, shape in
      var result = try Tensor(uninitialized: shape, dtype: .f32)
      inputs[0].withFloats { x in
        result.withMutableFloats { y in
          guard let x = x.baseAddress, let y = y.baseAddress else { return }
          attributes.augmented(x, y, count: shape.count)
        }
      }
      return result
    },
    reference: { inputs, attributes, shape in
      // Where each number comes from, and what is added to it.
      var from = [Float](repeating: 0, count: shape.count)
      var added = from
      var quiet = attributes
      quiet.augmentation?.noise = 0
      let places = (0..<shape.count).map { Float($0 + 1) }
      quiet.augmented(places, &from, count: shape.count)
      attributes.augmented([Float](repeating: 0, count: shape.count), &added, count: shape.count)
      let x = inputs[0].values
      return zip(from, added).map { from, added in
        let moved: Double = from == 0 ? 0 : x[Int(from) - 1]
        return moved + Double(added)
      }
    })
}

extension Attributes {
  fileprivate func augmented(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    guard let how = self.augmentation else { return }
    let rows = count / max(1, how.height * how.width * how.channels)
    how.apply(Augmentation.stream(seed: 0, layer: self.place, epoch: 0), nil, x, y, rows: rows)
  }
}
