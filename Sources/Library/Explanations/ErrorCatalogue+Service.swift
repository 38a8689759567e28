import MaasSyntax

extension ErrorCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Serving models and asking servers; most are answers to requests.
  static let service: [DiagnosticExplanation] = [
    Entry(
      "no-network",
      "These surroundings reach no network: a test or an example runs in them.",
      needs: "a test or an example runs in such surroundings (Tests/SessionTests)"),
    Entry(
      "bad-url",
      "An address is not written as http://host:port/path.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "no-https",
      "maas makes no encrypted connections.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "cannot-connect",
      "Nothing answers at an address.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "connection-lost",
      "A connection closed before the answer was complete.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "bad-answer",
      "An answer is no JSON, or too large.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "request-failed",
      "A server answered with an error.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "bad-port",
      "Ports are 0 to 65535; 0 picks a free one.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "bad-host",
      "A server listens on an address of this machine.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "port-in-use",
      "Another program listens on this port.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "port-not-allowed",
      "Ports below 1024 are the administrator's.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "cannot-listen",
      "The system refuses to listen.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "already-started",
      "A server was started twice.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "no-thread",
      "The system gives no more threads.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "no-workspace",
      "The system gives no memory for a worker.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "stopping",
      "The server is about to stop.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "busy",
      "The server has more requests than it can hold; ask again in a moment.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "prediction-failed",
      "A prediction failed for a reason that has no id of its own.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "not-found",
      "There is nothing at this path. GET / describes the model, POST /predict asks it.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "method-not-allowed",
      "A path does not take this method.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "unsupported-type",
      "The body of a request is JSON.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "unsupported-encoding",
      "The body of a request is not compressed.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "bad-request",
      "A request is not HTTP/1.1.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "uri-too-long",
      "The address of a request is longer than 8 KB.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "headers-too-large",
      "The headers of a request are too many or too long.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "unknown-expectation",
      "A request expects something that the server does not know.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "too-slow",
      "A body or an answer did not arrive in time.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "body-too-large",
      "The body of a request is larger than the server takes.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "too-many-rows",
      "A request asks for more rows than one answer holds.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "missing-data",
      "The body of a request has no \"data\".",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "wrong-shape",
      "The rows of a request do not have the model's shape.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
    Entry(
      "unknown-key",
      "The body of a request has a key that nobody reads.",
      needs: "an answer to a request, or a failed one (Tests/ServerTests)"),
  ]
}
