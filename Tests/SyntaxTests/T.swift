import MaasSyntax
import Testing
@Test func hello() { #expect(1 + 1 == 2) }
