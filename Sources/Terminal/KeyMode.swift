import Glibc

/// The mode of a terminal while a prompt is open: each key comes at once, none is shown, and only
/// Ctrl-C, Ctrl-\ and Ctrl-Z mean something to the driver.
///
/// It holds between two entries too: what is typed while one runs is kept for the next line as it
/// was typed. (In the line mode of a shell the driver would turn Ctrl-D into a NUL, and take Ctrl-R
/// and Ctrl-V for itself.)
struct KeyMode {
  private let descriptor: Int32
  private let before: termios
  private let keys: termios

  /// Remembers the present mode. Nil for what is no terminal.
  init?(descriptor: Int32) {
    var mode = termios()
    guard tcgetattr(descriptor, &mode) == 0 else { return nil }
    self.descriptor = descriptor
    before = mode
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    mode.c_lflag |= tcflag_t(ISIG)
    withUnsafeMutableBytes(of: &mode.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    keys = mode
  }

  func enter() {
    var mode = keys
    tcsetattr(descriptor, TCSADRAIN, &mode)
  }

  /// Gives back the mode that was there before.
  func leave() {
    var mode = before
    tcsetattr(descriptor, TCSADRAIN, &mode)
  }
}
