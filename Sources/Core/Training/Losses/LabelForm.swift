import MaasData
import MaasTensors

/// What labels are, as a loss sees them.
enum LabelForm: Sendable, Hashable {
  /// Class ids [n]; one output a class.
  case classes
  /// The second of two classes is 1, the first 0: [n, 1]; one output.
  case pair
  /// Class ids [n]; rows of any length.
  case groups
  /// Any numbers, one output each.
  case amounts
  /// Numbers from 0 on.
  case counts
  /// Numbers from 0 to 1, each by itself: yes or no.
  case choices
  /// Rows of numbers from 0 on that add up to 1; one-hot rows are such.
  case shares
  /// Rows of at least two numbers: directions.
  case vectors

  /// Whether labels are ids of classes.
  var isOfClasses: Bool {
    switch self {
    case .classes, .pair, .groups: true
    default: false
    }
  }

  /// Whether labels reach the loss as ids, and not as numbers.
  var isOfIds: Bool { self == .classes || self == .groups }

  /// The outputs that a network needs; nil: any number.
  func units(for target: Target) -> Int? {
    switch self {
    case .pair: 1
    case .groups: nil
    default: target.width
    }
  }

  /// The first row whose numbers are not of this form, and what is wrong with it.
  func firstBadRow(_ numbers: [Float], width: Int) -> (row: Int, found: String)? {
    let isBad: (Float) -> Bool
    switch self {
    case .counts: isBad = { !($0 >= 0) }
    case .choices: isBad = { !($0 >= 0 && $0 <= 1) }
    case .shares: return firstBadShares(numbers, width)
    default: return nil
    }
    guard let place = numbers.firstIndex(where: isBad) else { return nil }
    return (place / max(1, width), "\(numbers[place])")
  }

  private func firstBadShares(_ numbers: [Float], _ width: Int) -> (row: Int, found: String)? {
    for start in stride(from: 0, to: numbers.count, by: max(1, width)) {
      let row = numbers[start..<start + width]
      if let negative = row.first(where: { !($0 >= 0) }) {
        return (start / width, "\(negative)")
      }
      let sum = row.reduce(0.0) { $0 + Double($1) }
      if abs(sum - 1) > 1e-3 { return (start / width, "numbers that add up to \(Float(sum))") }
    }
    return nil
  }

  /// What it takes, for an error.
  var wanted: String {
    switch self {
    case .counts: "labels of 0 or more"
    case .choices: "labels from 0 to 1"
    case .shares: "classes, or rows of shares that add up to 1"
    default: "numbers"
    }
  }
}
