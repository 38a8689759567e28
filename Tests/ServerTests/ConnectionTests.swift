import MaasData
import MaasServer
import MaasTensors
import NIOCore
import Synchronization
import Testing

private let row = #"{"data": [[1, 2, 1, 0]]}"#
private let rowAnswer =
  #"{"predictions":[1],"probabilities":[[0.25,0.5,0.25]],"model":"digits","version":1}"#

extension Servers {
  @Suite struct Connections {
    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
      try withServer { server in
        let wire = Wire(port: server.port)
        let bodies = (0..<200).map { #"{"data": [[\#($0), 0, 0, 1]]}"# }
        let requests = bodies.map { post($0) + get("/nowhere") }
        wire.send(requests.joined())
        for (index, body) in bodies.enumerated() {
          let alone = answer(server, post(body))
          #expect(wire.answer()?.body == alone?.body, "\(index)")
          #expect(wire.answer()?.status == 404)
        }
      }
    }

    @Test func chunkedBodiesArriveWhole() throws {
      try withServer { server in
        let wire = Wire(port: server.port)
        let chunks = row.map { "1\r\n\($0)\r\n" }.joined() + "0\r\nX: trailer\r\n\r\n"
        wire.send(
          "POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
        #expect(wire.answer()?.body == rowAnswer)
        let rows = Array(repeating: "[1, 2, 1, 0]", count: 50_000).joined(separator: ", ")
        let body = #"{"data": [\#(rows)]}"#
        let half = body.utf8.count / 2
        wire.send(
          "POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "\(String(half, radix: 16))\r\n\(body.prefix(half))\r\n"
            + "\(String(body.utf8.count - half, radix: 16))\r\n\(body.dropFirst(half))\r\n0\r\n\r\n"
        )
        let reply = try JSON(parsing: wire.answer()?.body ?? "")
        #expect(reply["predictions"]?.elements == Array(repeating: 1, count: 50_000))
        wire.send("POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        #expect(wire.answer()?.status == 400)
        #expect(wire.ends())
      }
    }

    @Test func whoAsksFirstIsToldToGoOn() throws {
      try withServer { server in
        let wire = Wire(port: server.port)
        for _ in 0..<2 {
          wire.send(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: \(row.utf8.count)\r\n"
              + "Expect: 100-continue\r\n\r\n")
          #expect(wire.answer(toHead: true)?.status == 100)
          wire.send(row)
          #expect(wire.answer()?.body == rowAnswer)
        }
        wire.send(
          "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(wire.answer()?.status == 404)
        #expect(wire.ends())
      }
    }

    @Test func bodiesOverTheLimitAreRefusedBeforeTheyAreRead() throws {
      let refusal = """
        413
        Connection: close
        {"error":{"id":"body-too-large","message":"the body is larger than 1000 bytes","help":"send the rows in several requests","pointer":null}}
        """
      try withServer(.digits, options { $0.maxBody = 1000 }) { server in
        let head = "POST /predict HTTP/1.1\r\nHost: x\r\n"
        let declared = Wire(port: server.port)
        declared.send(head + "Content-Length: 1001\r\n\r\n")
        #expect(declared.answer()?.summary == refusal)
        let asking = Wire(port: server.port)
        asking.send(head + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
        #expect(asking.answer()?.summary == refusal)
        let chunked = Wire(port: server.port)
        chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n")
        let chunk = "1f4\r\n" + String(repeating: " ", count: 500) + "\r\n"
        chunked.send(chunk + chunk + chunk)
        #expect(chunked.answer()?.summary == refusal)
        // One who sends it all before reading gets the answer too.
        let stubborn = Wire(port: server.port)
        let flood = String(repeating: " ", count: 4 << 20)
        stubborn.send(head + "Content-Length: \(flood.utf8.count)\r\n\r\n" + flood)
        #expect(stubborn.answer()?.summary == refusal)
        stubborn.endSending()
        #expect(stubborn.ends())
      }
    }

    @Test func silentAndSlowClientsAreClosed() throws {
      let limits = options {
        $0.headTimeout = .milliseconds(60)
        $0.bodyTimeout = .milliseconds(60)
        $0.idleTimeout = .milliseconds(60)
      }
      try withServer(.digits, limits) { server in
        let silent = Wire(port: server.port)
        #expect(silent.ends())
        let halfHead = Wire(port: server.port)
        halfHead.send("GET / HTTP/1.1\r\nHost:")
        #expect(halfHead.ends())
        let halfBody = Wire(port: server.port)
        halfBody.send("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        #expect(halfBody.answer()?.status == 408)
        let idle = Wire(port: server.port)
        idle.send(get("/healthz"))
        #expect(idle.answer()?.status == 200)
        #expect(idle.ends())
      }
    }

    @Test func whoTakesNoAnswersIsHeldBackAndClosed() throws {
      try withServer(.digits, options { $0.answerTimeout = .milliseconds(60) }) { server in
        let greedy = Wire(port: server.port)
        let requests = String(repeating: get("/"), count: 1000)
        var rounds = 0
        while rounds < 10_000 && greedy.send(requests) { rounds += 1 }
        #expect(rounds < 10_000)
        #expect(answer(server, get("/healthz"))?.status == 200)
      }
    }

    @Test func whoEndsSendingStillGetsTheAnswer() throws {
      try withServer { server in
        let wire = Wire(port: server.port)
        wire.send(post(row) + post(row))
        wire.endSending()
        #expect(wire.answer()?.body == rowAnswer)
        #expect(wire.answer()?.body == rowAnswer)
        #expect(wire.ends())
      }
    }

    @Test func tooManyConnectionsAreTurnedAway() throws {
      try withServer(.digits, options { $0.maxConnections = 2 }) { server in
        var wires = (0..<2).map { _ in Wire(port: server.port) }
        for wire in wires {
          wire.send(get("/healthz"))
          #expect(wire.answer()?.status == 200)
        }
        let third = Wire(port: server.port)
        third.send(get("/healthz"))
        #expect(
          third.answer()?.summary == """
            503
            Connection: close
            Retry-After: 1
            {"error":{"id":"busy","message":"too many connections are open","help":"try again in a moment","pointer":null}}
            """)
        #expect(third.isOpen)
        wires = []
        // Once the others are gone there is room: the loop ends when the server has seen it.
        while answer(server, get("/healthz"))?.status != 200 {}
      }
    }

    @Test func aFullQueueTurnsRequestsAway() throws {
      var slow = FakePredictor.digits
      let gate = Gate()
      slow.gate = gate
      let refusals = Gate()
      let limits = options {
        $0.threads = 1
        $0.maxQueue = 1
        $0.observer = { if $0.status == 503 { refusals.arrive() } }
      }
      try withServer(slow, limits) { server in
        let first = Wire(port: server.port)
        first.send(post(row))
        gate.awaitArrival()
        let others = (0..<3).map { _ in Wire(port: server.port) }
        for other in others { other.send(post(row)) }
        refusals.awaitArrival()
        refusals.awaitArrival()
        gate.open(2)
        #expect(first.answer()?.body == rowAnswer)
        let answers = others.map { $0.answer() }
        #expect(answers.map { $0?.status ?? 0 }.sorted() == [200, 503, 503])
        let refused = answers.first { $0?.status == 503 }
        #expect(
          refused??.summary == """
            503
            Retry-After: 1
            {"error":{"id":"busy","message":"too many requests are waiting","help":"try again in a moment","pointer":null}}
            """)
      }
    }

    @Test(arguments: [
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n", "Upgrade: h2c\r\n",
    ])
    func whoAsksForAnotherProtocolIsAnsweredAndClosed(_ headers: String) throws {
      try withServer { server in
        for request in [post(row, headers: headers), get("/healthz", headers: headers)] {
          let wire = Wire(port: server.port)
          wire.send(request)
          let answer = wire.answer()
          #expect(answer?.status == 200)
          #expect(answer?.headers.contains("Connection: close") == true)
          wire.endSending()
          #expect(wire.ends())
        }
      }
    }

    @Test func aRequestHasOneHost() throws {
      try withServer { server in
        let reply = answer(server, get("/healthz", headers: "Host: y\r\n"))
        #expect(reply?.status == 400)
        #expect(reply?.body.contains("more than one Host header") == true)
      }
    }

    @Test(arguments: ["\t;a", " ; charset=utf-8", ";charset=utf-8", ""])
    func parametersOfATypeDoNotMatter(_ rest: String) throws {
      try withServer { server in
        let request = post(row, headers: "Content-Type: application/json\(rest)\r\n")
        #expect(answer(server, request)?.body == rowAnswer)
      }
    }

    /// What the answer is once the server has seen that an earlier connection is gone.
    private func answerWhenThereIsRoom(_ server: Server, _ request: String) -> WireAnswer? {
      while true {
        let reply = answer(server, request)
        if reply?.body.contains("too many connections") != true { return reply }
      }
    }

    @Test func aBodyCountsUntilItsWorkerIsDoneAlsoWhereTheClientIsGone() throws {
      var slow = FakePredictor.digits
      let gate = Gate()
      slow.gate = gate
      let limits = options {
        $0.threads = 1
        $0.maxConnections = 1
        $0.maxBodies = row.utf8.count * 3 / 2
      }
      try withServer(slow, limits) { server in
        let first = Wire(port: server.port)
        first.send(post(row))
        gate.awaitArrival()
        first.reset()
        let second = answerWhenThereIsRoom(server, post(row))
        #expect(second?.status == 503)
        #expect(second?.body.contains("too many large requests") == true)
        gate.open(100)
        while answerWhenThereIsRoom(server, post(row))?.status == 503 {}
        #expect(answerWhenThereIsRoom(server, post(row))?.body == rowAnswer)
      }
    }

    @Test func whatNobodyWaitsForIsNotPredicted() throws {
      var slow = FakePredictor.digits
      let gate = Gate()
      slow.gate = gate
      let limits = options {
        $0.threads = 1
        $0.maxConnections = 2
      }
      try withServer(slow, limits) { server in
        let first = Wire(port: server.port)
        first.send(post(row))
        gate.awaitArrival()
        let second = Wire(port: server.port)
        // One segment: who has the first answer knows that the second request was taken.
        second.send(get("/healthz") + post(row))
        #expect(second.answer()?.status == 200)
        second.reset()
        #expect(answerWhenThereIsRoom(server, get("/healthz"))?.status == 200)
        gate.open(2)
        #expect(first.answer()?.body == rowAnswer)
        #expect(answerWhenThereIsRoom(server, post(row))?.body == rowAnswer)
      }
    }
  }
}
