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
      defer { empty(base, i.b, locals) }
      return value.isEqual(to: base[i.b])
    case .matchList:
      guard value.isList else { return false }
      return i.c == 1 ? value.items.count >= i.b : value.items.count == i.b
    default: return isOf(typeOf(i), value)
    }
  }

  private func typeOf(_ i: Instruction) -> TypeExpression {
    frames[depth - 1].code.pointee.function.takeUnretainedValue().prototype.types[i.c].type
  }

  private func isOf(_ type: TypeExpression, _ value: Value) -> Bool {
    if value.isNil, type.admitsNil { return true }
    return type.alternatives.contains { alternative in
      guard alternative.name == "any" || alternative.name == value.type.name else { return false }
      guard let sizes = alternative.sizes else { return true }
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
