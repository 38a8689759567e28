import NIOCore
import NIOHTTP1

/// One client's connection: takes requests one after another, hands their bodies to the workers,
/// and writes answers in the order of the requests. Lives on the server's event loop.
///
/// What arrives while a request is answered waits in `pending`, and past a little of that the
/// socket is not read, so that a client that does not take answers cannot fill memory.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private enum Phase {
    /// For a request to begin.
    case waiting
    /// A request's body.
    case receiving
    /// A worker has the request.
    case working
    /// The client has more answers to take before the next request is looked at.
    case flushing
    /// The client has the last answer to take.
    case closing
    /// The last answer is taken; what still comes is thrown away until the client closes, for
    /// closing on unread bytes would destroy the answer on its way.
    case draining
    case closed
  }

  private enum Piece {
    case part(HTTPServerRequestPart)
    case failure(Refusal)
    case end
  }

  private static let lingerTime = TimeAmount.seconds(2)
  private static let maxPending = 32

  private let service: Service
  private let caller = Caller()
  private var context: ChannelHandlerContext?
  private var bound: NIOLoopBound<Connection>?
  private var phase = Phase.waiting
  private var exchange: Exchange?
  /// Whether the body of `exchange` has come to its end.
  private var hasWholeRequest = false
  private var pending = CircularBuffer<Piece>(initialCapacity: 8)
  private var isAdvancing = false
  private var isPaused = false
  /// Whether this connection is over the limit and gets a 503.
  private var isRefused = false
  /// Whether nothing more will come, or none of it matters, once the last answer is taken.
  private var isSpent = false
  /// When the current phase is overdue.
  private(set) var deadline = NIODeadline.distantFuture

  init(_ service: Service) {
    self.service = service
  }

  // MARK: What the channel says

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    switch service.admit(self) {
    case .dropped: return abort()
    case .refused: isRefused = true
    case .served: break
    }
    deadline = .now() + service.options.headTimeout
    context.read()
  }

  func channelInactive(context: ChannelHandlerContext) {
    caller.leave()
    // A body that a worker has is held until it comes back: see `deliver`.
    if phase != .working { releaseBody() }
    phase = .closed
    pending.removeAll()
    service.remove(self)
    self.context = nil
    bound = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    take(.part(unwrapInboundIn(data)))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isPaused = pending.count > Connection.maxPending
    if !isPaused { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { take(.end) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard phase == .flushing, context.channel.isWritable else { return }
    awaitRequest()
    advance()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return abort() }
    take(error == .headerOverflow ? .failure(.longHeaders) : .failure(.badRequest))
  }

  // MARK: Taking requests

  private func take(_ piece: Piece) {
    pending.append(piece)
    advance()
  }

  private var takesPieces: Bool {
    phase != .working && phase != .flushing && phase != .closed
  }

  /// Looks at what has arrived, as far as it may be looked at now.
  private func advance() {
    if isAdvancing { return }
    isAdvancing = true
    while takesPieces, let piece = pending.popFirst() { look(at: piece) }
    isAdvancing = false
    if isPaused && pending.isEmpty {
      isPaused = false
      context?.read()
    }
  }

  private func look(at piece: Piece) {
    switch (phase, piece) {
    case (.draining, .end), (.receiving, .end): abort()
    case (.closing, .end): isSpent = true
    case (_, .end): close(after: ByteBuffer(), isSpent: true)
    case (.draining, _), (.closing, _): break
    case (_, .failure(let refusal)): refuse(refusal, isLast: true)
    case (.waiting, .part(.head(let head))): begin(head)
    case (.receiving, .part(.body(let bytes))): receive(bytes)
    case (.receiving, .part(.end)): complete()
    default: break
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    let exchange = Exchange(head, maxBody: service.options.maxBody)
    self.exchange = exchange
    hasWholeRequest = false
    phase = .receiving
    deadline = .now() + service.options.bodyTimeout
    if isRefused {
      refuse(.tooManyConnections, isLast: true)
    } else if let refusal = exchange.urgentRefusal {
      refuse(refusal, isLast: true)
    } else if exchange.wantsContinue {
      write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
    }
  }

  private func receive(_ bytes: ByteBuffer) {
    guard case .success? = exchange?.route else { return }
    let count = bytes.readableBytes
    service.heldBytes += count
    if exchange?.body.readableBytes == 0 {
      exchange?.body = bytes
    } else {
      exchange?.body.writeImmutableBuffer(bytes)
    }
    if let size = exchange?.body.readableBytes, size > service.options.maxBody {
      refuse(.tooLarge(limit: service.options.maxBody), isLast: true)
    } else if service.heldBytes > service.options.maxBodies {
      refuse(.tooManyBytes, isLast: true)
    }
  }

  private func complete() {
    guard let exchange else { return }
    hasWholeRequest = true
    switch exchange.route {
    case .failure(let refusal): refuse(refusal)
    case .success(.card): answer(service.card)
    case .success(.health): answer(service.health)
    case .success(.predict): predict(exchange)
    }
  }

  private func predict(_ exchange: Exchange) {
    guard let bound else { return }
    let job = Job(body: exchange.body, connection: bound, head: head(), caller: caller)
    guard service.pool.submit(job) else { return refuse(.queueFull) }
    phase = .working
    deadline = .distantFuture
  }

  // MARK: Answering

  /// Whether the answer to the current request is the connection's last.
  private var isLast: Bool { service.isStopping || exchange?.isKeptAlive != true }

  private func head(_ status: Int = 200, extra: String = "", isLast: Bool? = nil) -> Answer.Head {
    let keepsAlive = exchange?.isOld == true ? "Connection: keep-alive\r\n" : "" as StaticString
    return Answer.Head(
      status: status, date: service.date,
      connection: isLast ?? self.isLast ? "Connection: close\r\n" : keepsAlive, extra: extra,
      isBare: exchange?.method == "HEAD")
  }

  private func answer(_ body: [UInt8]) {
    var answer = Answer(capacity: body.count)
    answer.write(body)
    send(answer.finish(head()), status: 200, isLast: isLast)
  }

  private func refuse(_ refusal: Refusal, isLast: Bool = false) {
    let isLast = isLast || self.isLast
    let head = head(refusal.status, extra: refusal.header, isLast: isLast)
    send(Answer(refusal).finish(head), status: refusal.status, isLast: isLast)
  }

  /// Takes a worker's answer, also where the client is gone: then only the body is let go.
  func deliver(_ answer: ByteBuffer, status: Int) {
    guard phase == .working else { return releaseBody() }
    send(answer, status: status, isLast: isLast)
    advance()
  }

  private func send(_ bytes: ByteBuffer, status: Int, isLast: Bool) {
    service.options.observer?(
      ServerEvent(method: exchange?.method ?? "", path: exchange?.path ?? "", status: status))
    releaseBody()
    exchange = nil
    let isSpent = hasWholeRequest
    hasWholeRequest = false
    if isLast { return close(after: bytes, isSpent: isSpent) }
    write(bytes)
    if context?.channel.isWritable == true {
      awaitRequest()
    } else if phase != .closed {
      phase = .flushing
      deadline = .now() + service.options.answerTimeout
    }
  }

  private func write(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>? = nil) {
    context?.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
  }

  private func awaitRequest() {
    guard phase != .closed else { return }
    phase = .waiting
    deadline = .now() + service.options.idleTimeout
    if service.isStopping && pending.isEmpty { close(after: ByteBuffer(), isSpent: true) }
  }

  /// Writes the last bytes and closes once the client has taken them: at once where the input is
  /// spent, else after throwing away what still comes.
  private func close(after bytes: ByteBuffer, isSpent: Bool) {
    guard phase != .closed, let context else { return }
    phase = .closing
    self.isSpent = isSpent
    deadline = .now() + service.options.answerTimeout
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in self.lastIsTaken() }
    write(bytes, promise: written)
  }

  private func lastIsTaken() {
    guard phase == .closing, let context else { return }
    if isSpent { return abort() }
    phase = .draining
    deadline = .now() + Connection.lingerTime
    context.close(mode: .output, promise: nil)
  }

  private func releaseBody() {
    service.heldBytes -= exchange?.body.readableBytes ?? 0
    exchange?.body = ByteBuffer()
  }

  // MARK: Ending

  /// Closes the connection as the current phase is overdue.
  func expire() {
    if phase == .receiving {
      refuse(.tooSlow, isLast: true)
    } else {
      abort()
    }
  }

  /// Closes the connection once the requests it has taken are answered.
  func retire() {
    if phase == .waiting && pending.isEmpty { close(after: ByteBuffer(), isSpent: true) }
  }

  /// Closes the connection now.
  func abort() {
    context?.close(promise: nil)
  }
}
