import Glibc
import MaasData
import MaasServer
import MaasTensors
import NIOCore
import Testing

private let row = #"{"data": [[1, 2, 1, 0]]}"#

/// Threads of servers in this process, told by their names: other suites start threads meanwhile.
private func threadCount() -> Int {
  guard let folder = opendir("/proc/self/task") else { return 0 }
  defer { closedir(folder) }
  var count = 0
  while let entry = readdir(folder) {
    let thread = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    guard let file = fopen("/proc/self/task/\(thread)/comm", "r") else { continue }
    defer { fclose(file) }
    var name = [CChar](repeating: 0, count: 32)
    guard fgets(&name, 32, file) != nil else { continue }
    let text = String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix("NIO-") || text.hasPrefix("maas-serve") { count += 1 }
  }
  return count
}

extension Servers {
  @Suite struct Lifetimes {
    @Test func manyClientsAtOnceGetExactAnswersFromTheSameThreads() throws {
      try withServer { server in
        let wires = (0..<32).map { _ in Wire(port: server.port) }
        #expect(answer(server, post(row))?.status == 200)
        let before = threadCount()
        for round in 0..<20 {
          let rows = wires.indices.map { client in
            (0..<4).map { Float(1 + (client * 7 + round * 13 + $0 * 29) % 31) / 31 }
          }
          for (wire, row) in zip(wires, rows) {
            wire.send(post(#"{"data": [\#(row)]}"#))
          }
          for (wire, row) in zip(wires, rows) {
            let reply = try JSON(parsing: wire.answer()?.body ?? "")
            let got = reply["probabilities"]?[0]?.elements?.compactMap {
              $0.double.map { Float($0) }
            }
            #expect(got == outputs(row))
          }
        }
        #expect(before > 1)
        #expect(threadCount() <= before)
      }
    }

    @Test func aServerStartsOnce() throws {
      try withServer { server in
        #expect(caught { try server.start() }?.id == "already-started")
      }
    }

    @Test func faultsOfAModelHaveIds() throws {
      var broken = FakePredictor.digits
      broken.fault = .prediction
      try withServer(broken) { server in
        let reply = answer(server, post(row))
        #expect(reply?.status == 500)
        let body = try JSON(parsing: reply?.body ?? "")
        #expect(body["error"]?["id"]?.text == "prediction-failed")
      }
      broken.fault = .memory
      #expect(caught { try withServer(broken) { _ in } }?.id == "no-workspace")
    }

    private func caught(_ body: () throws -> Void) -> CoreError? {
      do {
        try body()
        return nil
      } catch { return error as? CoreError }
    }

    /// What the model itself gives for a row.
    private func outputs(_ row: [Float]) -> [Float] {
      var outputs: [Float] = [0, 0, 0]
      row.withUnsafeBufferPointer { row in
        outputs.withUnsafeMutableBufferPointer { outputs in
          try? FakePredictor.digits.predict(row, into: outputs, 0)
        }
      }
      return outputs
    }

    @Test func stoppingAnswersWhatWasTakenAndNothingNew() throws {
      var slow = FakePredictor.digits
      let gate = Gate()
      slow.gate = gate
      try withServer(slow) { server in
        let busy = Wire(port: server.port)
        busy.send(post(row))
        gate.awaitArrival()
        let idle = Wire(port: server.port)
        idle.send(get("/healthz"))
        #expect(idle.answer()?.status == 200)
        let stopper = Stopper(server)
        #expect(idle.ends())
        while Wire(port: server.port).isOpen {}
        gate.open(1)
        #expect(busy.answer()?.status == 200)
        #expect(busy.ends())
        stopper.wait()
        #expect(!server.isRunning)
        server.stop()
      }
    }

    @Test func whatWasSentJustBeforeTheStopIsAnswered() throws {
      for _ in 0..<20 {
        try withServer { server in
          let wires = (0..<8).map { _ in Wire(port: server.port) }
          for wire in wires { wire.send(post(row)) }
          server.stop()
          for wire in wires { #expect(wire.answer()?.status == 200) }
        }
      }
    }

    @Test func stoppingDoesNotWaitForEver() throws {
      try withServer(.digits, options { $0.stopTimeout = .milliseconds(60) }) { server in
        let stuck = Wire(port: server.port)
        stuck.send(
          "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        #expect(stuck.answer(toHead: true)?.status == 100)
        server.stop()
        #expect(stuck.ends())
      }
    }

    @Test func aPortInUseIsAnError() throws {
      try withServer { server in
        var options = ServerOptions()
        options.port = server.port
        let second = try Server(predictor: FakePredictor.digits, model: "x", options: options)
        let error = #expect(throws: CoreError.self) { try second.start() }
        #expect(
          error
            == CoreError(
              "port-in-use",
              "port \(server.port) on 127.0.0.1 is in use by another program",
              help: "stop that program, or choose another port; port 0 picks a free one"))
        #expect(!second.isRunning)
        // The one who has the port is none the worse.
        #expect(answer(server, post(row))?.status == 200)
      }
    }

    @Test func badPortsAndHostsAreErrors() throws {
      for (host, port, id) in [
        ("127.0.0.1", -1, "bad-port"), ("127.0.0.1", 65_536, "bad-port"),
        ("no.such.host.invalid", 0, "bad-host"), ("203.0.113.1", 0, "bad-host"),
      ] {
        var options = ServerOptions()
        options.host = host
        options.port = port
        let server = try Server(predictor: FakePredictor.digits, model: "x", options: options)
        let error = #expect(throws: CoreError.self) { try server.start() }
        #expect(error?.id == id)
      }
    }
  }
}

/// Stops a server on a thread of its own.
private final class Stopper {
  private var thread = pthread_t()

  init(_ server: Server) {
    let pointer = Unmanaged.passRetained(server).toOpaque()
    pthread_create(
      &thread, nil,
      { pointer in
        pointer.map { Unmanaged<Server>.fromOpaque($0).takeRetainedValue().stop() }
        return nil
      }, pointer)
  }

  func wait() { pthread_join(thread, nil) }
}
