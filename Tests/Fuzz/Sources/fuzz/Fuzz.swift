import FuzzSupport
import Glibc

// SwiftPM makes `fuzz_main` the entry of the executable, so libFuzzer's own main is not reached.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// Confines programs to the folder of scripts/fuzz, then goes on until the time is over.
@_cdecl("fuzz_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  do {
    try RunFlag.confine(to: getenv("MAAS_FUZZ_FOLDER").map { String(cString: $0) } ?? ".")
  } catch {
    print("\(error)")
    return 2
  }
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, testOneInput)
}

/// One input. Its first byte says how the text is made of the others: 1 lays a program out at
/// random, 2 writes one that runs, anything else belongs to the text itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  let text = Fuzz.text(of: input)
  if Fuzz.showsTexts { print(text) }
  let inspection = Inspection(of: text, Fuzz.parts(of: input)) { Watchdog.shared.watch($0) }
  Watchdog.shared.rest()
  if let fault = inspection.faults.first { Fuzz.keep(text, fault) }
  return 0
}

enum Fuzz {
  /// MAAS_FUZZ_SHOW=1 prints each text before it is tried: how a crash becomes a file.
  static let showsTexts = getenv("MAAS_FUZZ_SHOW") != nil

  /// How often a fault of one kind is kept.
  private static let sameFaults = 5
  nonisolated(unsafe) private static var kept: [String: Int] = [:]

  /// A text that stopped nothing and yet is wrong becomes a file, and the search goes on.
  static func keep(_ text: String, _ fault: String) {
    let kind = String(fault.drop { $0.isNumber }.prefix { !$0.isNewline && $0 != ":" })
    kept[kind, default: 0] += 1
    print("FAULT: \(fault)")
    guard let count = kept[kind], count <= sameFaults, let folder = getenv("MAAS_FUZZ_FOUND"),
      let file = fopen("\(String(cString: folder))/fault-\(getpid())-\(kind)-\(count).maas", "w")
    else { return }
    fputs(text, file)
    fclose(file)
  }

  /// Layouts by chance seldom run, and programs that run look alike.
  static func parts(of input: [UInt8]) -> Inspection.Parts {
    switch input.first {
    case 1: .layout
    case 2: .run
    default: [.layout, .run]
    }
  }

  static func text(of input: [UInt8]) -> String {
    switch input.first {
    case 1:
      var generator = ProgramGenerator(bytes: input.dropFirst())
      return generator.program()
    case 2:
      var generator = ProgramGenerator(bytes: input.dropFirst())
      return generator.runnable(calling: Callable.builtins)
    default: return String(decoding: input, as: UTF8.self)
    }
  }
}
