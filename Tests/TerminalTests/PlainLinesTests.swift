import Glibc
import MaasTerminal
import Testing

private func lines(of text: String) -> [LineEvent] {
  let pipe = Pipe()
  pipe.screen.write(text)
  pipe.closeWriter()
  let source = PlainLines(descriptor: pipe.reader)
  var events: [LineEvent] = []
  repeat { events.append(source.next(prompt: "> ", pending: "")) } while events.last != .end
  return events
}

@Test func plainLinesEndInAnyWay() {
  #expect(lines(of: "a\r\n\nb") == [.line("a"), .line(""), .line("b"), .end])
}

@Test func plainLinesOfNothingAreNone() {
  #expect(lines(of: "") == [.end])
}

@Test func plainLinesMayBeLong() {
  let long = String(repeating: "图", count: 20_000)
  #expect(lines(of: "\(long)\n2") == [.line(long), .line("2"), .end])
}
