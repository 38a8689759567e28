import MaasCompiler
import MaasSyntax

// Other files than the one that runs: their globals stand in memory of their own.

extension VM {
  /// The text whose code runs now.
  public var runningSource: Source? {
    guard depth > 0 else { return nil }
    return frames[depth - 1].code.pointee.function.takeUnretainedValue().prototype.source
  }

  /// The line that runs now, or made the call that runs.
  public var runningLine: Int? {
    guard depth > 0 else { return nil }
    let place = place(ofFrame: depth - 1)
    return place.source.lineNumber(at: place.span.start)
  }

  /// The number of the file whose code runs now.
  public var runningFile: Int {
    guard depth > 0 else { return 0 }
    return frames[depth - 1].code.pointee.function.takeUnretainedValue().module.number
  }

  /// Runs the top level of another file while a program runs. Its functions keep its globals, as
  /// long as the VM lives.
  ///
  /// - Parameters:
  ///   - names: the globals of that file, none of them in registers.
  ///   - number: what tells it from other files; that of the first file is 0.
  /// - Throws: the error that ended it.
  public func load(
    _ prototype: Prototype, names: GlobalNames, number: Int = 0
  ) throws(Diagnostic) -> Module {
    guard reentries < VM.reentryLimit, depth < VM.frameLimit,
      nativeTop + (prototype.registerCount + 64) < stackLimit
    else { throw Diagnostic("too-deep", "files are imported more than \(reentries) deep") }
    let module = Module(names: names, number: number)
    modules.append(module)
    let function = LinkedFunction(prototype, module: module, vm: self)
    // As for a call: a slot for the function, then the registers.
    let savedTop = nativeTop
    savedTop[0] = .nil
    for register in 0..<prototype.localCount { savedTop[register + 1] = .undefined }
    frames[depth] = Frame(
      code: function.code, pc: function.code.pointee.code, base: savedTop + 1, closure: .nil)
    depth += 1
    reentries += 1
    nativeTop = savedTop + prototype.registerCount + 1
    defer {
      nativeTop = savedTop
      reentries -= 1
      withExtendedLifetime(function) {}
    }
    if !execute(downTo: top) { throw takeFailure() }
    for register in 0..<prototype.localCount {
      savedTop[register + 1].release()
      savedTop[register + 1] = .nil
    }
    result.release()
    result = .nothing
    return module
  }
}
