import CEdit
import Glibc

/// A place that text is written to: a terminal, a file or a pipe, by its file descriptor.
public struct Screen: Sendable {
  public let descriptor: Int32

  /// Standard output.
  public static let output = Screen(descriptor: 1)
  /// Standard error.
  public static let error = Screen(descriptor: 2)

  public init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Whether somebody looks at it as it is written.
  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether escape sequences do what they should.
  public var takesEscapes: Bool {
    guard isTerminal, let terminal = getenv("TERM").map({ String(cString: $0) }) else {
      return false
    }
    return !terminal.isEmpty && terminal != "dumb"
  }

  /// Columns of the terminal; 80 where nobody knows.
  public var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes all of `text`, after what C and Swift have buffered. A closed pipe drops the rest.
  public func write(_ text: String) {
    fflush(nil)
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  /// Writes `text` as lines of its own; nothing if it is empty.
  public func show(_ text: String) {
    guard !text.isEmpty else { return }
    write(text.hasSuffix("\n") ? text : text + "\n")
  }

  /// The columns that `text` takes: none for combining characters, two for East Asian wide ones.
  public static func columns(of text: some StringProtocol) -> Int {
    useLocale()
    return text.unicodeScalars.reduce(0) { sum, scalar in
      sum + Int(max(0, wcwidth(wchar_t(scalar.value))))
    }
  }

  /// Makes the C library treat text as UTF-8, whatever the environment says; numbers stay in the
  /// C locale, so that a decimal comma can enter nowhere.
  public static func useLocale() { _ = locale }

  private static let locale: Void = {
    setlocale(LC_CTYPE, "")
    if String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
  }()
}
