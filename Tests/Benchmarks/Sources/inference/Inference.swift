import Glibc
import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining

/// Times the predictor of a model as a Swift program would call it.
///
///     inference MODEL BATCH CALLS
///
/// Prints the microseconds of a call, the mean over the calls.
@main
struct Inference {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let batch = Int(arguments[2]), let calls = Int(arguments[3]) else {
      throw CoreError("usage", "usage: inference MODEL BATCH CALLS")
    }
    let predictor = try Predictor(Model(loading: arguments[1]))
    let workspace = try predictor.makeWorkspace()
    let rows = (0..<batch * predictor.inputWidth).map { Float($0 * 7 % 256) / 255 }
    var answers = [Float](repeating: 0, count: batch * predictor.outputWidth)
    let seconds = try rows.withUnsafeBufferPointer { rows in
      try answers.withUnsafeMutableBufferPointer { answers in
        for _ in 0..<calls / 10 { try predictor.predict(rows, into: answers, workspace) }
        let start = ContinuousClock.now
        for _ in 0..<calls { try predictor.predict(rows, into: answers, workspace) }
        return (ContinuousClock.now - start) / .seconds(1)
      }
    }
    print(seconds / Double(calls) * 1e6)
  }
}
