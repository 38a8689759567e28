import MaasSyntax

/// How the numbers of a tensor's block print: all with the same digits after the point, as many as
/// they need and at most four, with an exponent where they are all very large or very small.
struct TensorCells {
  /// Columns of the widest.
  private(set) var width = 1
  private var format: FormatSpecification?

  /// The most digits after the point.
  private static let digits = 4

  init(texts: [String]) { width = texts.map(\.count).max() ?? 1 }

  init(_ numbers: [Double]) {
    let finite = numbers.filter(\.isFinite)
    if finite.contains(where: { $0 != $0.rounded() }) {
      var format = FormatSpecification()
      let largest = finite.reduce(0) { max($0, abs($1)) }
      if largest >= 1e8 || largest < 1e-3 { format.notation = .exponent }
      format.digits = finite.reduce(1) { max($0, TensorCells.digitsNeeded($1, format)) }
      self.format = format
    }
    width = numbers.reduce(1) { max($0, plain($1).count) }
  }

  /// A number in as many columns as the widest takes.
  func text(_ number: Double) -> String { padded(plain(number)) }

  func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func plain(_ number: Double) -> String {
    number.isFinite ? format?.apply(to: number) ?? number.maasText : number.maasText
  }

  /// The digits after the point that show the number exactly, at most four.
  private static func digitsNeeded(_ number: Double, _ format: FormatSpecification) -> Int {
    var format = format
    for count in 0..<digits {
      format.digits = count
      if Double(format.apply(to: number)) == number { return count }
    }
    return digits
  }
}
