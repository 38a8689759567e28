import ArgumentParser
import Glibc
import MaasLibrary
import MaasSession
import MaasSyntax

final class Console: Surroundings {
  func print(_ text: String) { Swift.print(text, terminator: "") }
  func note(_ text: String) { Swift.print(text, terminator: "") }
  var registryFolder: String { "models" }
}

@main
struct Maas: ParsableCommand {
  @Option(name: .customShort("e")) var code: String?
  @ArgumentParser.Argument var file: String?
  func run() throws {
    let console = Console()
    let session = Session(surroundings: console)
    var text = code ?? ""
    if let file, let f = fopen(file, "r") {
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      let n = fread(&buffer, 1, buffer.count, f)
      text = String(decoding: buffer[..<n], as: UTF8.self)
    }
    switch session.run(Source(name: file ?? "-e", text: text), isInteractive: code != nil) {
    case .value(let value): if let value, code != nil { Swift.print(value.display(quoted: true)) }
    case .failure(let list):
      for d in list {
        Swift.print(
          "error[\(d.id)]: \(d.message) \(d.primary.map { "\($0.source.name):\($0.source.lineNumber(at: $0.span.start))" } ?? "") \(d.help ?? "")\n"
        )
      }
      throw ExitCode(1)
    }
  }
}
