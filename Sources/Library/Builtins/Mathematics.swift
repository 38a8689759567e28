import Glibc
import MaasVM

extension Builtins {
  static let mathematics: [Builtin] = [
    constant("pi", "The ratio of a circle's circumference to its diameter.", .pi),
    constant("e", "The base of the natural logarithm.", M_E),
    constant("infinity", "Larger than every number.", .infinity),
    constant("nan", "Not a number: unequal even to itself.", .nan),
    function("floor", "The largest whole number not above `x`.", "floor(2.7)     # => 2") {
      $0.rounded(.down)
    },
    function("ceil", "The smallest whole number not below `x`.", "ceil(2.1)      # => 3") {
      $0.rounded(.up)
    },
  ]

  private static func constant(_ name: String, _ text: String, _ value: Double) -> Builtin {
    let example = "\n\n    \(name)    # => \(Value(value).display(quoted: true))"
    return Builtin(constant: name, text + example) { Value(value) }
  }

  /// A function from one number to one number.
  private static func function(
    _ name: String, _ text: String, _ example: String,
    _ body: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    Builtin("\(name)(x: number) -> number", text + "\n\n    " + example) { call in
      Value(body(call.number("x")))
    }
  }
}
