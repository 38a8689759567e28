import Glibc
import MaasTerminal
import Testing

/// A history file in a folder of its own, which is gone after `body`.
private func withHistory(limit: Int = 2_000, _ body: (HistoryFile) -> Void) {
  var template = Array("/tmp/maas-history-XXXXXX".utf8CString)
  guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else { return }
  body(HistoryFile(path: "\(folder)/state/maas/history", limit: limit))
  unlink("\(folder)/state/maas/history")
  for path in ["/state/maas", "/state", ""] { rmdir(folder + path) }
}

@Test func historyComesBackOldestFirst() {
  withHistory { file in
    #expect(file.load() == [])
    for entry in ["a", "fn f(x) {\n  x\\n\n}", "图"] { file.append(entry) }
    #expect(file.load() == ["a", "fn f(x) {\n  x\\n\n}", "图"])
  }
}

@Test func historyKeepsTheLastOfEqualEntries() {
  withHistory { file in
    for entry in ["a", "b", "a"] { file.append(entry) }
    #expect(file.load() == ["b", "a"])
  }
}

@Test func historyThatHasGrownTooLongIsCut() {
  withHistory(limit: 3) { file in
    for entry in 1...6 { file.append("\(entry)") }
    #expect(file.load() == ["4", "5", "6"])
    file.append("7")
    #expect(file.load() == ["5", "6", "7"])
    #expect(HistoryFile(path: file.path, limit: 100).load() == ["5", "6", "7"])
  }
}

@Test func twoSessionsAtOnceKeepBothHistories() {
  withHistory { file in
    let other = HistoryFile(path: file.path)
    file.append("a")
    other.append("b")
    file.append("c")
    #expect(file.load() == ["a", "b", "c"])
  }
}

@Test func historyThatCannotBeWrittenIsNoFault() {
  let file = HistoryFile(path: "/dev/null/history")
  file.append("a")
  #expect(file.load() == [])
}

@Test func historyStandsInTheStateFolder() {
  let path = { (variables: [String: String]) in HistoryFile.standard { variables[$0] }?.path }
  #expect(path(["HOME": "/h"]) == "/h/.local/state/maas/history")
  #expect(path(["HOME": "/h", "XDG_STATE_HOME": "/s"]) == "/s/maas/history")
  #expect(path(["HOME": "/h", "XDG_STATE_HOME": "relative"]) == "/h/.local/state/maas/history")
  #expect(path([:]) == nil)
}
