import Glibc
import MaasData
import NIOCore

/// One HTTP answer as bytes: the body is written first, the head then into room left before it.
///
/// Invariant: `body`'s reader index is `Answer.room`; `head` fits there (its parts are bounded).
struct Answer {
  private static let room = 384
  private(set) var body: ByteBuffer

  /// An answer whose body is still empty.
  init(capacity: Int = 512) {
    body = ByteBufferAllocator().buffer(capacity: Answer.room + capacity)
    body.moveWriterIndex(to: Answer.room)
    body.moveReaderIndex(to: Answer.room)
  }

  /// Bytes of the body.
  var count: Int { body.readableBytes }

  @inline(__always)
  mutating func write(_ text: StaticString) {
    body.writeStaticString(text)
  }

  @inline(__always)
  mutating func write(_ bytes: [UInt8]) {
    body.writeBytes(bytes)
  }

  /// Appends numbers, all finite, with commas between them.
  mutating func write(_ numbers: UnsafeBufferPointer<Float>) {
    let most = numbers.count * (NumberPrinter.width + 1)
    body.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { bytes in
      guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return 0 }
      var end = start
      for (index, number) in numbers.enumerated() {
        if index > 0 {
          end.pointee = UInt8(ascii: ",")
          end += 1
        }
        end += NumberPrinter.write(number, into: end)
      }
      return end - start
    }
  }

  /// What an answer's head says beside the length.
  struct Head {
    var status = 200
    var date = ""
    /// "keep-alive" is said to HTTP/1.0 only.
    var connection: StaticString = ""
    /// A whole header line with its end, or none.
    var extra = ""
    /// Whether the body is left out, as for HEAD.
    var isBare = false
  }

  /// The whole answer. Consumes this value.
  consuming func finish(_ head: Head) -> ByteBuffer {
    withUnsafeTemporaryAllocation(byteCount: Answer.room, alignment: 1) { bytes in
      var line = Line(bytes: bytes)
      line.put("HTTP/1.1 ")
      line.put(Status.line(head.status))
      line.put("\r\nDate: ")
      line.put(head.date)
      line.put("\r\nContent-Type: application/json\r\nContent-Length: ")
      line.put(body.readableBytes)
      line.put("\r\n")
      line.put(head.connection)
      line.put(head.extra)
      line.put("\r\n")
      if head.isBare { body.moveWriterIndex(to: Answer.room) }
      let start = Answer.room - line.count
      body.setBytes(UnsafeRawBufferPointer(rebasing: bytes[..<line.count]), at: start)
      body.moveReaderIndex(to: start)
    }
    return body
  }

  /// Text laid end to end; what does not fit is left out.
  private struct Line {
    let bytes: UnsafeMutableRawBufferPointer
    var count = 0

    mutating func put(_ text: StaticString) {
      put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func put(_ text: String) {
      var text = text
      text.withUTF8 { put($0) }
    }

    mutating func put(_ number: Int) {
      var digits = number.description
      digits.withUTF8 { put($0) }
    }

    private mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
      guard let source = text.baseAddress, count + text.count <= bytes.count,
        let start = bytes.baseAddress
      else { return }
      memcpy(start + count, source, text.count)
      count += text.count
    }
  }
}

/// Status codes with their phrases.
enum Status {
  static func line(_ code: Int) -> StaticString {
    switch code {
    case 200: "200 OK"
    case 400: "400 Bad Request"
    case 404: "404 Not Found"
    case 405: "405 Method Not Allowed"
    case 408: "408 Request Timeout"
    case 413: "413 Content Too Large"
    case 414: "414 URI Too Long"
    case 415: "415 Unsupported Media Type"
    case 417: "417 Expectation Failed"
    case 422: "422 Unprocessable Content"
    case 431: "431 Request Header Fields Too Large"
    case 503: "503 Service Unavailable"
    default: "500 Internal Server Error"
    }
  }
}

extension Answer {
  /// An answer that holds `json`, and the head for it.
  init(_ refusal: Refusal) {
    self.init()
    write((try? refusal.json.bytes()) ?? [])
  }
}

/// The time as HTTP writes it: "Sun, 22 Nov 2026 02:00:00 GMT".
func httpDate(_ seconds: time_t = time(nil)) -> String {
  let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  var seconds = seconds
  var parts = tm()
  gmtime_r(&seconds, &parts)
  func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
  let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  return "\(day) \(parts.tm_year + 1900) \(clock) GMT"
}
