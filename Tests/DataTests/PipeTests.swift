import Glibc
import MaasData
import MaasTensors
import Testing

/// In a process of its own, as the interrupt is that of the whole process.
@Test func waitingForAPipeCanBeInterrupted() async {
  await #expect(processExitsWith: .success) {
    let scratch = try Scratch()
    let path = scratch.file("pipe.csv")
    mkfifo(path, 0o600)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interrupt.shared.raise() }
    sigaction(SIGALRM, &action, nil)
    ualarm(100_000, 100_000)
    do {
      _ = try loadCSV(path)
    } catch let error as CoreError {
      ualarm(0, 0)
      guard error.id == "interrupted", scratch.names == ["pipe.csv"] else { exit(1) }
    }
  }
}
