import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

// How builtins read their arguments. Types were checked before the body runs; what remains are
// whole numbers, ranges of values, and defaults.

extension NativeCall {
  /// The world outside, which only the library's own host hands out.
  var surroundings: any Surroundings {
    (vm.host as? Library)?.surroundings ?? Silence.shared
  }

  /// The random numbers of the file whose code calls.
  var random: RandomSource {
    // A cast that asks the runtime costs as much as the draw.
    let host = vm.host as AnyObject
    guard type(of: host) == Library.self else { return RandomSource() }
    let library = unsafeDowncast(host, to: Library.self)
    library.random.enter(file: vm.runningFile)
    return library.random
  }

  /// Whether the argument was given.
  func has(_ name: String) -> Bool { self[name].bits != Value.absent.bits }

  func number(_ name: String) -> Double { self[name].number ?? .nan }
  func number(_ name: String, or initial: Double) -> Double {
    has(name) ? number(name) : initial
  }

  func bool(_ name: String, or initial: Bool) -> Bool { self[name].bool ?? initial }

  func string(_ name: String) -> String { self[name].string ?? "" }

  /// A whole number.
  ///
  /// - Throws: `wrong-value` where it is none or lies outside `range`.
  func int(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
    guard let number = self[name].integer else {
      throw Failure(
        "wrong-value",
        "`\(function.name)` takes a whole number as `\(name)`, not \(self[name].display(quoted: true))",
        help: wholeHelp(name))
    }
    guard range.contains(number) else {
      let wish =
        range.upperBound == Int.max
        ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw Failure(
        "wrong-value", "`\(name)` of `\(function.name)` must be \(wish), and it is \(number)",
        help: rangeHelp(name, min(max(number, range.lowerBound), range.upperBound)))
    }
    return number
  }

  private func wholeHelp(_ name: String) -> String {
    guard let number = self[name].number, number.isFinite, abs(number) < 1e15 else {
      return "whole numbers are written \(name): 10"
    }
    let floor = number.rounded(.down)
    return "write \(name): \(floor.maasText) or \(name): \((floor + 1).maasText); "
      + "round(x) makes a number whole"
  }

  private func rangeHelp(_ name: String, _ nearest: Int) -> String {
    name == "port"
      ? "port: 8080 is usual; port: 0 picks a free one" : "the nearest is \(name): \(nearest)"
  }

  func int(
    _ name: String, or initial: Int, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws -> Int {
    has(name) && !self[name].isNil ? try int(name, in: range) : initial
  }

  /// The path of a file or folder.
  /// - Throws: `wrong-value` for a text that can be none, `sandboxed`.
  func path(_ name: String) throws -> String {
    let path = string(name)
    if path.isEmpty {
      throw Failure("wrong-value", "`\(name)` of `\(function.name)` is empty")
    }
    if path.utf8.contains(0) {
      throw Failure("wrong-value", "a path holds no zero byte, and `\(name)` does")
    }
    try FileAccess.check(path)
    return path
  }

  /// The argument `seed`: a whole number from 0; without one, the seed of the program.
  func seed(_ name: String = "seed") throws -> UInt64 {
    has(name) ? UInt64(try int(name, in: 0...(1 << 53))) : random.seed
  }
}
