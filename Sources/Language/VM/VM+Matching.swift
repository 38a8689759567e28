import MaasCompiler
import MaasSyntax

extension VM {
  /// Whether a value has a type that a pattern names.
  @inline(never)
  func isOf(_ i: Instruction, _ value: Value, _ frame: UnsafeMutablePointer<Frame>) -> Bool {
    let code = frame.pointee.code
    let types = code.pointee.types[i.c]
    let type = value.type
    if types.whole.contains(type) { return true }
    guard types.sized.contains(type) else { return false }
    return isOf(code.pointee.function.takeUnretainedValue().prototype.types[i.c].type, value)
  }

  /// Whether a type whose sizes matter fits.
  private func isOf(_ type: TypeExpression, _ value: Value) -> Bool {
    type.alternatives.contains { alternative in
      guard let sizes = alternative.sizes, alternative.name == value.type.name else { return false }
      var bound: [String: Int] = [:]
      return host.checkSizes(of: value, sizes, &bound) == nil
    }
  }

  /// The value that a pattern looks at, borrowed: for a number that a native object stands for, that
  /// number; nil after an error, where it has no value yet.
  @inline(__always)
  func plainForMatch(_ value: Value) -> Value? {
    guard value.isObject, let native = value.native, native.type == .number else { return value }
    if let number = native.plainNumber { return Value(number) }
    fail(native.refusal(by: "a pattern"))
    return nil
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
