import MaasTensors

/// An `http://host[:port]/path` address, taken apart.
struct WebAddress: Equatable {
  var host: String
  var port: Int
  /// The path and the query.
  var target: String

  /// What the Host header says.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == 80 ? name : "\(name):\(port)"
  }

  /// Throws `CoreError("bad-url")` for what is no such address, and "no-https".
  init(_ url: String) throws {
    let lower = url.lowercased()
    if lower.hasPrefix("https://") {
      throw CoreError(
        "no-https", "\(url) asks for an encrypted connection, which maas cannot make",
        help: "use an http:// address, such as that of a server on this machine")
    }
    guard lower.hasPrefix("http://") else {
      throw WebAddress.bad(url, "it has no http:// in front")
    }
    if let odd = url.unicodeScalars.first(where: { !$0.isASCII || $0.value <= 0x20 }) {
      throw WebAddress.bad(url, "it holds the character \(odd.escaped(asASCII: true))")
    }
    let rest = url.dropFirst(7)
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    let target = rest[end...].prefix { $0 != "#" }
    self.target = target.hasPrefix("/") ? String(target) : "/" + target
    (host, port) = try WebAddress.split(rest[..<end], url)
  }

  /// Host and port of "name", "name:80", "[::1]:80".
  private static func split(_ authority: Substring, _ url: String) throws -> (String, Int) {
    if authority.contains("@") { throw bad(url, "it holds a user name") }
    var host = authority
    var port: Substring?
    if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<close]
      let rest = authority[authority.index(after: close)...]
      if !rest.isEmpty { port = rest.hasPrefix(":") ? rest.dropFirst() : "?" }
    } else if let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    if host.isEmpty || host.contains("[") { throw bad(url, "it names no host") }
    guard let port else { return (String(host), 80) }
    guard let number = UInt16(port), number > 0 else { throw bad(url, "\(port) is no port") }
    return (String(host), Int(number))
  }

  private static func bad(_ url: String, _ reason: String) -> CoreError {
    CoreError(
      "bad-url", "\"\(url)\" is no address to ask: \(reason)",
      help: "such as http://127.0.0.1:8080/predict")
  }
}
