import MaasTerminal
import Testing

/// What a prompt shows for some lines, what its session got, and its exit code.
private func conversation(
  _ lines: ListedLines
) -> (output: String, errors: String, session: FakeSession, code: Int32) {
  let session = FakeSession()
  let (output, errors) = (Pipe(), Pipe())
  let repl = REPL(
    session: session, lines: lines, output: output.screen, errors: errors.screen, banner: "hello")
  let code = repl.run()
  return (output.text(), errors.text(), session, code)
}

@Test func valuesAreShownAndEntriesNumbered() {
  let lines = ListedLines(["1 + 1", "x = 1", "", "2"])
  let result = conversation(lines)
  #expect(result.output == "hello\n<1 + 1>\n<2>\n")
  #expect(lines.prompts == ["[1]: ", "[2]: ", "[3]: ", "[3]: ", "[4]: "])
  #expect(result.code == 0)
}

@Test func anEntrySpansLinesUntilItIsComplete() {
  let lines = ListedLines(Array(repeating: "1", count: 9) + ["f(", "1,", "2)", "3"])
  let result = conversation(lines)
  #expect(result.session.entries[9] == "f(\n1,\n2)")
  #expect(lines.prompts[9...] == ["[10]: ", " ...: ", " ...: ", "[11]: ", "[12]: "])
  #expect(lines.entries[9] == "f(\n1,\n2)")
}

@Test func pastedTextIsReadWhole() {
  #expect(conversation(ListedLines(["a\nb"])).session.entries == ["a\nb"])
}

@Test func interruptingAnEntryDropsItsLines() {
  let lines = ListedLines([.line("f("), .interrupted, .line("2")])
  #expect(conversation(lines).session.entries == ["2"])
  #expect(lines.prompts == ["[1]: ", "...: ", "[1]: ", "[2]: "])
}

@Test func endOfInputInAnEntryDropsItWhereAPersonTypes() {
  let lines = ListedLines([.line("f("), .end, .line("2")])
  #expect(conversation(lines).session.entries == ["2"])
}

@Test func endOfInputInAnEntryEndsItWhereNobodyTypes() {
  let lines = ListedLines(["f("], isInteractive: false)
  #expect(conversation(lines).session.entries == ["f(\n"])
}

@Test func failuresAreShownOnStandardErrorAndThePromptGoesOn() {
  let result = conversation(ListedLines(["boom", "2"]))
  #expect(result.errors == "error[boom]: entry 1\n")
  #expect(result.output == "hello\n<2>\n")
  #expect(result.code == 0)
}

@Test func aFailureWhereNobodyTypesGivesOne() {
  let result = conversation(ListedLines(["boom", "2"], isInteractive: false))
  #expect(result.output == "<2>\n")
  #expect(result.code == 1)
}

@Test func controlCWhereNobodyTypesEnds() {
  #expect(conversation(ListedLines([.interrupted], isInteractive: false)).code == 130)
}

@Test func anEntryMayLeaveWithACode() {
  let result = conversation(ListedLines(["leave", "2"]))
  #expect(result.code == 7)
  #expect(result.session.entries == ["leave"])
}

@Test(arguments: [":quit", ":q", "quit", "exit()", " :quit "])
func leavingHasManySpellings(_ spelling: String) {
  let result = conversation(ListedLines([spelling, "2"]))
  #expect(result.session.entries.isEmpty)
  #expect(result.code == 0)
}

@Test func helpListsEveryCommandOnce() {
  let output = conversation(ListedLines([":help"])).output
  for name in PromptCommand.names {
    #expect(output.split(separator: "\n").count { $0.hasPrefix(name) } == 1)
  }
}

@Test(arguments: ["?mean", "? mean", ":help mean"])
func helpOfANameIsAskedOfTheSession(_ entry: String) {
  #expect(conversation(ListedLines([entry])).output == "hello\nmean(x) is the mean\n")
}

@Test func helpOfAnUnknownNameSaysSo() {
  #expect(conversation(ListedLines(["?nothing"])).output.contains("there is no nothing;"))
}

@Test func variablesStandInColumnsAndOnOneLine() {
  #expect(conversation(ListedLines([":vars"])).output == "hello\nx     1\n名前  a long…\n")
}

@Test func historyShowsEntriesWithAWord() {
  let output = conversation(ListedLines(["apple", "pear", ":history app"])).output
  #expect(output.hasSuffix("<pear>\napple\n:history app\n"))
}

@Test func anUnknownCommandIsNoEntry() {
  let result = conversation(ListedLines([":nothing", "2"]))
  #expect(result.errors == "no such command; :help lists them\n")
  #expect(result.session.entries == ["2"])
}

@Test func aNameThatStartsLikeACommandIsAnEntry() {
  #expect(conversation(ListedLines(["quitter", "exit_code"])).session.entries.count == 2)
}
