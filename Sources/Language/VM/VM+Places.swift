import MaasCompiler

// Places that are no registers, and parts that are taken out of their place.

extension VM {
  /// Changes a global that stands in no register: does what the instruction at `pc` says there.
  @inline(never)
  func onGlobal(
    _ offset: Int, _ pc: UnsafeMutablePointer<Instruction>, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int, _ frame: UnsafeMutablePointer<Frame>
  ) -> Bool {
    let i = pc.pointee
    let slot = frame.pointee.code.pointee.globals.pointee + offset
    if slot.pointee.bits == Value.undefined.bits {
      failUndefined(global: offset)
      return false
    }
    switch i.opcode {
    case .setIndex: return setIndex(i, base, locals, at: slot)
    case .setField: return setField(i, base, constants, locals, at: slot)
    case .setIndexField:
      return setIndexField(i, constants[pc[1].immediate], base, locals, at: slot)
    case .appendItem: return appendItem(i, base, constants, locals, at: slot)
    case .add:
      guard add(base[i.c], to: slot) else { return false }
      empty(base, i.c, locals)
      return true
    default: return setPath(i, base, locals, at: slot)
    }
  }

  private func add(_ addend: Value, to slot: UnsafeMutablePointer<Value>) -> Bool {
    do {
      if let joined = slot.pointee.joining(addend) {
        slot.pointee = joined
      } else {
        write(slot, 0, try binary(.add, slot.pointee, addend))
      }
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// `a ← b[path]`, taken out of its place where that is in lists and records.
  @inline(never)
  func takePath(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) -> Bool {
    let path = path(i)
    let keys = base + i.c
    do {
      var slot = base + i.b
      var next = keys
      for position in 0..<path.count {
        guard let part = try part(at: slot, path.steps[position], &next, creating: false) else {
          write(base, i.a, try follow(base[i.b], path, keys))
          return true
        }
        slot = part
      }
      write(base, i.a, slot.pointee)
      slot.pointee = .nil
      return true
    } catch {
      fail(error)
      return false
    }
  }
}
