import Glibc

/// Lines from a file, a pipe, or a terminal that can do nothing but print.
public final class PlainLines: LineSource {
  public let isInteractive: Bool
  public let entries: [String] = []
  private let descriptor: Int32
  private let screen: Screen
  private var buffer: [UInt8] = []
  private var position = 0

  /// Reads from `descriptor`; prompts are written to `screen` if a person types.
  public init(descriptor: Int32 = 0, screen: Screen = .output, isInteractive: Bool? = nil) {
    self.descriptor = descriptor
    self.screen = screen
    self.isInteractive = isInteractive ?? (isatty(descriptor) == 1 && screen.isTerminal)
  }

  public func next(prompt: String, pending: String) -> LineEvent {
    if isInteractive { screen.write(prompt) }
    let interrupts = Signals.interrupts
    while true {
      if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return .line(text(upTo: end))
      }
      switch fill() {
      case .more: continue
      case .stopped:
        if Signals.isEnding { return .end }
        if Signals.interrupts != interrupts { return drop() }
      case .end:
        guard position < buffer.count else { return .end }
        defer { position = buffer.count }
        return .line(text(upTo: buffer.count))
      }
    }
  }

  public func remember(_ entry: String) {}

  private enum Fill { case more, stopped, end }

  /// Reads what is there behind what is left over.
  private func fill() -> Fill {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 && errno == EINTR { return .stopped }
    guard count > 0 else { return .end }
    buffer.removeFirst(position)
    position = 0
    buffer += chunk[..<count]
    return .more
  }

  private func drop() -> LineEvent {
    position = buffer.count
    return .interrupted
  }

  private func text(upTo end: Int) -> String {
    let line = buffer[position..<end]
    return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
  }
}
