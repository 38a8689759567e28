import Glibc

/// A bare TCP connection to a server on this machine: sends any bytes, reads whole answers.
/// Nothing waits longer than ten seconds.
final class Wire {
  private let socket: Int32
  private var buffer: [UInt8] = []
  private var isReset = false
  /// Whether the connection was made.
  let isOpen: Bool

  init(port: Int) {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.socket = socket
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(
      socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
    }
    isOpen = status == 0
  }

  deinit { if !isReset { close(socket) } }

  /// Sends all bytes; false if the other side is gone.
  @discardableResult
  func send(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Breaks the connection off as a crashed client does.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close(socket)
    isReset = true
  }

  /// Says that no more is sent.
  func endSending() { shutdown(socket, Int32(SHUT_WR)) }

  /// One answer without its Date line; nil if the connection ends before it is whole.
  func answer(toHead: Bool = false) -> WireAnswer? {
    while true {
      if let answer = WireAnswer(taking: &buffer, hasBody: !toHead) { return answer }
      if !read() { return nil }
    }
  }

  /// Whether the other side ends the connection and sends nothing more before.
  func ends() -> Bool {
    if !buffer.isEmpty { return false }
    let goesOn = read()
    return !goesOn && errno != EAGAIN
  }

  private func read() -> Bool {
    errno = 0
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = part.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
    if count > 0 { buffer += part[..<count] }
    return count > 0
  }
}

/// An HTTP answer as it came.
struct WireAnswer: Equatable {
  var statusLine: String
  var status: Int
  /// Lines, without the status line and without Date.
  var headers: [String]
  var body: String

  /// Takes one whole answer from the front of `bytes`; nil if there is none yet.
  init?(taking bytes: inout [UInt8], hasBody: Bool) {
    let gap = Array("\r\n\r\n".utf8)
    guard
      let end = bytes.indices.first(where: { bytes[$0...].starts(with: gap) })
    else { return nil }
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    let lines = text.split(separator: "\r\n").map(String.init)
    statusLine = lines.first ?? ""
    status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    headers = lines.dropFirst().filter { !$0.hasPrefix("Date: ") }
    let length = headers.first { $0.hasPrefix("Content-Length: ") }.flatMap {
      Int($0.dropFirst(16))
    }
    let bodyEnd = end + 4 + (hasBody ? length ?? 0 : 0)
    if bytes.count < bodyEnd { return nil }
    body = String(decoding: bytes[(end + 4)..<bodyEnd], as: UTF8.self)
    bytes.removeFirst(bodyEnd)
  }

  /// The status, the headers beside type and length, and the body.
  var summary: String {
    let plain = ["Content-Type: application/json"]
    let rest = headers.filter { !plain.contains($0) && !$0.hasPrefix("Content-Length: ") }
    return ([status.description] + rest + [body]).joined(separator: "\n")
  }
}
