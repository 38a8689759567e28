import Glibc
import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors

/// What a search for a rate found.
public struct RateSearch: Sendable {
  /// Where the loss falls fastest.
  public let rate: Double
  /// The rate of each step, and the loss, smoothed.
  public let rates: [Double]
  public let losses: [Double]
}

/// Trains for some steps with a rate that rises by the same factor from step to step, until the loss
/// runs away (Smith 2017, "Cyclical learning rates").
/// - Throws: `bad-setting`; as `fit` before any arithmetic; `loss-not-finite` where the loss is no number
///   before two rates can be compared; `interrupted`.
public func findRate(
  _ network: Network, _ data: Dataset, _ settings: FitSettings, from low: Double,
  to high: Double, steps: Int
) throws -> RateSearch {
  guard low > 0, high > low, Float(low).isNormal, Float(high).isNormal else {
    throw CoreError(
      "bad-setting",
      "find_rate needs rates that rise from above 0, within what 32-bit numbers hold, and here are "
        + "\(low) and \(high)",
      help: "from: 1e-6, to: 1")
  }
  let mode = maas_flush_subnormals()
  defer { maas_set_float_mode(mode) }
  let work = try Work(network, data, settings)
  let trainer = try Trainer(work, settings)
  try trainer.load(work.parameters)
  var curve = LossCurve()
  let layout = work.epochLayout
  for number in 0..<steps {
    let (epoch, step) = (number / layout.steps, number % layout.steps)
    if step == 0 { try trainer.setOrder(epoch: epoch, settings) }
    if settings.interrupt.isRaised { throw CoreError("interrupted", "interrupted") }
    let succeeded = try trainer.gradients(
      step: step, of: step..<step + 1, seed: settings.seed, epoch: epoch)
    let rate = low * pow(high / low, Double(number) / Double(max(1, steps - 1)))
    if !succeeded { throw trainer.findFailure() }
    if !trainer.foundIsFinite, !curve.compares {
      let run = try FitRun(
        work: work, trainer: trainer, validation: nil, settings: settings, data: data)
      throw run.failure(epoch, step)
    }
    guard curve.add(rate, trainer.meanLoss) else { break }
    try trainer.collect(isFirst: true)
    try trainer.update(number: number + 1, rate: rate)
  }
  return curve.result(from: low)
}

/// Losses at rising rates, smoothed as a mean that forgets.
private struct LossCurve {
  private var rates: [Double] = []
  private var losses: [Double] = []
  private var mean = 0.0
  private var best = Double.infinity
  private static let keep = 0.9

  /// Whether there are rates to choose among.
  var compares: Bool { rates.count > 1 }

  /// False where the loss has run away.
  mutating func add(_ rate: Double, _ loss: Double) -> Bool {
    mean = LossCurve.keep * mean + (1 - LossCurve.keep) * loss
    let smooth = mean / (1 - pow(LossCurve.keep, Double(losses.count + 1)))
    guard smooth.isFinite else { return false }
    rates.append(rate)
    losses.append(smooth)
    if losses.count > 10, smooth > best + 3 * max(abs(best), 1e-12) { return false }
    best = min(best, smooth)
    return true
  }

  /// The steepest fall between two steps: all are as far from each other on the scale of logarithms.
  func result(from low: Double) -> RateSearch {
    var steepest = 0.0
    var rate = rates.first ?? low
    for place in rates.indices.dropFirst() where losses[place] - losses[place - 1] < steepest {
      steepest = losses[place] - losses[place - 1]
      rate = rates[place]
    }
    return RateSearch(rate: rate, rates: rates, losses: losses)
  }
}
