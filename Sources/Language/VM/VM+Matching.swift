import MaasCompiler
import MaasSyntax

extension VM {
  /// What the instructions of a pattern test do beyond comparing words.
  /// - Returns: whether the value fits.
  @inline(never)
  func fits(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    let value = base[i.a]
    switch i.opcode {
    case .matchEqual:
      let literal = base[i.b]
      defer { empty(base, i.b, locals) }
      return value.isEqual(to: literal)
    default:
      let code = frames[depth - 1].code
      if code.pointee.types[i.c].contains(value.type) { return true }
      return isOf(code.pointee.function.takeUnretainedValue().prototype.types[i.c].type, value)
    }
  }

  /// Whether a type whose sizes matter fits.
  private func isOf(_ type: TypeExpression, _ value: Value) -> Bool {
    type.alternatives.contains { alternative in
      guard let sizes = alternative.sizes, alternative.name == value.type.name else { return false }
      var bound: [String: Int] = [:]
      return host.checkSizes(of: value, sizes, &bound) == nil
    }
  }

  /// `a ← b.key`, undefined where there is none.
  @inline(never)
  func matchField(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>
  ) {
    let record = base[i.b]
    guard record.isRecord else { return write(base, i.a, .undefined) }
    let position = RecordObject.find(record.recordObject, constants[i.immediate])
    write(base, i.a, position < 0 ? .undefined : record.fieldValues[position].retained)
  }

  func failNoMatch(_ value: Value) {
    let shown = value.display(quoted: true)
    fail(
      "no-match", "no arm fits \(shown.count > 60 ? value.typeDescription : shown)",
      help: "add an arm for everything else: _ -> …")
  }
}
