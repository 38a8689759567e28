import MaasData
import MaasServer
import Testing

extension Servers {
  @Suite struct BadBodies {
    private struct Case {
      var body: String
      var status: Int
      var id: String
      var message: String
      var help: String?
      var pointer: String

      init(
        _ body: String, _ status: Int, _ id: String, _ pointer: String, _ message: String,
        help: String? = nil
      ) {
        self.body = body
        self.status = status
        self.id = id
        self.message = message
        self.help =
          help ?? (status == 400 ? BadBodies.sendJSON : "GET / shows a body that works")
        self.pointer = pointer
      }

      var answer: JSON {
        [
          "error": [
            "id": .string(id), "message": .string(message),
            "help": help.map(JSON.string) ?? .null, "pointer": .string(pointer),
          ]
        ]
      }
    }

    private static let sendJSON = #"send JSON: {"data": [row, …]}"#
    private static let small = "numbers go up to 3.4e38: divide such ones first"
    private static let unquoted = "write numbers without quotes"
    private static let once = "give each key once"
    private static let shape = #"send {"data": [row, …]}"#
    private static let order = "the columns are, in order: p0, p1, p2, p3"
    private static let brackets = #"each row stands in brackets of its own: {"data": [[…], […]]}"#
    private static let finite =
      "JSON has finite numbers only; leave the row out or fill the value in"
    private static let fill = "every value is needed: fill it in or leave the row out"

