import NIOCore

/// Where a server listens and what it allows.
public struct ServerOptions: Sendable {
  /// A name or address of this machine; "0.0.0.0" opens it to others.
  public var host = "127.0.0.1"
  /// 0 picks a free one.
  public var port = 0
  /// Threads that predict; one for each processor that the process may use, at most 8.
  public var threads = max(1, min(8, System.coreCount))
  /// Connections at once; more are answered 503.
  public var maxConnections = 512
  /// Requests that wait for a thread; more are answered 503.
  public var maxQueue = 1024
  /// Bytes of one request's body; more are answered 413.
  public var maxBody = 16 << 20
  /// Bytes of all bodies held at once; more are answered 503.
  public var maxBodies = 256 << 20
  /// Numbers in all rows of one request, inputs and outputs; more are answered 413.
  public var maxNumbers = 8 << 20
  /// For the first request of a connection to begin.
  public var headTimeout = TimeAmount.seconds(10)
  /// From a request's head to the end of its body.
  public var bodyTimeout = TimeAmount.seconds(60)
  /// Between requests of one connection.
  public var idleTimeout = TimeAmount.seconds(60)
  /// For the client to take an answer.
  public var answerTimeout = TimeAmount.seconds(30)
  /// For `stop()`: what is not answered by then is dropped.
  public var stopTimeout = TimeAmount.seconds(5)
  /// Called on the server's event loop for every answer; must be quick.
  public var observer: (@Sendable (ServerEvent) -> Void)?

  public init() {}
}

/// One answer, for a log.
public struct ServerEvent: Sendable {
  public var method: String
  public var path: String
  public var status: Int
}
