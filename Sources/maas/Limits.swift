import ArgumentParser
import Glibc
import MaasTensors
import MaasVM

/// What a script may use: `maas run --max-memory 2G --max-seconds 60 --max-steps 1000000 --sandbox`.
struct Limits: Sendable {
  var memory: Int?
  var seconds: Double?
  var steps: Int?
  var isSandboxed: Bool

  /// Starts a thread that looks at the clock and at the memory fifty times a second, and raises the
  /// flag once one is used up. It starts only where there is something to look at.
  func watch(_ flag: InterruptFlag) {
    guard memory != nil || seconds != nil else { return }
    let limits = self
    if let thread = startThread(named: "maas-limits", { limits.wait(flag) }) {
      pthread_detach(thread)
    }
  }

  private func wait(_ flag: InterruptFlag) {
    let start = RunningProcess.seconds()
    while true {
      usleep(20_000)
      var passed: InterruptFlag.Reason?
      if let seconds, RunningProcess.seconds() - start > seconds { passed = .time }
      if let memory, RunningProcess.residentBytes() > memory { passed = .memory }
      guard let passed else { continue }
      flag.raise(passed)
      // Twice, as a second Ctrl-C: training ends at once, too.
      Interrupt.shared.raise()
      Interrupt.shared.raise()
      return
    }
  }

  /// The folder that a script stands in.
  static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }
}

/// A size as it is written on the command line: 2G, 500M, 64K, or plain bytes.
struct MemorySize: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    let factors: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let factor = argument.last.flatMap { factors[Character($0.uppercased())] }
    let digits = factor == nil ? argument[...] : argument.dropLast()
    guard let number = Double(digits), number > 0, number * Double(factor ?? 1) < 1e18 else {
      return nil
    }
    bytes = Int(number * Double(factor ?? 1))
  }
}
