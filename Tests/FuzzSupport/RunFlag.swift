import MaasData
import MaasTensors
import MaasVM

/// The flag of one run, for a watch outside of it.
public struct RunFlag: Sendable {
  let flag: InterruptFlag

  /// Ends the run as `--max-seconds` or `--max-memory` would.
  public func raise(forTime isTime: Bool) {
    flag.raise(isTime ? .time : .memory)
    // Twice, as a second Ctrl-C: training ends at once, too.
    Interrupt.shared.raise()
    Interrupt.shared.raise()
  }

  /// From here on nothing outside the folder can be touched, in the whole process.
  public static func confine(to folder: String) throws { try FileAccess.confine(to: folder) }
}
