import MaasData
import MaasTensors

/// An answer other than 200: `{"error": {"id", "message", "help", "pointer"}}`.
struct Refusal: Error, Equatable {
  var status: Int
  var id: String
  var message: String
  var help: String?
  /// Where in the body the fault lies (RFC 6901); nil where it is not in the body.
  var pointer: String?
  /// "Allow" or "Retry-After", as a whole line with its end.
  var header = ""

  init(
    _ status: Int, _ id: String, _ message: String, help: String? = nil, pointer: String? = nil,
    header: String = ""
  ) {
    self.status = status
    self.id = id
    self.message = message
    self.help = help
    self.pointer = pointer
    self.header = header
  }

  /// 400 for what is no JSON, 422 for JSON that does not fit the model.
  init(_ error: JSONError) {
    let isSyntax = error.id == "bad-json"
    let place = isSyntax ? ", line \(error.line), column \(error.column)" : ""
    let help = isSyntax ? #"send JSON: {"data": [row, …]}"# : "GET / shows a body that works"
    // Of a body that ends too early nobody wants to know that a file may be cut off.
    let own = error.help == JSONError.helpAtEnd ? nil : error.help
    self.init(
      isSyntax ? 400 : 422, error.id, error.message + place, help: own ?? help,
      pointer: JSONError.cut(error.pointer, to: 300))
  }

  /// The body.
  var json: JSON {
    [
      "error": [
        "id": .string(id), "message": .string(message),
        "help": help.map(JSON.string) ?? .null, "pointer": pointer.map(JSON.string) ?? .null,
      ]
    ]
  }
}

extension Refusal {
  static func notFound(_ path: String) -> Refusal {
    Refusal(
      404, "not-found", "there is nothing at \(path.prefix(200))",
      help: "GET / describes the model, POST /predict asks it")
  }

  static func notAllowed(_ method: String, _ path: String, allowed: String) -> Refusal {
    Refusal(
      405, "method-not-allowed", "\(path) does not take \(method)", help: "it takes \(allowed)",
      header: "Allow: \(allowed)\r\n")
  }

  static func unsupportedType(_ type: String) -> Refusal {
    Refusal(
      415, "unsupported-type", "the body is declared as \(type.prefix(100))",
      help: "send JSON with Content-Type: application/json")
  }

  static let unsupportedEncoding = Refusal(
    415, "unsupported-encoding", "the body is compressed", help: "send it as it is")

  static let noHost = Refusal(
    400, "bad-request", "the request has no Host header", help: "HTTP/1.1 asks for one")

  static let manyHosts = Refusal(
    400, "bad-request", "the request has more than one Host header", help: "HTTP/1.1 asks for one")

  static let badRequest = Refusal(
    400, "bad-request", "this is no HTTP/1.1 request", help: "send POST /predict with a JSON body")

  static let longTarget = Refusal(
    414, "uri-too-long", "the request's address is longer than 8 KB", help: "ask for /predict")

  static let longHeaders = Refusal(
    431, "headers-too-large", "the request's headers are too many or too long",
    help: "16 KB a header, 64 KB and 128 headers in all")

  static let expectation = Refusal(
    417, "unknown-expectation", "the request expects something this server does not know",
    help: "only Expect: 100-continue is known")

  static let tooSlow = Refusal(
    408, "too-slow", "the body did not arrive in time", help: "send less at once")

  static let tooManyConnections = busy("too many connections are open")
  static let queueFull = busy("too many requests are waiting")
  static let tooManyBytes = busy("too many large requests are in work")

  private static func busy(_ message: String) -> Refusal {
    Refusal(
      503, "busy", message, help: "try again in a moment", header: "Retry-After: 1\r\n")
  }

  static func tooLarge(limit: Int) -> Refusal {
    Refusal(
      413, "body-too-large", "the body is larger than \(limit) bytes",
      help: "send the rows in several requests")
  }

  static func tooManyNumbers(limit: Int) -> Refusal {
    Refusal(
      413, "too-many-rows", "the rows and their answers hold more than \(limit) numbers",
      help: "send the rows in several requests", pointer: "/data")
  }
}
