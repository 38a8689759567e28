import Glibc
import MaasData
import MaasServer
import MaasTensors
import Testing

/// A listening socket that says `answer` to its first connections, or nothing.
private final class Listener {
  private let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  let port: Int
  private var thread: pthread_t?

  init(answer: String?) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { [socket] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(socket, pointer, size)
        _ = getsockname(socket, pointer, &size)
      }
    }
    port = Int(in_port_t(bigEndian: address.sin_port))
    listen(socket, 8)
    guard let answer else { return }
    final class Task {
      let socket: Int32
      let answer: String
      init(_ socket: Int32, _ answer: String) { (self.socket, self.answer) = (socket, answer) }
    }
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        let task = Unmanaged<Task>.fromOpaque(pointer).takeRetainedValue()
        let client = accept(task.socket, nil, nil)
        var request = [UInt8](repeating: 0, count: 4096)
        _ = recv(client, &request, request.count, 0)
        _ = send(client, task.answer, task.answer.utf8.count, Int32(MSG_NOSIGNAL))
        close(client)
        return nil
      }, Unmanaged.passRetained(Task(socket, answer)).toOpaque())
    self.thread = thread
  }

  deinit {
    if let thread { pthread_join(thread, nil) }
    close(socket)
  }
}

extension Servers {
  @Suite struct Clients {
    private func error(_ url: String, timeout: Double = 10) -> CoreError? {
      #expect(throws: CoreError.self) { try getJSON(url: url, timeout: timeout) }
    }

    @Test func aServerIsAskedAndAnswers() throws {
      try withServer { server in
        let reply = try postJSON(
          url: server.url + "/predict", body: ["data": [[1, 2, 1, 0], [0, 0.5, 1.5, 0]]])
        #expect(reply.status == 200)
        #expect(
          reply.body == [
            "predictions": [1, 7], "probabilities": [[0.25, 0.5, 0.25], [0, 0.25, 0.75]],
            "model": "digits", "version": 1,
          ])
        let refused = try postJSON(url: server.url + "/predict", body: ["data": [[1]]])
        #expect(refused.status == 422)
        #expect(refused.body["error"]?["id"] == "wrong-width")
        #expect(try getJSON(url: server.url).body["model"] == "digits")
      }
    }

    @Test func answersComeWithLengthInChunksOrUntilTheEnd() throws {
      for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}more",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{\"a\":1}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
      ] {
        let listener = Listener(answer: answer)
        let reply = try getJSON(url: "http://127.0.0.1:\(listener.port)/x")
        #expect(reply.status == 200 && reply.body == ["a": 1])
      }
      let listener = Listener(answer: "HTTP/1.1 204 No Content\r\n\r\n")
      #expect(try getJSON(url: "http://127.0.0.1:\(listener.port)").body == .null)
    }

    @Test func brokenAnswersAreErrors() {
      for (answer, id) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "connection-lost"),
        ("", "connection-lost"),
        ("hello", "connection-lost"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "bad-answer"),
      ] {
        let listener = Listener(answer: answer)
        #expect(error("http://127.0.0.1:\(listener.port)")?.id == id, "\(answer)")
      }
    }

    @Test func nobodyThereAndNoAnswerAreErrors() throws {
      var port = 0
      try withServer { port = $0.port }
      #expect(
        error("http://127.0.0.1:\(port)/predict")
          == CoreError(
            "cannot-connect", "nothing listens at 127.0.0.1 port \(port)",
            help: "is the server running, and is this its port?"))
      #expect(error("http://no.such.host.invalid/")?.id == "cannot-connect")
      let silent = Listener(answer: nil)
      #expect(error("http://127.0.0.1:\(silent.port)", timeout: 0.05)?.id == "too-slow")
    }

    @Test func anInterruptEndsTheWaiting() {
      let silent = Listener(answer: nil)
      let interrupt = Interrupt()
      interrupt.raise()
      let error = #expect(throws: CoreError.self) {
        try postJSON(url: "http://127.0.0.1:\(silent.port)", body: 1, interrupt: interrupt)
      }
      #expect(error?.id == "interrupted")
    }

    @Test func addressesThatCannotBeAskedAreErrors() {
      for (url, id) in [
        ("https://127.0.0.1/", "no-https"), ("127.0.0.1:80", "bad-url"), ("", "bad-url"),
        ("http://", "bad-url"), ("http://:80/", "bad-url"), ("http://a:b/", "bad-url"),
        ("http://a:0/", "bad-url"), ("http://a:65536/", "bad-url"), ("http://u@a/", "bad-url"),
        ("http://a/b c", "bad-url"), ("http://a/\r\nX: y", "bad-url"), ("http://[::1/", "bad-url"),
        ("ftp://a/", "bad-url"), ("http://é/", "bad-url"),
      ] {
        #expect(error(url)?.id == id, "\(url)")
      }
    }
  }
}
