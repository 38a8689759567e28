import MaasData
import MaasServer
import Testing

extension Servers {
  @Suite struct Routes {
    /// A request and the whole of its answer but for date, length and type.
    private static let table: [(request: String, answer: String)] = [
      (
        post(#"{"data": [[1, 2, 1, 0], [0, 0.5, 1.5, 0]]}"#),
        """
        200
        {"predictions":[1,7],"probabilities":[[0.25,0.5,0.25],[0,0.25,0.75]],"model":"digits","version":1}
        """
      ),
      (
        post(
          #"{"data": [{"p0": 1, "p1": 2, "p2": 1, "p3": 0}, {"p3":0,"p2":1.5,"p1":0.5,"p0":0}]}"#),
        """
        200
        {"predictions":[1,7],"probabilities":[[0.25,0.5,0.25],[0,0.25,0.75]],"model":"digits","version":1}
        """
      ),
      (
        post(#"{"data": []}"#),
        """
        200
        {"predictions":[],"probabilities":[],"model":"digits","version":1}
        """
      ),
      (
        post(
          " {\n\"data\"\t:[ [1,2 ,1, 0]\r\n] } ",
          headers: "Content-Type: application/json; charset=utf-8\r\n"),
        """
        200
        {"predictions":[1],"probabilities":[[0.25,0.5,0.25]],"model":"digits","version":1}
        """
      ),
      (
        get("/healthz?now"),
        """
        200
        {"status":"ok","model":"digits","version":1}
        """
      ),
      (
        get("http://x/healthz"),
        """
        200
        {"status":"ok","model":"digits","version":1}
        """
      ),
      (
        get("/nowhere"),
        """
        404
        {"error":{"id":"not-found","message":"there is nothing at /nowhere","help":"GET / describes the model, POST /predict asks it","pointer":null}}
        """
      ),
      (
        get("/predict"),
        """
        405
        Allow: POST
        {"error":{"id":"method-not-allowed","message":"/predict does not take GET","help":"it takes POST","pointer":null}}
        """
      ),
      (
        post("{}", to: "/healthz"),
        """
        405
        Allow: GET, HEAD
        {"error":{"id":"method-not-allowed","message":"/healthz does not take POST","help":"it takes GET, HEAD","pointer":null}}
        """
      ),
      (
        post("p0=1", headers: "content-type: text/csv\r\n"),
        """
        415
        {"error":{"id":"unsupported-type","message":"the body is declared as text/csv","help":"send JSON with Content-Type: application/json","pointer":null}}
        """
      ),
      (
        post("x", headers: "Content-Encoding: gzip\r\n"),
        """
        415
        {"error":{"id":"unsupported-encoding","message":"the body is compressed","help":"send it as it is","pointer":null}}
        """
      ),
      (
        "GET /healthz HTTP/1.1\r\n\r\n",
        """
        400
        {"error":{"id":"bad-request","message":"the request has no Host header","help":"HTTP/1.1 asks for one","pointer":null}}
        """
      ),
      (
        "GET /healthz HTTP/1.0\r\n\r\n",
        """
        200
        Connection: close
        {"status":"ok","model":"digits","version":1}
        """
      ),
      (
        "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        """
        200
        Connection: keep-alive
        {"status":"ok","model":"digits","version":1}
        """
      ),
      (
        get("/healthz", headers: "Connection: close\r\n"),
        """
        200
        Connection: close
        {"status":"ok","model":"digits","version":1}
        """
      ),
      (
        "hello\r\n\r\n",
        """
        400
        Connection: close
        {"error":{"id":"bad-request","message":"this is no HTTP/1.1 request","help":"send POST /predict with a JSON body","pointer":null}}
        """
      ),
      (
        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        """
        400
        Connection: close
        {"error":{"id":"bad-request","message":"this is no HTTP/1.1 request","help":"send POST /predict with a JSON body","pointer":null}}
        """
      ),
      (
        get("/" + String(repeating: "a", count: 9000)),
        """
        414
        Connection: close
        {"error":{"id":"uri-too-long","message":"the request's address is longer than 8 KB","help":"ask for /predict","pointer":null}}
        """
      ),
      (
        get("/", headers: "X: " + String(repeating: "a", count: 20_000) + "\r\n"),
        """
        431
        Connection: close
        {"error":{"id":"headers-too-large","message":"the request's headers are too many or too long","help":"16 KB a header, 64 KB and 128 headers in all","pointer":null}}
        """
      ),
      (
        get("/", headers: String(repeating: "X: a\r\n", count: 200)),
        """
        431
        Connection: close
        {"error":{"id":"headers-too-large","message":"the request's headers are too many or too long","help":"16 KB a header, 64 KB and 128 headers in all","pointer":null}}
        """
      ),
      (
        post("{}", headers: "Expect: 200-ok\r\n"),
        """
        417
        Connection: close
        {"error":{"id":"unknown-expectation","message":"the request expects something this server does not know","help":"only Expect: 100-continue is known","pointer":null}}
        """
      ),
    ]

    @Test func eachRequestHasItsAnswer() throws {
      try withServer { server in
        for (request, expected) in Routes.table {
          #expect(answer(server, request)?.summary == expected, "\(request.prefix(300))")
        }
      }
    }

    @Test func headGivesTheHeadOfGet() throws {
      try withServer { server in
        let wire = Wire(port: server.port)
        for path in ["/", "/healthz"] {
          wire.send(get(path))
          let full = try #require(wire.answer())
          wire.send(get(path, method: "HEAD"))
          let head = try #require(wire.answer(toHead: true))
          #expect(head.headers == full.headers)
          #expect(head.body.isEmpty && !full.body.isEmpty)
        }
      }
    }

    @Test func theModelIsDescribedAndItsExampleWorks() throws {
      for predictor in [FakePredictor.digits, .people] {
        try withServer(predictor, version: nil) { server in
          let card = try getJSON(url: server.url).body
          let example = try #require(card["example"])
          #expect(example["path"] == "/predict")
          let reply = try postJSON(
            url: server.url + (example["path"]?.text ?? ""), body: example["body"] ?? .null)
          #expect(reply.status == 200)
          #expect(reply.body["predictions"]?.elements?.count == 1)
          #expect(reply.body["version"] == .null)
          if predictor.outputWidth == 1 { #expect(card["inputs"] == peopleInputs) }
        }
      }
    }

    private let peopleInputs: JSON = [
      "form": "columns",
      "columns": [
        ["name": "age", "kind": "number"], ["name": "member", "kind": "bool"],
        ["name": "colour", "kind": "category", "categories": ["blue", "red"]],
      ],
    ]

    @Test func columnsOfAllKindsAndASigmoidAreAnswered() throws {
      try withServer(.people) { server in
        let rows =
          #"{"data": [[0.5, false, "red"], {"colour": "blue", "member": true, "age": -2}]}"#
        // The one output is the share of the whole: always 1, the second class.
        #expect(
          answer(server, post(rows))?.body
            == #"{"predictions":["yes","yes"],"probabilities":[[0,1],[0,1]],"model":"digits","version":1}"#
        )
      }
    }

    @Test func numbersAreAnsweredFlatOrInRows() throws {
      var prices = FakePredictor.digits
      prices.target = .numbers(names: ["price"])
      prices.outputWidth = 1
      try withServer(prices) { server in
        #expect(
          answer(server, post(#"{"data": [[1, 2, 3, 4], [0.1, 0, 0, 0]]}"#))?.body
            == #"{"predictions":[10,0.1],"model":"digits","version":1}"#)
      }
      prices.target = .numbers(names: ["a", "b"])
      prices.outputWidth = 2
      try withServer(prices) { server in
        #expect(
          answer(server, post(#"{"data": [[1, 2, 3, 4]]}"#))?.body
            == #"{"predictions":[[4,6]],"model":"digits","version":1}"#)
        #expect(
          answer(server, post(#"{"data": [[1, 2, 3, 4], [3e38, 0, 3e38, 0]]}"#))?.summary == """
            422
            {"error":{"id":"not-finite","message":"the prediction for data[1] is no finite number","help":"the values of this row are too far from those the model was trained on","pointer":"/data/1"}}
            """)
      }
    }

    @Test func severalOutputsAreAnsweredByName() throws {
      var both = FakePredictor.digits
      let kinds = MaasData.Target.classes([.text("a"), .text("b"), .text("c")], name: "kind")
      let sizes = MaasData.Target.numbers(names: ["w", "h"])
      both.target = .outputs([
        .init("price", .numbers(names: ["cost"])), .init("kind", kinds), .init("size", sizes),
        .init("\"sure\"", .classes([.bool(false), .bool(true)], name: nil)),
      ])
      both.outputWidth = 4
      both.parts = [
        .init("price", .numbers(names: ["cost"]), columns: 0..<1),
        .init("kind", kinds, columns: 1..<4),
        .init("size", sizes, columns: 2..<4),
        .init(
          "\"sure\"", .classes([.bool(false), .bool(true)], name: nil), columns: 1..<2,
          threshold: 0, givesProbabilities: false),
      ]
      try withServer(both) { server in
        #expect(
          answer(server, post(#"{"data": [[1, 2, 3, 0], [0.5, -1, 0, 4]]}"#))?.body
            == #"{"predictions":[{"price":1,"kind":"b","size":[3,0],"\"sure\"":true},"#
            + #"{"price":0.5,"kind":"c","size":[0,4],"\"sure\"":false}],"#
            + #""probabilities":[{"kind":[2,3,0]},{"kind":[-1,0,4]}],"#
            + #""scores":[{"\"sure\"":[2]},{"\"sure\"":[-1]}],"model":"digits","version":1}"#)
        #expect(
          answer(server, post(#"{"data": [[3e38, 0, 3e38, 0], [3e39, 0, 0, 0]]}"#))?.status == 422)
        let card = (answer(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")?.body ?? "")
          .filter { !$0.isWhitespace }
        #expect(
          card.contains(
            #""outputs":{"price":{"kind":"numbers","names":["cost"]},"kind":{"kind":"classes","#))
      }
    }

    @Test func slicesOfATensorComeNestedOrFlat() throws {
      var images = FakePredictor.digits
      images.schema = Schema(.tensor([2, 2]))
      try withServer(images) { server in
        let reply = answer(server, post(#"{"data": [[[1, 2], [1, 0]], [1, 2, 1, 0]]}"#))
        #expect(
          reply?.body
            == #"{"predictions":[1,1],"probabilities":[[0.25,0.5,0.25],[0.25,0.5,0.25]],"model":"digits","version":1}"#
        )
        for body in ["[[1,2],[1]]", "[[1,2],[1,0],[0,0]]", "[[1,2]]", "[[1,2],[1,0,0]]", "[1,2,3]"]
        {
          #expect(answer(server, post(#"{"data": [\#(body)]}"#))?.status == 422, "\(body)")
        }
      }
    }
  }
}
