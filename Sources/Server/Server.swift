import Glibc
import MaasData
import MaasTensors
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves one model over HTTP: `POST /predict`, `GET /`, `GET /healthz`.
///
/// One event loop reads and writes; a fixed pool of threads predicts. `start()` does not block.
public final class Server: Sendable {
  /// What the model is called in answers.
  public let model: String
  /// Its number in the registry; nil if it is not from there.
  public let version: Int?
  public let options: ServerOptions

  private let pool: WorkerPool
  private let card: [UInt8]
  private let health: [UInt8]
  private let startPool: @Sendable () throws -> Void
  private let monitor = Monitor<Running?>(nil)
  /// The port that the system gave; stays known after the end.
  private let bound = Monitor<Int?>(nil)

  /// What exists while the server runs.
  private struct Running: Sendable {
    let group: MultiThreadedEventLoopGroup
    let listener: any Channel
    let service: NIOLoopBound<Service>
    let sweeper: RepeatedTask
    let port: Int
  }

  /// A server that is not started yet. Throws where labels or names cannot be told as JSON.
  public init(
    predictor: some Predicting, model: String, version: Int? = nil,
    options: ServerOptions = ServerOptions()
  ) throws {
    self.model = model
    self.version = version
    self.options = options
    let card = ModelCard.json(
      predictor.schema, predictor.target, model: model, version: version)
    self.card = try card.bytes(pretty: true) + [0x0A]
    health = try JSON.object([
      .init("status", "ok"), .init("model", .string(model)),
      .init("version", card["version"] ?? .null),
    ]).bytes()
    let text = try AnswerText(predictor, model: model, version: version)
    let pool = WorkerPool(threads: options.threads, maxQueue: options.maxQueue)
    self.pool = pool
    startPool = { try pool.start(predictor, text, maxNumbers: options.maxNumbers) }
  }

  /// Starts to listen. Throws `port-in-use`, `port-not-allowed`, `bad-port`, `bad-host`; a server
  /// starts once.
  public func start() throws {
    guard (0...65535).contains(options.port) else {
      throw CoreError("bad-port", "there is no port \(options.port)", help: "ports are 0 to 65535")
    }
    if monitor.with({ $0 != nil }) { throw CoreError("already-started", "the server was started") }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let running = try listen(group)
      do { try startPool() } catch {
        try? running.listener.close().wait()
        throw error
      }
      monitor.with { $0 = running }
      bound.with { $0 = running.port }
    } catch {
      pool.stop()
      try? group.syncShutdownGracefully()
      throw bindError(error)
    }
  }

  private func listen(_ group: MultiThreadedEventLoopGroup) throws -> Running {
    let loop = group.next()
    let (options, pool, card, health) = (options, pool, card, health)
    let service = try loop.submit {
      NIOLoopBound(
        Service(options: options, pool: pool, card: card, health: health), eventLoop: loop)
    }.wait()
    let listener = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.maxMessagesPerRead, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(Server.decoder()), Connection(service.value),
          ])
        }
      }
      .bind(host: options.host, port: options.port).wait()
    let sweeper = try loop.submit {
      let tick = service.value.tick
      return loop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
        service.value.sweep()
      }
    }.wait()
    return Running(
      group: group, listener: listener, service: service, sweeper: sweeper,
      port: listener.localAddress?.port ?? options.port)
  }

  private static func decoder() -> HTTPRequestDecoder {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16 << 10
    limits.maxHeaderListSize = 64 << 10
    limits.maxHeaderFieldCount = 128
    return HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
  }

  /// The system's words for a failed bind, as the core's.
  private func bindError(_ error: any Error) -> any Error {
    if error is CoreError { return error }
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE:
      return CoreError(
        "port-in-use", "port \(options.port) on \(options.host) is in use by another program",
        help: "stop that program, or choose another port; port 0 picks a free one")
    case EACCES:
      return CoreError(
        "port-not-allowed", "this user may not listen on port \(options.port)",
        help: "ports from 1024 on are free to all; port 0 picks one")
    case EADDRNOTAVAIL, nil:
      return CoreError(
        "bad-host", "\(options.host) is no address of this machine",
        help: "127.0.0.1 serves this machine only, 0.0.0.0 all others too")
    case let code?:
      return CoreError("cannot-listen", "listening failed: \(String(cString: strerror(code)))")
    }
  }
}

extension Server {
  /// The port it listens on, or listened on; before the start the configured one.
  public var port: Int { bound.with { $0 } ?? options.port }

  /// "http://127.0.0.1:8080".
  public var url: String {
    let host = options.host.contains(":") ? "[\(options.host)]" : options.host
    return "http://\(host):\(port)"
  }

  /// Whether it was started and not stopped.
  public var isRunning: Bool { monitor.with { $0 != nil } }

  /// Stops listening, answers what was accepted (for `stopTimeout` at most), and ends all threads.
  /// Blocks until then; does nothing to a server that does not run.
  public func stop() {
    let running = monitor.with { running in
      defer { running = nil }
      return running
    }
    guard let running else { return }
    let loop = running.service.eventLoop
    // The loop looks at its sockets before it runs a task that was set for later: clients that are
    // connected already are let in.
    try? loop.scheduleTask(in: .milliseconds(5)) {}.futureResult.wait()
    try? running.listener.close().wait()
    let drained = loop.makePromise(of: Void.self)
    loop.execute { running.service.value.drain(drained) }
    // Later, as a request may have arrived that the loop has not looked at yet.
    let grace = loop.scheduleTask(in: .milliseconds(50)) { running.service.value.retire() }
    let timer = loop.scheduleTask(in: options.stopTimeout) { running.service.value.abandon() }
    try? drained.futureResult.wait()
    grace.cancel()
    timer.cancel()
    pool.stop()
    running.sweeper.cancel()
    try? running.group.syncShutdownGracefully()
  }
}
