import NIOCore
import NIOHTTP1

/// One request as its head tells it: what is asked, what keeps it from being answered, and how its
/// answer must look.
struct Exchange {
  enum Route { case card, health, predict }

  /// What is asked for, or why it is refused once the body has been taken.
  let route: Result<Route, Refusal>
  let method: String
  let path: String
  let isKeptAlive: Bool
  let isOld: Bool
  /// Whether the client waits for leave to send the body.
  let wantsContinue: Bool
  /// The body so far, unless it is refused.
  var body = ByteBuffer()

  init(_ head: HTTPRequestHead, maxBody: Int) {
    let fields = Fields(head.headers)
    method = head.method.rawValue
    path = Exchange.path(head.uri)
    // Behind these, what follows on the connection is not read as HTTP.
    isKeptAlive = head.isKeepAlive && !fields.asksForUpgrade && head.method != .CONNECT
    isOld = head.version.major == 1 && head.version.minor == 0
    wantsContinue = fields.expect?.lowercased() == "100-continue" && !isOld
    do throws(Refusal) {
      try Exchange.check(head, fields, maxBody)
      let route = try Exchange.route(head.method, path)
      if route == .predict { try Exchange.checkType(fields) }
      self.route = .success(route)
    } catch {
      route = .failure(error)
    }
  }

  /// A refusal that need not wait for the body, as it would not be read.
  var urgentRefusal: Refusal? {
    guard case .failure(let refusal) = route else { return nil }
    return wantsContinue || [413, 414, 417, 431].contains(refusal.status) ? refusal : nil
  }

  /// Where each path leads and which methods it takes.
  private static let routes: [(path: String, route: Route, methods: [HTTPMethod])] = [
    ("/predict", .predict, [.POST]),
    ("/", .card, [.GET, .HEAD]),
    ("/healthz", .health, [.GET, .HEAD]),
  ]

  private static func route(_ method: HTTPMethod, _ path: String) throws(Refusal) -> Route {
    for entry in routes where entry.path == path {
      if entry.methods.contains(method) { return entry.route }
      let allowed = entry.methods.map(\.rawValue).joined(separator: ", ")
      throw .notAllowed(method.rawValue, path, allowed: allowed)
    }
    throw .notFound(path)
  }

  /// The path of a request's target, "/predict?x" or "http://host/predict".
  private static func path(_ target: String) -> String {
    let bytes = target.utf8
    var path = bytes[...]
    if bytes.starts(with: "http://".utf8) {
      path = bytes.dropFirst(7).drop { $0 != UInt8(ascii: "/") }
      if path.isEmpty { return "/" }
    }
    if let end = path.firstIndex(of: UInt8(ascii: "?")) { path = path[..<end] }
    return path.count == bytes.count ? target : String(decoding: path, as: UTF8.self)
  }

  private static func check(
    _ head: HTTPRequestHead, _ fields: Fields, _ maxBody: Int
  ) throws(Refusal) {
    if head.version.major != 1 { throw .badRequest }
    if head.uri.utf8.count > 8192 { throw .longTarget }
    if fields.hosts == 0 && head.version.minor > 0 { throw .noHost }
    if fields.hosts > 1 { throw .manyHosts }
    if let length = fields.length.flatMap({ Int($0) }), length > maxBody {
      throw .tooLarge(limit: maxBody)
    }
    if let expect = fields.expect, expect.lowercased() != "100-continue" { throw .expectation }
  }

  private static func checkType(_ fields: Fields) throws(Refusal) {
    if let encoding = fields.encoding, encoding.lowercased() != "identity" {
      throw .unsupportedEncoding
    }
    guard let type = fields.type, type != "application/json" else { return }
    let essence = type.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
    // What `curl -d` and Python's urllib declare when they are told nothing: nobody chose it, and
    // the body must be JSON all the same.
    let isUnsaid = essence == "application/x-www-form-urlencoded"
    if essence != "application/json" && !essence.hasSuffix("+json") && !isUnsaid {
      throw .unsupportedType(type)
    }
  }
}

/// The headers this server looks at, found in one pass.
private struct Fields {
  var hosts = 0
  var asksForUpgrade = false
  var length: String?
  var type: String?
  var encoding: String?
  var expect: String?

  init(_ headers: HTTPHeaders) {
    for (name, value) in headers {
      switch name.utf8.count {
      case 4 where Fields.equal(name, "host"): hosts += 1
      case 7 where Fields.equal(name, "upgrade"): asksForUpgrade = true
      case 14 where Fields.equal(name, "content-length"): length = value
      case 12 where Fields.equal(name, "content-type"): type = value
      case 16 where Fields.equal(name, "content-encoding"): encoding = value
      case 6 where Fields.equal(name, "expect"): expect = value
      default: break
      }
    }
  }

  /// Whether ASCII `name` is `lowercase` but for capitals.
  private static func equal(_ name: String, _ lowercase: StaticString) -> Bool {
    var name = name
    return name.withUTF8 { bytes in
      bytes.indices.allSatisfy { bytes[$0] | 0x20 == lowercase.utf8Start[$0] | 0x20 }
    }
  }
}
