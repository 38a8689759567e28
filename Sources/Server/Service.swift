import MaasData
import NIOCore

/// What all connections of one server share. Lives on the server's event loop: only touched there.
final class Service {
  let options: ServerOptions
  let pool: WorkerPool
  /// The bodies of `GET /` and `GET /healthz`.
  let card: [UInt8]
  let health: [UInt8]
  /// For the Date header.
  private(set) var date = httpDate()
  private(set) var isStopping = false
  /// Bytes of bodies held for requests that are not answered yet.
  var heldBytes = 0
  private var connections: [ObjectIdentifier: Connection] = [:]
  private var whenEmpty: EventLoopPromise<Void>?

  init(options: ServerOptions, pool: WorkerPool, card: [UInt8], health: [UInt8]) {
    self.options = options
    self.pool = pool
    self.card = card
    self.health = health
  }

  var connectionCount: Int { connections.count }

  /// How often deadlines are looked at: often enough for the shortest.
  var tick: TimeAmount {
    let shortest =
      [
        options.headTimeout, options.bodyTimeout, options.idleTimeout, options.answerTimeout,
      ].min() ?? .seconds(1)
    return .nanoseconds(max(5_000_000, min(500_000_000, shortest.nanoseconds / 4)))
  }

  /// What a new connection may do.
  enum Admission { case served, refused, dropped }

  /// Takes a connection in: past the limit each gets one 503, past twice the limit nothing.
  func admit(_ connection: Connection) -> Admission {
    if isStopping || connections.count >= 2 * options.maxConnections { return .dropped }
    let isWithin = connections.count < options.maxConnections
    connections[ObjectIdentifier(connection)] = connection
    return isWithin ? .served : .refused
  }

  func remove(_ connection: Connection) {
    connections[ObjectIdentifier(connection)] = nil
    if connections.isEmpty { whenEmpty?.succeed() }
  }

  /// Closes what is overdue; keeps the date.
  func sweep() {
    date = httpDate()
    let now = NIODeadline.now()
    for connection in Array(connections.values) where connection.deadline < now {
      connection.expire()
    }
  }

  /// From here on each answer is its connection's last; the promise is kept when all are gone.
  func drain(_ promise: EventLoopPromise<Void>) {
    isStopping = true
    whenEmpty = promise
    if connections.isEmpty { promise.succeed() }
  }

  /// Closes each connection that has asked for nothing.
  func retire() {
    for connection in Array(connections.values) { connection.retire() }
  }

  /// Closes all connections now.
  func abandon() {
    for connection in Array(connections.values) { connection.abort() }
  }
}
