import MaasTerminal
import Testing

@Test(arguments: [
  ("acc", ["accuracy"], Completion.insert("uracy")),
  ("accuracy", ["accuracy"], .none),
  ("me", ["mean", "mean_by_hand", "median"], .choose(["mean", "mean_by_hand", "median"])),
  ("mea", ["mean", "mean_by_hand"], .insert("n")),
  ("mean", ["mean", "mean_by_hand"], .choose(["mean", "mean_by_hand"])),
  ("混", ["混淆"], .insert("淆")),
  ("x", [], .none),
])
func completionGoesAsFarAsCandidatesAgree(
  _ word: String, _ candidates: [String], _ expected: Completion
) {
  #expect(Completion(word: word, candidates: candidates) == expected)
}

@Test func candidatesStandInColumnsFilledDownwards() {
  #expect(Completion.table(of: ["a", "bb", "混淆", "d", "e"], width: 14) == "a     d\nbb    e\n混淆\n")
}

@Test func moreThanAHundredCandidatesAreCounted() {
  let table = Completion.table(of: (0..<130).map { "n\($0)" }, width: 80)
  #expect(table.hasSuffix("and 30 more\n"))
}

@Test func completionOfCommandsAndOfHelp() {
  let complete = { (text: String) in
    REPL.completions(in: FakeSession(), for: text, at: text.utf8.count)
  }
  #expect(complete(":h").candidates.contains(":help"))
  #expect(complete("?acc").candidates == ["accuracy"])
  #expect(complete("?acc").start == 1)
  #expect(complete(":help acc").start == 6)
  #expect(complete("x = acc").start == 4)
}

@Test(arguments: [
  ("a\r\nb", "a\nb"), ("a\rb\r", "a\nb"), ("a\n\nb\n\n", "a\n\nb"), ("\tx", "  x"),
  ("a\u{1B}b\u{7}", "ab"), ("图", "图"), ("\n", ""), ("", ""), ("a\r\n\r\nb", "a\n\nb"),
])
func pastedTextIsCleaned(_ text: String, _ expected: String) {
  #expect(Paste.cleaned(text) == expected)
}

@Test(
  arguments: [
    ([0x61], "a"), ([0xE5, 0x9B, 0xBE], "图"), ([0xF0, 0x9F, 0x98, 0x80], "😀"),
    ([0xFF], "\u{FFFD}"), ([0xE5, 0x61, 0x61], "\u{FFFD}"),
  ] as [([UInt8], Unicode.Scalar)])
func charactersAreDecodedFromBytes(_ bytes: [UInt8], _ expected: Unicode.Scalar) {
  var decoder = CharacterDecoder(bytes[0])
  for byte in bytes.dropFirst() {
    #expect(decoder.needsMore)
    decoder.add(byte)
  }
  #expect(!decoder.needsMore)
  #expect(decoder.scalar == expected)
}
