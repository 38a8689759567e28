import Glibc
import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// In a process of its own, as the interrupt is that of the whole process.
@Test func waitingForAPipeCanBeInterrupted() async {
  await #expect(processExitsWith: .success) {
    let scratch = try ScratchFolder()
    let path = scratch.file("pipe.csv")
    mkfifo(path, 0o600)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interrupt.shared.raise() }
    sigaction(SIGUSR1, &action, nil)
    // A thread of a task pool blocks all signals.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    // The signal must reach this thread, as it is the one that waits.
    let waiting = UnsafeMutableRawPointer(bitPattern: pthread_self())
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { waiting in
        while true {
          usleep(20_000)
          pthread_kill(pthread_t(UInt(bitPattern: waiting)), SIGUSR1)
        }
      }, waiting)
    do {
      _ = try loadCSV(path)
    } catch let error as CoreError {
      guard error.id == "interrupted", scratch.names == ["pipe.csv"] else { exit(1) }
    }
  }
}
