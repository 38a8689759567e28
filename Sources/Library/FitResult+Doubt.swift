import Glibc
import MaasData
import MaasTraining
import MaasVM

extension FitResult {
  /// A remark on a training that made things worse; nil where there is nothing to say.
  var doubt: String? {
    guard let first = history.first?.loss, let last = history.last?.loss else { return nil }
    let advice = "; try a smaller rate, now \(shown(rate))"
    if let guess = lossOfGuessing, last > guess * 1.5 {
      return "the loss is \(shown(last)), and equal probabilities for all classes would give "
        + shown(guess) + advice
    }
    return last > first + 0.001 * abs(first)
      ? "the loss ended higher than it began: \(shown(last)) after \(shown(first))" + advice : nil
  }

  private var rate: Double { receipt.optimizer.rate.rate }

  /// The cross entropy of a model that knows nothing, in nats.
  private var lossOfGuessing: Double? {
    if loss == .crossEntropy, target.kind == .classes {
      return log(Double(max(2, target.classes.count)))
    }
    return loss == .binaryCrossEntropy ? log(2) : nil
  }

  /// Four significant digits.
  private func shown(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    let scale = pow(10, 3 - floor(log10(abs(number))))
    let rounded = scale.isFinite && scale > 0 ? (number * scale).rounded() / scale : number
    return Value(rounded).display(quoted: false)
  }
}
