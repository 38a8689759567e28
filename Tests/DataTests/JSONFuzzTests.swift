import MaasData
import Testing

/// Texts to mutate; together they reach every rule of the grammar.
private let seeds = [
  #"{"data": [[1, -2.5e-3, 0], [3, 4, 5]], "name": "x\u00e9\n"}"#,
  #"[{"a": true, "b": null, "c": "\ud83d\ude00é"}, [], {}, [[[0.1]]], "", -0]"#,
  #"{"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#,
]

/// Bytes that matter to the grammar.
private let alphabet =
  Array(#"{}[],:"\/bfnrtu0123456789.eE+-aZ "#.utf8) + [0, 9, 10, 0xC3, 0xED, 0xFF]

@Test func noBytesTrapTheParserAndWhatItTakesPrintsBack() throws {
  var words = Words(state: 5)
  var taken = 0
  for round in 0..<20_000 {
    var bytes = Array(seeds[round % seeds.count].utf8)
    for _ in 0...words.next() % 4 { mutate(&bytes, &words) }
    guard let value = try? JSON(parsing: bytes) else { continue }
    taken += 1
    #expect(try JSON(parsing: value.bytes()) == value)
    #expect(try JSON(parsing: value.bytes(pretty: true)) == value)
  }
  #expect(taken > 1000)
}

private func mutate(_ bytes: inout [UInt8], _ words: inout Words) {
  if bytes.isEmpty { return }
  let place = Int(words.next() % UInt64(bytes.count))
  let byte = alphabet[Int(words.next() % UInt64(alphabet.count))]
  switch words.next() % 5 {
  case 0: bytes[place] = byte
  case 1: bytes.insert(byte, at: place)
  case 2: bytes.remove(at: place)
  case 3: bytes.removeSubrange(place...)
  default: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
  }
}
