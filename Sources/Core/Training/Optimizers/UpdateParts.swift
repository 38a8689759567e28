import MaasNetworks

/// What moves the weights of a parameter beside its gradient: what the optimizer says of all, and
/// the layer of its own.
struct UpdateRule: Equatable {
  /// Parts of the gradient: l2 · p and l1 · sign(p).
  var l2 = 0.0
  var l1 = 0.0
  /// Apart from the gradient: p shrinks by rate · decay.
  var decay = 0.0

  init(_ spec: ParameterSpec, _ optimizer: Optimizer) {
    let (gradient, weights) = optimizer.decays
    l2 = gradient + 2 * spec.penalty.l2
    l1 = spec.penalty.l1
    decay = weights + spec.penalty.decay
  }
}

/// The trained numbers cut into parts that are updated at a time: by their places alone, so that no
/// bit depends on who takes them.
///
/// Invariant: the arrays are owned here; while a team works, each part's sums are written by the one
/// worker that took the part.
final class UpdateParts: @unchecked Sendable {
  struct Part: BitwiseCopyable {
    var index: Int
    var start: Int
    var count: Int
    /// Of which parameter, where lengths are taken.
    var parameter: Int
    var l2: Float
    var l1: Float
    var decay: Double
  }

  let parts: UnsafeMutableBufferPointer<Part>
  /// The sum of the squares of each part's gradients.
  let norms: UnsafeMutableBufferPointer<Double>
  /// Two sums a part, and the factor of each parameter, for optimizers that take lengths.
  let squares: UnsafeMutablePointer<Double>
  let ratios: UnsafeMutableBufferPointer<Float>
  let clipNorm: Double?
  let clipValue: Float?
  /// What the average of the weights keeps in each update.
  let keep: Double?

  /// Their gradients, weights and memories fit the first cache.
  private static let size = 4096

  init(_ layout: ParameterLayout, _ optimizer: Optimizer, _ settings: FitSettings) {
    let trained = layout.specs.indices.filter { layout.specs[$0].isTrainable }
      .sorted { layout.offsets[$0] < layout.offsets[$1] }
    let parts = UpdateParts.cut(layout, trained, optimizer)
    self.parts = .allocate(capacity: parts.count)
    _ = self.parts.initialize(from: parts)
    norms = .allocate(capacity: parts.count)
    norms.initialize(repeating: 0)
    squares = .allocate(capacity: parts.count * 2)
    squares.initialize(repeating: 0, count: parts.count * 2)
    ratios = .allocate(capacity: trained.count)
    ratios.initialize(repeating: 1)
    clipNorm = settings.clipNorm
    clipValue = settings.clipValue.map { Float($0) }
    keep = settings.average
  }

  /// Neighbours with equal rules are cut together, but where lengths of parameters are taken.
  private static func cut(
    _ layout: ParameterLayout, _ trained: [Int], _ optimizer: Optimizer
  ) -> [Part] {
    var parts: [Part] = []
    var last: UpdateRule?
    for (parameter, index) in trained.enumerated() {
      let rule = UpdateRule(layout.specs[index], optimizer)
      let isLast = parameter == trained.count - 1
      let end = isLast ? layout.trainableCount : layout.offsets[trained[parameter + 1]]
      var start = layout.offsets[index]
      if rule == last, !optimizer.kind.takesLengths, let place = parts.indices.last {
        let more = min(size - parts[place].count, end - start)
        parts[place].count += more
        start += more
      }
      while start < end {
        let count = min(size, end - start)
        parts.append(
          Part(
            index: parts.count, start: start, count: count, parameter: parameter,
            l2: Float(rule.l2), l1: Float(rule.l1), decay: rule.decay))
        start += count
      }
      last = rule
    }
    return parts
  }

  deinit {
    parts.deallocate()
    norms.deallocate()
    squares.deallocate()
    ratios.deallocate()
  }

  /// What gradients are multiplied by so that all of them together are no longer than the limit, as
  /// PyTorch has it. Added in the order of the parts.
  var clipFactor: Float {
    guard let clipNorm else { return 1 }
    let norm = norms.reduce(0, +).squareRoot()
    let factor = clipNorm / (norm + 1e-6)
    return factor < 1 || factor.isNaN ? Float(factor) : 1
  }

  /// ‖p‖ / ‖u‖ of each parameter; 1 where either is 0.
  func findRatios() {
    var part = 0
    for parameter in ratios.indices {
      var (own, moved) = (0.0, 0.0)
      while part < parts.count, parts[part].parameter == parameter {
        own += squares[2 * part]
        moved += squares[2 * part + 1]
        part += 1
      }
      let isScaled = own > 0 && moved > 0
      ratios[parameter] = isScaled ? Float((own / moved).squareRoot()) : 1
    }
  }
}
