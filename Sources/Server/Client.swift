import Glibc
import MaasData
import MaasTensors
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends `body` as JSON to an `http://` address and waits for the answer, whatever its status.
///
/// `timeout` is in seconds and covers all of it. Throws `bad-url`, `no-https`, `cannot-connect`,
/// `connection-lost`, `too-slow`, `bad-answer` (no JSON, or over 256 MB), `not-json` (`body` holds
/// what JSON cannot), and `interrupted`.
public func postJSON(
  url: String, body: JSON, timeout: Double = 60, interrupt: Interrupt = .shared
) throws -> (status: Int, body: JSON) {
  try Client(url: url, timeout: timeout, interrupt: interrupt).ask(.POST, try body.bytes())
}

/// Asks for an `http://` address and waits for the answer, as `postJSON` does.
public func getJSON(
  url: String, timeout: Double = 60, interrupt: Interrupt = .shared
) throws -> (status: Int, body: JSON) {
  try Client(url: url, timeout: timeout, interrupt: interrupt).ask(.GET, nil)
}

/// One request to one address on a connection of its own.
private struct Client {
  let url: String
  let address: WebAddress
  let timeout: Double
  let interrupt: Interrupt

  /// The thread of all clients: asleep but when somebody asks.
  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  /// How long an interrupt may wait to be seen.
  private static let pollMilliseconds = 20

  init(url: String, timeout: Double, interrupt: Interrupt) throws {
    self.url = url
    self.interrupt = interrupt
    // A day is as good as for ever; NaN counts as no time.
    self.timeout = timeout >= 0 ? min(timeout, 86_400) : 0
    address = try WebAddress(url)
  }

  func ask(_ method: HTTPMethod, _ body: [UInt8]?) throws -> (status: Int, body: JSON) {
    let reply = Monitor<Result<Reply, any Error>?>(nil)
    let channel = connect(head(method, body), body, reply)
    defer { channel.whenSuccess { $0.close(promise: nil) } }
    let result = try wait(for: reply)
    do {
      let answer = try result.get()
      if answer.body.isEmpty { return (answer.status, .null) }
      return (answer.status, try decode(answer))
    } catch let error as CoreError {
      throw error
    } catch {
      throw lost(error)
    }
  }

  /// Connects and sends; what comes of it arrives in `reply`.
  private func connect(
    _ head: HTTPRequestHead, _ body: [UInt8]?, _ reply: Monitor<Result<Reply, any Error>?>
  ) -> EventLoopFuture<any Channel> {
    let channel = ClientBootstrap(group: Client.group)
      .connectTimeout(.milliseconds(max(1, Int64(timeout * 1000))))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()),
            ReplyReader(head: head, body: body, reply: reply),
          ])
        }
      }
      .connect(host: address.host, port: address.port)
    channel.whenFailure { error in
      reply.with { $0 = $0 ?? .failure(cannotConnect(error)) }
      reply.signal()
    }
    return channel
  }

  private func head(_ method: HTTPMethod, _ body: [UInt8]?) -> HTTPRequestHead {
    var headers: HTTPHeaders = [
      "Host": address.authority, "Accept": "application/json", "Connection": "close",
    ]
    if let body {
      headers.add(name: "Content-Type", value: "application/json")
      headers.add(name: "Content-Length", value: "\(body.count)")
    }
    return HTTPRequestHead(
      version: .http1_1, method: method, uri: address.target, headers: headers)
  }

  private func wait(
    for reply: Monitor<Result<Reply, any Error>?>
  ) throws -> Result<Reply, any Error> {
    let end = NIODeadline.now() + .nanoseconds(Int64(timeout * 1e9))
    while true {
      if let result = reply.wait(milliseconds: Client.pollMilliseconds, { $0 }) { return result }
      try interrupt.check()
      if NIODeadline.now() >= end {
        throw CoreError(
          "too-slow", "\(url) did not answer within \(timeout) seconds",
          help: "ask for less at once, or allow more time")
      }
    }
  }

  private func decode(_ answer: Reply) throws -> JSON {
    do {
      return try JSON(parsing: answer.body)
    } catch {
      throw CoreError(
        "bad-answer", "\(url) answered \(answer.status) with a body that is not JSON: \(error)",
        help: "is this the address of a maas server?")
    }
  }

  private func cannotConnect(_ error: any Error) -> CoreError {
    let refused = (error as? NIOConnectionError).map { failure in
      failure.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
    }
    let place = "\(address.host) port \(address.port)"
    if refused == true {
      return CoreError(
        "cannot-connect", "nothing listens at \(place)",
        help: "is the server running, and is this its port?")
    }
    let isUnknown = (error as? NIOConnectionError)?.connectionErrors.isEmpty == true
    return CoreError(
      "cannot-connect",
      isUnknown ? "there is no host named \(address.host)" : "\(place) cannot be reached",
      help: "check the address \(url)")
  }

  private func lost(_ error: any Error) -> CoreError {
    CoreError(
      "connection-lost", "\(url) closed the connection before its answer was complete",
      help: "the server may have stopped; ask again")
  }
}

/// A whole answer.
private struct Reply: Sendable {
  var status: Int
  var body: [UInt8]
}

/// Sends one request and collects its answer.
private final class ReplyReader: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private static let maxBody = 256 << 20

  private let head: HTTPRequestHead
  private let body: [UInt8]?
  private let reply: Monitor<Result<Reply, any Error>?>
  private var answer = Reply(status: 0, body: [])

  init(head: HTTPRequestHead, body: [UInt8]?, reply: Monitor<Result<Reply, any Error>?>) {
    self.head = head
    self.body = body
    self.reply = reply
  }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let body {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): answer.status = Int(head.status.code)
    case .body(let bytes):
      answer.body.append(contentsOf: bytes.readableBytesView)
      if answer.body.count > ReplyReader.maxBody {
        settle(.failure(CoreError("bad-answer", "the answer is larger than 256 MB")), context)
      }
    case .end: settle(.success(answer), context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    settle(.failure(ChannelError.eof), context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    settle(.failure(error), context)
  }

  /// Tells the first result; later ones are no news.
  private func settle(_ result: Result<Reply, any Error>, _ context: ChannelHandlerContext) {
    reply.with { $0 = $0 ?? result }
    reply.signal()
    context.close(promise: nil)
  }
}
