import GoldenSupport
import MaasData
import MaasServer
import Testing

/// Bad bodies for `/predict`, and whole answers to them kept in `Tests/Goldens/predict`.
private let bodies: [(name: String, body: String)] = [
  ("malformed", #"{"data": [[30, true, "red"]}"#),
  ("truncated", #"{"data": [[0]"#),
  ("empty", ""),
  ("form", "age=30&member=true"),
  ("nested", #"{"data": "# + String(repeating: "[", count: 100_000)),
  ("nested-row", #"{"data": [[30, true, "# + String(repeating: #"{"x": "#, count: 100_000)),
  ("duplicate-key", #"{"data": [[30, true, "red"]], "data": []}"#),
  ("duplicate-column", #"{"data": [{"age": 30, "age": 31, "member": true, "colour": "red"}]}"#),
  ("unknown-key", #"{"rows": [[30, true, "red"]]}"#),
  ("long-key", #"{""# + String(repeating: "k", count: 5_000_000) + #"": 1}"#),
  ("long-column", #"{"data": [{""# + String(repeating: "k", count: 100_000) + #"": 1}]}"#),
  ("no-object", "[[30, true, \"red\"]]"),
  ("no-data", "{}"),
  ("one-row-without-brackets", #"{"data": [30, true, "red"]}"#),
  ("too-narrow", #"{"data": [[30, true, "red"], [30, true]]}"#),
  ("too-wide", #"{"data": [[30, true, "red", 1]]}"#),
  ("missing-column", #"{"data": [{"age": 30, "colour": "red"}]}"#),
  ("unknown-column", #"{"data": [{"age": 30, "member": true, "color": "red"}]}"#),
  ("wrong-kind", #"{"data": [["30", true, "red"]]}"#),
  ("null", #"{"data": [[null, true, "red"]]}"#),
  ("unseen-category", #"{"data": [[30, true, "mauve"]]}"#),
  ("number-for-a-category", #"{"data": [[30, true, 3]]}"#),
  ("beyond-32-bits", #"{"data": [[1e39, true, "red"]]}"#),
  ("beyond-64-bits", #"{"data": [[-1e999, true, "red"]]}"#),
  ("nan", #"{"data": [[NaN, true, "red"]]}"#),
]

extension Servers {
  @Suite struct PredictGoldens {
    @Test(arguments: bodies.indices)
    func aBadBodyIsAnsweredAsRecorded(_ index: Int) throws {
      let (name, body) = bodies[index]
      try withServer(.people) { server in
        let wire = Wire(port: server.port)
        wire.send(post(body))
        let answer = try #require(wire.answer())
        #expect(GoldenFile("predict/\(name).txt").difference(from: try rendering(answer)) == nil)
        #expect(try JSON(parsing: answer.body)["error"]?["help"]?.text?.isEmpty == false)
        wire.send(post(#"{"data": [[30, true, "red"]]}"#))
        #expect(wire.answer()?.status == 200)
      }
    }

    @Test func aHugeBodyIsAnsweredAsRecorded() throws {
      try withServer(.people) { server in
        let wire = Wire(port: server.port)
        wire.send(
          "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1152921504606846976\r\n\r\n")
        let answer = try #require(wire.answer())
        #expect(GoldenFile("predict/huge.txt").difference(from: try rendering(answer)) == nil)
      }
    }

    /// The status line, the headers, and the body over several lines.
    private func rendering(_ answer: WireAnswer) throws -> String {
      let head = [answer.statusLine] + answer.headers
      return head.joined(separator: "\n") + "\n\n"
        + (try JSON(parsing: answer.body).printed(pretty: true)) + "\n"
    }
  }
}