    /// Bodies for four columns of numbers.
    private static let digits: [Case] = [
      Case(
        "", 400, "bad-json", "",
        "found the end of the text where a value is needed, line 1, column 1"),
      Case(
        "p0=1", 400, "bad-json", "", "found `p0` where a value is needed, line 1, column 1"),
      Case(
        "[[1,2,3,4]]", 422, "wrong-shape", "", "the body is an array where an object is needed",
        help: shape),
      Case(
        "3", 422, "wrong-shape", "", "the body is a number where an object is needed", help: shape),
      Case("{}", 422, "missing-data", "", #"the body has no "data""#, help: shape),
      Case(
        #"{"rows": [[1,2,3,4]]}"#, 422, "unknown-key", "/rows",
        #"the body has the unknown key "rows""#, help: #"send {"data": [row, …]} and nothing else"#),
      Case(
        #"{"data": [[1,2,3,4]], "data": []}"#, 400, "bad-json", "/data",
        #"the key "data" comes twice in one object, line 1, column 23"#, help: once),
      Case(
        #"{"data": [[0]"#, 400, "bad-json", "/data",
        "found the end of the text where `,` or `]` is needed, line 1, column 14"),
      Case(
        #"{"data": [[0], [1, 2, "x"}]}"#, 400, "bad-json", "/data/1",
        "found `}` where `,` or `]` is needed, line 1, column 26"),
      Case(
        #"{"data": 3}"#, 422, "wrong-shape", "/data",
        "found a number where a list of rows is needed"),
      Case(
        #"{"data": null}"#, 422, "missing-value", "/data",
        "found null where a list of rows is needed", help: fill),
      Case(
        #"{"data": [1,2,3,4]}"#, 422, "wrong-shape", "/data/0",
        "data[0]: found a number where a list or a record is needed", help: brackets),
      Case(
        #"{"data": [[1,2,3,4],[1,2,3]]}"#, 422, "wrong-width", "/data/1",
        "data[1] has 3 values where the model takes 4", help: order),
      Case(
        #"{"data": [[1,2,3,4],[1,2,3,4,5,6]]}"#, 422, "wrong-width", "/data/1",
        "data[1] has 6 values where the model takes 4", help: order),
      Case(
        #"{"data": [[]]}"#, 422, "wrong-width", "/data/0",
        "data[0] has 0 values where the model takes 4", help: order),
      Case(
        #"{"data": [[1,2,3,1e39]]}"#, 422, "number-too-large", "/data/0/3",
        "data[0]: the number `1e39` is too large for a 32-bit float", help: small),
      Case(
        #"{"data": [[1,2,3,1e999]]}"#, 422, "number-too-large", "/data/0/3",
        "data[0]: the number `1e999` is too large for a 64-bit float",
        help: "numbers go up to 1.8e308: divide such ones first"),
      Case(
        #"{"data": [[1,NaN,3,4]]}"#, 400, "bad-json", "/data/0/1",
        "found `NaN` where a value is needed, line 1, column 14", help: finite),
      Case(
        #"{"data": [[1,-Infinity,3,4]]}"#, 400, "bad-json", "/data/0/1",
        "`-Infinity` is not a number as JSON writes it, line 1, column 14",
        help: "such as 0.5, -1, 12 or 1e-3"),
      Case(
        #"{"data": [[1,null,3,4]]}"#, 422, "missing-value", "/data/0/1",
        "data[0]: found null where a number is needed", help: fill),
      Case(
        #"{"data": [[1,"2",3,4]]}"#, 422, "wrong-kind", "/data/0/1",
        "data[0]: found a string where a number is needed", help: unquoted),
      Case(
        #"{"data": [[1,[2],3,4]]}"#, 422, "wrong-kind", "/data/0/1",
        "data[0]: found an array where a number is needed"),
      Case(
        #"{"data": [[1,2,3,4,]]}"#, 400, "bad-json", "/data/0",
        "found a comma with nothing after it, line 1, column 19", help: "remove the comma"),
      Case(
        #"{"data": [[1,02,3,4]]}"#, 400, "bad-json", "/data/0/1",
        "`02` is not a number as JSON writes it, line 1, column 14",
        help: "such as 0.5, -1, 12 or 1e-3"),
      Case(
        "{\"data\": [[1,2,3,4],\n[1 2,3,4]]}", 400, "bad-json", "/data/1",
        "found `2` where `,` or `]` is needed, line 2, column 4"),
      Case(
        #"{"data": [[1,2,3,4]]} x"#, 400, "bad-json", "",
        "found `x` where the end of the text is needed, line 1, column 23"),
      Case(
        #"{"data": [[1,2,3,4]"#, 400, "bad-json", "/data",
        "found the end of the text where `,` or `]` is needed, line 1, column 20"),
      Case(
        #"{"data": [{"p0": 1, "p1": 2, "p3": 4}]}"#, 422, "missing-column", "/data/0",
        "data[0] lacks the column p2", help: "each row needs a value for each of p0, p1, p2, p3"),
      Case(
        #"{"data": [{"p0": 1}]}"#, 422, "missing-column", "/data/0",
        "data[0] lacks the columns p1, p2, p3",
        help: "each row needs a value for each of p0, p1, p2, p3"),
      Case(
        #"{"data": [{"p0": 1, "a/b~c": 2}]}"#, 422, "unknown-column", "/data/0/a~1b~0c",
        #"data[0] has the unknown column "a/b~c""#, help: "the columns are p0, p1, p2, p3"),
      Case(
        #"{"data": [{"p0": 1, "p0": 2}]}"#, 400, "bad-json", "/data/0/p0",
        #"the key "p0" comes twice in one object, line 1, column 21"#, help: once),
    ]

    /// Bodies for a number, a bool and a category.
    private static let people: [Case] = [
      Case(
        #"{"data": [[1, true, "mauve"]]}"#, 422, "unseen-category", "/data/0/2",
        #"data[0], column colour: "mauve" was not among the training data"#,
        help: "the model knows blue, red"),
      Case(
        #"{"data": [{"age": 1, "member": true, "colour": "mauve"}]}"#, 422, "unseen-category",
        "/data/0/colour", #"data[0], column colour: "mauve" was not among the training data"#,
        help: "the model knows blue, red"),
      Case(
        #"{"data": [{"age": 1, "member": true, "colour": null}]}"#, 422, "missing-value",
        "/data/0/colour", "data[0], column colour: found null where a text is needed", help: fill),
      Case(
        #"{"data": [["1", true, "red"]]}"#, 422, "wrong-kind", "/data/0/0",
        "data[0], column age: found a string where a number is needed", help: unquoted),
      Case(
        #"{"data": [[1, 1, "red"]]}"#, 422, "wrong-kind", "/data/0/1",
        "data[0], column member: found a number where true or false is needed"),
      Case(
        #"{"data": [[1e39, true, "red"]]}"#, 422, "number-too-large", "/data/0/0",
        "data[0], column age: the number `1e39` is too large for a 32-bit float", help: small),
      Case(
        #"{"data": [[1, true, "red", 4]]}"#, 422, "wrong-width", "/data/0",
        "data[0] has 4 values where the model takes 3",
        help: "the columns are, in order: age, member, colour"),
      Case(
        #"{"data": [[1, tru, "red"]]}"#, 400, "bad-json", "/data/0/1",
        "found `tru` where a value is needed, line 1, column 15"),
    ]

    @Test func eachBadBodyHasItsAnswerAndLeavesTheConnectionOpen() throws {
      for (predictor, cases) in [
        (FakePredictor.digits, BadBodies.digits[...]), (.people, BadBodies.people[...]),
      ] {
        try withServer(predictor) { server in
          let wire = Wire(port: server.port)
          for bad in cases {
            wire.send(post(bad.body))
            let answer = wire.answer()
            #expect(answer?.status == bad.status, "\(bad.body)")
            let expected = try bad.answer.printed()
            #expect(answer?.body == expected, "\(bad.body)")
          }
        }
      }
    }

    @Test func deepNestingIsRefusedWhereverItStands() throws {
      try withServer { server in
        for depth in [600, 100_000] {
          let deep = String(repeating: "[", count: depth)
          for body in [deep, #"{"data": \#(deep)"#, #"{"data": [[1,\#(deep)"#, #"{"x": \#(deep)"#] {
            let status = answer(server, post(body))?.status ?? 0
            #expect(status == 400)
          }
        }
        #expect(answer(server, get("/healthz"))?.status == 200)
      }
    }

    /// Scripts and requests take the same cells for the same category.
    @Test func aCategoryMayReadAsANumber() throws {
      var sizes = FakePredictor.people
      sizes.schema = Schema(
        .fields([.init("age", .number), .init("size", .category(["1", "2.5", "big"]))]))
      try withServer(sizes) { server in
        for (text, number) in [(#""1""#, "1.0"), (#""2.5""#, "25e-1")] {
          let byText = answer(server, post(#"{"data": [[3, \#(text)]]}"#))
          let byNumber = answer(server, post(#"{"data": [{"size": \#(number), "age": 3}]}"#))
          #expect(byText?.status == 200 && byText?.body == byNumber?.body)
        }
        let unknown = try #require(answer(server, post(#"{"data": [[3, 7]]}"#)))
        #expect(unknown.status == 422 && unknown.body.contains("wrong-kind"))
      }
    }

    @Test func longTextsAreNotSentBackWhole() throws {
      try withServer(.people) { server in
        let long = String(repeating: "k", count: 50_000)
        for body in [
          #"{"\#(long)": 1}"#, #"{"data": [{"\#(long)": 1}]}"#,
          #"{"data": [[1, true, "\#(long)"]]}"#,
          #"{"\#(long)" 1}"#, #"{"data": [[1, true, {"\#(long)": 1, "\#(long)": 1}]]}"#,
        ] {
          let reply = try #require(answer(server, post(body)))
          #expect((400...422).contains(reply.status) && reply.body.utf8.count < 700)
        }
        let deep = #"{"data": "# + String(repeating: "[", count: 100_000)
        let reply = try #require(answer(server, post(deep)))
        #expect(reply.body.utf8.count < 700)
      }
    }

    @Test func tooManyNumbersAreRefused() throws {
      try withServer(.digits, options { $0.maxNumbers = 70 }) { server in
        let row = "[1,2,1,0]"
        func rows(_ count: Int) -> String {
          post(#"{"data": [\#(Array(repeating: row, count: count).joined(separator: ","))]}"#)
        }
        #expect(answer(server, rows(10))?.status == 200)
        #expect(
          answer(server, rows(11))?.summary == """
            413
            {"error":{"id":"too-many-rows","message":"the rows and their answers hold more than 70 numbers","help":"send the rows in several requests","pointer":"/data"}}
            """)
      }
    }

    @Test func mutatedBodiesNeverGetA5xxAndWhatIsTakenIsJSON() throws {
      let seeds = [
        #"{"data": [[1, -2.5e-3, 0, 3], [0.5, 1, 1, 1]]}"#,
        #"{"data": [{"p0": 1, "p1": 2, "p2": 3, "p3": 4}, [1, 2, 3, 4]]}"#,
      ]
      let alphabet = Array(#"{}[],:"\0123459.eE+-tnp "#)
      var state: UInt64 = 7
      func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
      }
      try withServer { server in
        let wire = Wire(port: server.port)
        for round in 0..<5000 {
          var body = Array(seeds[round % 2])
          for _ in 0...random(3) {
            let place = random(body.count)
            switch random(3) {
            case 0: body[place] = alphabet[random(alphabet.count)]
            case 1: body.insert(alphabet[random(alphabet.count)], at: place)
            default: body.remove(at: place)
            }
          }
          let text = String(body)
          wire.send(post(text))
          let status = try #require(wire.answer()).status
          let isJSON = (try? JSON(parsing: text)) != nil
          #expect(isJSON ? [200, 422].contains(status) : status == 400, "\(text)")
          #expect(status != 200 || isJSON)
        }
      }
    }
  }
}
