import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import Synchronization

/// Points in clouds, one cloud a class, and a network that can tell them apart.
func clouds(rows: Int = 600, columns: Int = 20, classes: Int = 4, seed: UInt64 = 1) -> Dataset {
  var random = RandomStream(seed: seed, place: .tests)
  var features: [Float] = []
  var labels: [Int32] = []
  for row in 0..<rows {
    let id = row % classes
    labels.append(Int32(id))
    for column in 0..<columns {
      features.append(Float(random.normal() + (column % classes == id ? 1.5 : 0)))
    }
  }
  return Dataset(
    features: Tensor(features, shape: [rows, columns]), labels: Tensor(labels),
    schema: Schema(.tensor([columns])),
    target: .classes((0..<classes).map { .text("class \($0)") }, name: nil))
}

/// y = 2 x₀ - x₁ + 1.
func line(rows: Int = 200) -> Dataset {
  var random = RandomStream(seed: 5, place: .tests)
  let points = (0..<rows).map { _ in (Float(random.uniform()), Float(random.uniform())) }
  return Dataset(
    features: Tensor(points.flatMap { [$0.0, $0.1] }, shape: [rows, 2]),
    labels: Tensor(points.map { 2 * $0.0 - $0.1 + 1 }, shape: [rows, 1]),
    schema: Schema(.fields([.init("width", .number), .init("height", .number)])),
    target: .numbers(names: ["price"]))
}

func small(_ units: Int = 4) throws -> Network {
  Network([try .dense(units: 32, activation: .relu), try .dense(units: units)])
}

/// The error a body throws, or nil.
func failure(_ body: () throws -> Void) -> CoreError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CoreError
  }
}

extension FitSettings {
  /// The same run on one worker, interrupted in a step, the first of which is 1.
  func interrupted(in step: Int) -> FitSettings {
    final class Count: Sendable { let steps = Atomic<Int>(0) }
    let (count, interrupt) = (Count(), Interrupt())
    var settings = self
    settings.workers = 1
    settings.interrupt = interrupt
    settings.delay = { _, shard in
      guard shard == 0 else { return }
      if count.steps.wrappingAdd(1, ordering: .relaxed).newValue == step { interrupt.raise() }
    }
    return settings
  }
}
