import MaasData
import MaasTensors
import Testing

/// The bytes of a text given as one character for each byte.
private func bytes(_ text: String) -> [UInt8] {
  text.unicodeScalars.map { UInt8($0.value) }
}

@Test(arguments: JSONCases.all.indices)
func jsonIsTakenExactlyWherePythonTakesIt(_ index: Int) {
  let (text, isValid) = JSONCases.all[index]
  let value = try? JSON(parsing: bytes(text))
  #expect((value != nil) == isValid, "\(text.debugDescription)")
  // The same grammar where nothing is kept.
  let isChecked = bytes(text).withUnsafeBytes { text in
    var reader = JSONReader(text)
    return (try? reader.checkSyntax()) != nil
  }
  #expect(isChecked == isValid || text.contains("e"), "\(text.debugDescription)")
}

@Test func longKeysAreCutWhereErrorsRepeatThem() throws {
  let key = String(repeating: "é", count: 5000)
  for text in [#"{"\#(key)": 1, "\#(key)": 2}"#, #"{"\#(key)" 1}"#, #"{"\#(key)": x}"#] {
    do {
      _ = try JSON(parsing: text)
      Issue.record("it was taken")
    } catch let error as CoreError {
      #expect(error.message.count < 400)
    }
  }
  #expect(JSONError.cut("abc", to: 3) == "abc")
  #expect(JSONError.cut("abcd", to: 3) == "abc…")
}

@Test func jsonValuesAreReadAsTheyStand() throws {
  let text = #" {"a": [1, -2.5e1, true, null], "b\u00e9\n": {"": "😀\ud83d\ude00"}} "#
  #expect(
    try JSON(parsing: text) == [
      "a": [1, -25, true, .null], "bé\n": ["": "😀😀"],
    ])
}

@Test func everyElementOfABigArrayIsReached() throws {
  let value = try JSON(parsing: "[" + (0..<1000).map(\.description).joined(separator: ", ") + "]")
  #expect(value.elements?.map(\.int) == (0..<1000).map { $0 })
  #expect(value[999] == 999)
  #expect(value[1000] == nil)
}

@Test func jsonNestsAsDeepAsTheLimitAndNoDeeper() throws {
  func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }
  _ = try JSON(parsing: nested(512))
  for depth in [513, 100_000] {
    #expect(throws: CoreError.self) { try JSON(parsing: nested(depth)) }
    let objects = String(repeating: #"{"a":"#, count: depth)
    #expect(throws: CoreError.self) { try JSON(parsing: objects) }
  }
}

@Test(arguments: [
  ("[1, 2", "1:6", "found the end of the text where `,` or `]` is needed (byte 5)"),
  ("[1, 2,]", "1:6", "found a comma with nothing after it (byte 5)"),
  ("{\"a\": [1,\n  2, x]}", "2:6", "found `x` where a value is needed (byte 15, in /a/2)"),
  ("{\"a/b~\": [01]}", "1:11", "`01` is not a number as JSON writes it (byte 10, in /a~1b~0/0)"),
  ("{\"é\": NaN}", "1:7", "found `NaN` where a value is needed (byte 7, in /é)"),
  ("{\"a\": 1, \"a\": 2}", "1:10", "the key \"a\" comes twice in one object (byte 9, in /a)"),
  ("[1e999]", "1:2", "the number `1e999` is too large for a 64-bit float (byte 1, in /0)"),
  ("\"abc", "1:1", "the text that starts here has no closing quote (byte 0)"),
  ("\"\\ud800\"", "1:2", "found half of a surrogate pair in a text (byte 1)"),
  ("[1] 2", "1:5", "found `2` where the end of the text is needed (byte 4)"),
  ("", "1:1", "found the end of the text where a value is needed (byte 0)"),
])
func jsonErrorsSayWhatAndWhere(_ text: String, _ place: String, _ message: String) {
  #expect(throws: CoreError.self) { try JSON(parsing: text) }
  do {
    _ = try JSON(parsing: text, source: "model.json")
  } catch let error as CoreError {
    #expect(error.message == message)
    #expect(error.place == "model.json:\(place)")
  } catch {
    Issue.record(error)
  }
}

@Test func jsonIsPrintedCompactOrPretty() throws {
  let value: JSON = [
    "name": "a \"b\"\\\n\u{1}é", "list": [1, 2.5, -0.1, true, .null], "none": [], "empty": [:],
  ]
  #expect(
    try value.printed()
      == #"{"name":"a \"b\"\\\n\u0001é","list":[1,2.5,-0.1,true,null],"none":[],"empty":{}}"#)
  #expect(
    try (["a": [1, ["b": 2]], "c": []] as JSON).printed(pretty: true) == """
      {
        "a": [
          1,
          {
            "b": 2
          }
        ],
        "c": []
      }
      """)
}

@Test func whatJSONCannotHoldIsNotPrinted() {
  var deep: JSON = 1
  for _ in 0..<600 { deep = .array([deep]) }
  for value in [.number(.nan), .number(.infinity), [1, [.number(-.infinity)]], deep] as [JSON] {
    #expect(throws: CoreError.self) { try value.printed() }
  }
}
