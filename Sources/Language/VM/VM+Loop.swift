import Glibc
import MaasCompiler

// The dispatch loop. What it touches stands in locals and raw pointers; every slow path is a
// method that is not inlined and reports failure by its result. Invariants: VM.swift, Opcode.

/// Writes a variable or an empty temporary, releasing what was there.
@inline(__always)
private func put(_ base: UnsafeMutablePointer<Value>, _ register: Int, _ value: Value) {
  let old = base[register]
  base[register] = value
  if old.isObject { old.release() }
}

/// The same where a number or a bool was mostly there before. The usual way ends in the store, so
/// that the jump to the next instruction stands right behind it.
@inline(__always)
private func putPlain(_ base: UnsafeMutablePointer<Value>, _ register: Int, _ value: Value) {
  if _slowPath(base[register].isObject) {
    replace(base + register, value)
  } else {
    base[register] = value
  }
}

@inline(never)
private func replace(_ place: UnsafeMutablePointer<Value>, _ value: Value) {
  let old = place.pointee
  place.pointee = value
  old.release()
}

/// Empties a temporary that has been read; leaves a variable.
@inline(__always)
private func consume(_ base: UnsafeMutablePointer<Value>, _ register: Int, _ locals: Int) {
  if register >= locals {
    let old = base[register]
    if _slowPath(old.isObject) {
      base[register] = .nil
      old.release()
    }
  }
}

/// Where the record has the key, or -1. `hint` is where the instruction before `pc` found it the
/// last time: records that one instruction meets mostly have the same keys in the same order.
@inline(__always)
private func slot(
  _ record: UnsafeMutablePointer<RecordObject>, _ key: Value, _ hint: Int,
  _ pc: UnsafeMutablePointer<Instruction>
) -> Int {
  if hint < record.pointee.count, record.pointee.keys[hint].bits == key.bits { return hint }
  let slot = RecordObject.find(record, key)
  if slot >= 0, slot < 256 { pc[-1].c = slot }
  return slot
}

/// Variables behind the arguments have no value when a function starts.
@inline(__always)
func prepare(
  _ base: UnsafeMutablePointer<Value>, _ count: Int, _ code: UnsafeMutablePointer<FunctionCode>
) {
  var local = count
  while local < code.pointee.localCount {
    base[local] = .undefined
    local &+= 1
  }
}

/// Goes on in a frame: its pointers in the locals of the loop.
@inline(__always)
private func enter(
  _ frame: UnsafeMutablePointer<Frame>, _ pc: inout UnsafeMutablePointer<Instruction>,
  _ base: inout UnsafeMutablePointer<Value>, _ constants: inout UnsafeMutablePointer<Value>,
  _ locals: inout Int
) {
  pc = frame.pointee.pc
  base = frame.pointee.base
  constants = frame.pointee.code.pointee.constants
  locals = frame.pointee.code.pointee.localCount
}

/// The usual way of the instruction at the end of a loop: back to its start.
/// - Returns: the start; nil where the instruction must look closer.
@inline(__always)
private func nextRound(
  _ pc: UnsafeMutablePointer<Instruction>, _ base: UnsafeMutablePointer<Value>,
  _ constants: UnsafeMutablePointer<Value>
) -> UnsafeMutablePointer<Instruction>? {
  let i = pc.pointee
  switch i.opcode {
  case .forNext:
    let state = base + i.a
    let next = state[0].double + state[1].double
    guard next < state[2].double else { return nil }
    state[0] = Value(computed: next)
    putPlain(base, i.b, Value(computed: next))
  case .jumpLess: guard base[i.b].double < base[i.c].double, i.a != 0 else { return nil }
  case .jumpLessOrEqual: guard base[i.b].double <= base[i.c].double, i.a != 0 else { return nil }
  default: guard base[i.b].double < constants[i.c].double, i.a != 0 else { return nil }
  }
  return pc + (i.immediate + 1)
}

/// The whole number in `d` if 0 <= d < 2^52, else something whose double differs from `d`.
@inline(__always)
private func wholeNumber(_ d: Double) -> Int {
  Int(truncatingIfNeeded: (d + 4_503_599_627_370_496).bitPattern & 0xF_FFFF_FFFF_FFFF)
}

extension VM {
  enum CallOutcome { case entered, finished, failed }

  /// Runs the newest frame and all it calls until `bottom`, the first of them, has returned.
  /// - Returns: false where an error ended it; `failure` is set and the frames are released.
  @inline(never)
  func execute(downTo bottom: UnsafeMutablePointer<Frame>) -> Bool {
    while true {
      if loop(downTo: bottom) { return true }
      // An error that a `try` catches goes on in the frame of the `try`.
      if !unwind(downTo: bottom) { return false }
    }
  }

  // One exhaustive switch: a function of this length is what a dispatch loop is.
  private func loop(downTo bottom: UnsafeMutablePointer<Frame>) -> Bool {
    let interrupt = interrupt
    let stackLimit = stackLimit
    let frameLimit = frames + (VM.frameLimit - 1)
    var frame = top
    var pc = frame.pointee.pc
    var base = frame.pointee.base
    var constants = frame.pointee.code.pointee.constants
    var locals = frame.pointee.code.pointee.localCount

    while true {
      let i = pc.pointee
      pc += 1
      switch i.opcode {

      // MARK: Loads and moves
      case .loadConstant:
        let value = constants[i.immediate]
        value.retain()
        put(base, i.a, value)
      case .loadInteger: putPlain(base, i.a, Value(computed: Double(i.immediate)))
      case .loadSpecial:
        put(base, i.a, Value(bits: Value.nil.bits | UInt64(truncatingIfNeeded: i.immediate)))
      case .copy:
        let value = base[i.b]
        if i.b >= locals { base[i.b] = .nil } else { value.retain() }
        put(base, i.a, value)
      case .take:
        let value = base[i.b]
        base[i.b] = .undefined
        put(base, i.a, value)
      case .lend: base[i.a] = base[i.b]
      case .drop:
        let old = base[i.a]
        if old.isObject {
          base[i.a] = .nil
          old.release()
        }
      case .getGlobal:
        let value = frame.pointee.code.pointee.globals.pointee[i.immediate]
        if value.bits == Value.undefined.bits {
          frame.pointee.pc = pc
          failUndefined(global: i.immediate)
          return false
        }
        value.retain()
        put(base, i.a, value)
      case .setGlobal:
        let value = base[i.b]
        if i.b >= locals { base[i.b] = .nil } else { value.retain() }
        put(frame.pointee.code.pointee.globals.pointee, i.immediate, value)
      case .getCapture:
        let value = frame.pointee.captures[i.immediate]
        if value.bits == Value.undefined.bits {
          frame.pointee.pc = pc
          failUndefined(capture: i.immediate)
          return false
        }
        value.retain()
        put(base, i.a, value)
      case .getSelf:
        let value = frame.pointee.closure
        value.retain()
        put(base, i.a, value)
      case .checkDefined:
        if base[i.a].bits == Value.undefined.bits {
          frame.pointee.pc = pc
          failUndefined(name: constants[i.immediate])
          return false
        }

      // MARK: Arithmetic. A NaN result means: not two numbers, or a NaN among them.
      case .add:
        let result = base[i.b].double + base[i.c].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .add, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .subtract:
        let result = base[i.b].double - base[i.c].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .subtract, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .multiply:
        let result = base[i.b].double * base[i.c].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .multiply, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .divide:
        let divisor = base[i.c].double
        let result = base[i.b].double / divisor
        if divisor != 0, result == result {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .divide, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .floorDivide, .modulo, .power, .matrixMultiply, .and, .or:
        if !arithmetic(i, i.opcode, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .addConstant:
        let result = base[i.b].double + constants[i.immediate].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .add, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .subtractConstant:
        let result = base[i.b].double - constants[i.immediate].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .subtract, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .multiplyConstant:
        let result = base[i.b].double * constants[i.immediate].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .multiply, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .divideConstant:
        let divisor = constants[i.immediate].double
        let result = base[i.b].double / divisor
        if divisor != 0, result == result {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .divide, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .moduloConstant:
        let left = base[i.b].double
        let right = constants[i.immediate].double
        let (n, m) = (wholeNumber(left), wholeNumber(right))
        if m != 0, Double(n) == left, Double(m) == right {
          putPlain(base, i.a, Value(computed: Double(n % m)))
        } else if !arithmetic(i, .modulo, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .floorDivideConstant:
        if !arithmetic(i, .floorDivide, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .powerConstant:
        let left = base[i.b].double
        let result = left * left
        if constants[i.immediate].double == 2, result == result {
          putPlain(base, i.a, Value(computed: result))
        } else if !arithmetic(i, .power, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .multiplyThenAdd:
        let next = pc.pointee
        let product = base[i.b].double * base[i.c].double
        let other = base[next.b == i.a ? next.c : next.b].double
        let result = other + product
        if _fastPath(result == result) {
          putPlain(base, next.a, Value(computed: result))
          pc += 1
        } else if product == product {
          putPlain(base, i.a, Value(computed: product))
        } else if !arithmetic(i, .multiply, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .multiplyThenSubtract:
        let next = pc.pointee
        let product = base[i.b].double * base[i.c].double
        let other = base[next.b].double
        let result = other - product
        if _fastPath(result == result) {
          putPlain(base, next.a, Value(computed: result))
          pc += 1
        } else if product == product {
          putPlain(base, i.a, Value(computed: product))
        } else if !arithmetic(i, .multiply, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .addThenLoop:
        let result = base[i.b].double + base[i.c].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
          if !interrupt.isRaised, let start = nextRound(pc, base, constants) { pc = start }
        } else if !arithmetic(i, .add, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .addConstantThenLoop:
        let result = base[i.b].double + constants[i.immediate].double
        if _fastPath(result == result) {
          putPlain(base, i.a, Value(computed: result))
          if !interrupt.isRaised, let start = nextRound(pc, base, constants) { pc = start }
        } else if !arithmetic(i, .add, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .negate:
        let operand = base[i.b]
        if operand.isNumber {
          putPlain(base, i.a, Value(computed: -operand.double))
        } else if !unary(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .not:
        let operand = base[i.b]
        if operand.isBool {
          putPlain(base, i.a, Value(bits: operand.bits ^ 3))
        } else if !unary(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }

      // MARK: Comparison
      case .less:
        let (left, right) = (base[i.b].double, base[i.c].double)
        if left < right {
          putPlain(base, i.a, .true)
        } else if left >= right {
          putPlain(base, i.a, .false)
        } else if !compare(i, .less, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .lessOrEqual:
        let (left, right) = (base[i.b].double, base[i.c].double)
        if left <= right {
          putPlain(base, i.a, .true)
        } else if left > right {
          putPlain(base, i.a, .false)
        } else if !compare(i, .lessOrEqual, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .equal, .notEqual:
        let (left, right) = (base[i.b], base[i.c])
        if left.isNumber && right.isNumber {
          put(base, i.a, Value((left.double == right.double) == (i.opcode == .equal)))
        } else if !compare(i, i.opcode, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .contains, .notContains:
        if !compare(i, i.opcode, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .jumpLess:
        let (left, right) = (base[i.b].double, base[i.c].double)
        if left < right {
          if i.a != 0 {
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        } else if left >= right {
          if i.a == 0 { pc += i.immediate }
        } else {
          guard let outcome = compareForJump(i, .less, base, constants, locals) else {
            frame.pointee.pc = pc
            return false
          }
          if outcome == (i.a != 0) { pc += i.immediate }
        }
      case .jumpLessOrEqual:
        let (left, right) = (base[i.b].double, base[i.c].double)
        if left <= right {
          if i.a != 0 {
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        } else if left > right {
          if i.a == 0 { pc += i.immediate }
        } else {
          guard let outcome = compareForJump(i, .lessOrEqual, base, constants, locals) else {
            frame.pointee.pc = pc
            return false
          }
          if outcome == (i.a != 0) { pc += i.immediate }
        }
      case .jumpLessConstant:
        let (left, right) = (base[i.b].double, constants[i.c].double)
        if left < right {
          if i.a != 0 {
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        } else if left >= right {
          if i.a == 0 { pc += i.immediate }
        } else {
          guard let outcome = compareForJump(i, .less, base, constants, locals) else {
            frame.pointee.pc = pc
            return false
          }
          if outcome == (i.a != 0) { pc += i.immediate }
        }
      case .jumpLessOrEqualConstant:
        let (left, right) = (base[i.b].double, constants[i.c].double)
        if left <= right {
          if i.a != 0 {
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        } else if left > right {
          if i.a == 0 { pc += i.immediate }
        } else {
          guard let outcome = compareForJump(i, .lessOrEqual, base, constants, locals) else {
            frame.pointee.pc = pc
            return false
          }
          if outcome == (i.a != 0) { pc += i.immediate }
        }
      case .jumpGreaterConstant, .jumpGreaterOrEqualConstant:
        let (left, right) = (base[i.b].double, constants[i.c].double)
        var outcome = i.opcode == .jumpGreaterConstant ? left > right : left >= right
        if left != left {
          guard let slow = compareForJump(i, i.opcode, base, constants, locals) else {
            frame.pointee.pc = pc
            return false
          }
          outcome = slow
        }
        if outcome == (i.a != 0) {
          pc += i.immediate
          if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
        }
      case .jumpEqual:
        let (left, right) = (base[i.b], base[i.c])
        var outcome = left.double == right.double
        if !left.isObject && !right.isObject {
          outcome = outcome || left.bits == right.bits && !left.isNumber
        } else if left.isObject != right.isObject, !left.is(.native), !right.is(.native) {
          // `node.next == nil`: an object is no number and no word.
          consume(base, i.b, locals)
          consume(base, i.c, locals)
        } else {
          guard let slow = compareForJump(i, .equal, base, constants, locals) else {
            frame.pointee.pc = pc
            return false
          }
          outcome = slow
        }
        if outcome == (i.a != 0) {
          pc += i.immediate
          if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
        }
      case .jumpEqualConstant:
        let (left, right) = (base[i.b], constants[i.c])
        var outcome = left.double == right.double
        if left.isObject {
          if left.is(.string) {
            outcome = right.isObject && left.equalsString(right)
            consume(base, i.b, locals)
          } else {
            guard let slow = compareForJump(i, .jumpEqualConstant, base, constants, locals) else {
              frame.pointee.pc = pc
              return false
            }
            outcome = slow
          }
        }
        if outcome == (i.a != 0) {
          pc += i.immediate
          if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
        }

      // MARK: Control
      case .jump: pc += i.immediate
      case .loop:
        pc += i.immediate
        if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
      case .jumpIfFalse, .jumpIfTrue:
        let value = base[i.a]
        if !value.isBool {
          frame.pointee.pc = pc
          failNotBool(value)
          return false
        }
        if (value.bits == Value.true.bits) == (i.opcode == .jumpIfTrue) {
          pc += i.immediate
          if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
        }
      case .jumpIfNotNil:
        if base[i.a].bits != Value.nil.bits { pc += i.immediate }
      case .jumpIfPresent:
        if base[i.a].bits != Value.absent.bits { pc += i.immediate }
      case .jumpIfDecided:
        let value = base[i.a]
        if value.isBool {
          if (value.bits == Value.true.bits) == (i.c == 1) { pc += i.immediate }
        } else if !isElementwiseBool(value) {
          frame.pointee.pc = pc
          failNotBool(value)
          return false
        }

      // MARK: Loops
      case .forPrepare:
        guard let isEmpty = prepareCount(base + i.a, isClosed: i.c == 1) else {
          frame.pointee.pc = pc
          return false
        }
        if isEmpty {
          pc += i.immediate
        } else {
          put(base, i.b, base[i.a])
        }
      case .forNext:
        let state = base + i.a
        let next = state[0].double + state[1].double
        if next < state[2].double {
          state[0] = Value(computed: next)
          putPlain(base, i.b, Value(computed: next))
          pc += i.immediate
          if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
        } else if state[3].isNumber {
          let position = state[3].double + 1
          if position < state[4].double {
            state[3] = Value(computed: position)
            putPlain(base, i.b, Value(computed: state[0].double + position * state[1].double))
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        }
      case .iteratePrepare:
        guard let isEmpty = prepareIteration(base, i.a, i.b) else {
          frame.pointee.pc = pc
          return false
        }
        if isEmpty { pc += i.immediate }
      case .iterateNext:
        let container = base[i.a]
        let next = base[i.a + 1].double + 1
        if container.is(.list) {
          let list = container.listObject
          if next < Double(list.pointee.count) {
            base[i.a + 1] = Value(computed: next)
            let value = list.pointee.items[Int(truncatingIfNeeded: wholeNumber(next))]
            value.retain()
            put(base, i.b, value)
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        } else {
          guard let isEnd = iterate(base, i.a, i.b) else {
            frame.pointee.pc = pc
            return false
          }
          if !isEnd {
            pc += i.immediate
            if interrupt.isRaised, !goesOn() { return stop(pc, frame) }
          }
        }

      // MARK: Indexing
      case .index:
        let container = base[i.b]
        let key = base[i.c].double
        let place = wholeNumber(key)
        if container.is(.list), place < container.listObject.pointee.count, Double(place) == key,
          i.immediate == 0
        {
          let value = container.listObject.pointee.items[place]
          value.retain()
          consume(base, i.b, locals)
          put(base, i.a, value)
        } else if !index(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .indexInteger:
        let container = base[i.b]
        if i.immediate >= 0, container.is(.list),
          i.immediate < container.listObject.pointee.count
        {
          let value = container.listObject.pointee.items[i.immediate]
          value.retain()
          consume(base, i.b, locals)
          put(base, i.a, value)
        } else if !index(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .indexTwice:
        let container = base[i.b]
        let (first, second) = (base[i.c].double, base[i.immediate].double)
        let (row, column) = (wholeNumber(first), wholeNumber(second))
        if container.is(.list), row < container.listObject.pointee.count, Double(row) == first {
          let inner = container.listObject.pointee.items[row]
          if inner.is(.list), column < inner.listObject.pointee.count, Double(column) == second {
            let value = inner.listObject.pointee.items[column]
            value.retain()
            consume(base, i.b, locals)
            put(base, i.a, value)
            continue
          }
        }
        if !indexTwice(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .field:
        let container = base[i.b]
        if container.is(.record) {
          let record = container.recordObject
          let slot = slot(record, constants[i.immediate], i.c, pc)
          if slot >= 0 {
            let value = record.pointee.values[slot]
            value.retain()
            consume(base, i.b, locals)
            put(base, i.a, value)
            continue
          }
        }
        if !field(i, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .indexThenField:
        let container = base[i.b]
        let key = base[i.c].double
        let place = wholeNumber(key)
        if container.is(.list), place < container.listObject.pointee.count, Double(place) == key {
          let element = container.listObject.pointee.items[place]
          if element.is(.record) {
            let next = pc.pointee
            let record = element.recordObject
            let slot = slot(record, constants[next.immediate], next.c, pc + 1)
            if slot >= 0 {
              let value = record.pointee.values[slot]
              value.retain()
              put(base, next.a, value)
              pc += 1
              continue
            }
          }
        }
        if !index(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .indexMany, .indexOptional, .fieldOptional, .getPath, .takePath:
        if !access(i, base, constants, locals) {
          frame.pointee.pc = pc
          return false
        }
      case .setIndex:
        let container = base[i.a]
        let key = base[i.b].double
        let place = wholeNumber(key)
        if container.is(.list), container.header.pointee.references == 1,
          place < container.listObject.pointee.count, Double(place) == key, i.immediate == 0
        {
          let value = base[i.c]
          if i.c >= locals { base[i.c] = .nil } else { value.retain() }
          put(container.listObject.pointee.items, place, value)
        } else if !setIndex(i, base, locals, at: base + i.a) {
          frame.pointee.pc = pc
          return false
        }
      case .setField:
        let container = base[i.a]
        if container.is(.record), container.header.pointee.references == 1 {
          let record = container.recordObject
          let slot = slot(record, constants[i.immediate], i.c, pc)
          if slot >= 0 {
            let value = base[i.b]
            if i.b >= locals { base[i.b] = .nil } else { value.retain() }
            put(record.pointee.values, slot, value)
            continue
          }
        }
        if !setField(i, base, constants, locals, at: base + i.a) {
          frame.pointee.pc = pc
          return false
        }
      case .setIndexField:
        let container = base[i.a]
        let key = base[i.b].double
        let place = wholeNumber(key)
        if container.is(.list), container.header.pointee.references == 1,
          place < container.listObject.pointee.count, Double(place) == key
        {
          let element = container.listObject.pointee.items[place]
          if element.is(.record), element.header.pointee.references == 1 {
            let record = element.recordObject
            let slot = slot(record, constants[pc.pointee.immediate], pc.pointee.c, pc + 1)
            if slot >= 0 {
              let value = base[i.c]
              if i.c >= locals { base[i.c] = .nil } else { value.retain() }
              put(record.pointee.values, slot, value)
              pc += 1
              continue
            }
          }
        }
        if !setIndexField(i, constants[pc.pointee.immediate], base, locals, at: base + i.a) {
          frame.pointee.pc = pc
          return false
        }
        pc += 1
      case .onGlobal:
        if !onGlobal(i.immediate, pc, base, constants, locals, frame) {
          // The place of the error is that of the change.
          frame.pointee.pc = pc + 1
          return false
        }
        pc += pc.pointee.opcode == .setIndexField ? 2 : 1
      case .setPath, .appendPath:
        if !setPath(i, base, locals, at: base + i.a) {
          frame.pointee.pc = pc
          return false
        }

      // MARK: Building
      case .makeList:
        let list = ListObject.make(capacity: i.c)
        for offset in 0..<i.c {
          list.pointee.items[offset] = base[i.b + offset]
          base[i.b + offset] = .nil
        }
        list.pointee.count = i.c
        put(base, i.a, Value(object: list))
      case .appendItem:
        let container = base[i.a]
        if container.is(.list), container.header.pointee.references == 1, i.a != i.b {
          let value = base[i.b]
          if i.b >= locals { base[i.b] = .nil } else { value.retain() }
          container.appendItem(value)
        } else if !appendItem(i, base, constants, locals, at: base + i.a) {
          frame.pointee.pc = pc
          return false
        }
      case .collect:
        let value = base[i.b]
        if i.b >= locals { base[i.b] = .nil } else { value.retain() }
        if value.bits != Value.nothing.bits { base[i.a].appendItem(value) }
      case .makeRecord:
        let keys = frame.pointee.code.pointee.keyLists[i.immediate]
        put(base, i.a, RecordObject.make(keys, moving: base + i.b))
      case .makeClosure:
        put(base, i.a, closure(i.immediate, frame))
      case .collectAll, .recordSet, .recordMerge, .makeRange, .concatenate, .format, .unpack:
        if !build(i, base, locals) {
          frame.pointee.pc = pc
          return false
        }

      // MARK: Matching
      case .matchNumber:
        guard let value = plainForMatch(base[i.a]) else {
          frame.pointee.pc = pc
          return false
        }
        if !value.isNumber { pc += i.immediate }
      case .matchSpecial:
        if base[i.a].bits != Value.nil.bits | UInt64(truncatingIfNeeded: i.c) { pc += i.immediate }
      case .matchEqual:
        let literal = constants[i.b | i.c << 8]
        guard let value = plainForMatch(base[i.a]) else {
          frame.pointee.pc = pc
          return false
        }
        if !value.isObject {
          if value.double != literal.double { pc += i.immediate }
        } else if value.bits != literal.bits,
          !(value.is(.string) && literal.is(.string) && value.equalsString(literal))
        {
          pc += i.immediate
        }
      case .matchList:
        let value = base[i.a]
        let fits =
          value.is(.list)
          && (i.c == 1
            ? value.listObject.pointee.count >= i.b : value.listObject.pointee.count == i.b)
        if !fits { pc += i.immediate }
      case .matchType: if !isOf(i, base[i.a], frame) { pc += i.immediate }
      case .matchField: matchField(i, base, constants)
      case .jumpIfUndefined:
        if base[i.a].bits == Value.undefined.bits { pc += i.immediate }
      case .noMatch:
        frame.pointee.pc = pc
        failNoMatch(base[i.a])
        return false

      // MARK: Calls
      case .callGlobal:
        let window = base + i.b
        let flags = CallFlags(bits: i.immediate)
        let callee = frame.pointee.code.pointee.globals.pointee[flags.target]
        frame.pointee.pc = pc
        if callee.is(.closure) {
          let code = callee.closureCode
          if code.pointee.simpleCount == i.c, frame < frameLimit,
            window + (code.pointee.registerCount &+ 2) < stackLimit, !interrupt.isRaised
          {
            frame += 1
            top = frame
            base = window + 1
            frame.pointee = Frame(code: code, pc: code.pointee.code, base: base, closure: callee)
            prepare(base, i.c, code)
            enter(frame, &pc, &base, &constants, &locals)
            continue
          }
        }
        if callee.bits == Value.undefined.bits {
          failUndefined(global: flags.target)
          return false
        }
        window[0] = callee.retained
        switch beginCall(window: window, count: i.c, site: 0, flags: flags) {
        case .failed: return false
        case .finished:
          put(base, i.a, result)
          result = .nothing
        case .entered:
          frame = top
          enter(frame, &pc, &base, &constants, &locals)
        }
      case .call:
        let window = base + i.b
        let flags = CallFlags(bits: i.immediate)
        let callee = window[0]
        frame.pointee.pc = pc
        if callee.is(.closure), flags.target == 0 {
          let code = callee.closureCode
          if code.pointee.simpleCount == i.c, frame < frameLimit,
            window + (code.pointee.registerCount &+ 2) < stackLimit, !interrupt.isRaised
          {
            frame += 1
            top = frame
            base = window + 1
            frame.pointee = Frame(code: code, pc: code.pointee.code, base: base, closure: callee)
            prepare(base, i.c, code)
            enter(frame, &pc, &base, &constants, &locals)
            continue
          }
        }
        switch beginCall(window: window, count: i.c, site: flags.target, flags: flags) {
        case .failed: return false
        case .finished:
          put(base, i.a, result)
          result = .nothing
        case .entered:
          frame = top
          enter(frame, &pc, &base, &constants, &locals)
        }
      case .callNumber:
        let argument = base[i.b + 1]
        let result = constants[CallFlags(bits: i.immediate).target].numberFunction(argument.double)
        if argument.isNumber, result == result {
          putPlain(base, i.a, Value(computed: result))
        } else if callNative(i, base, constants, frame, pc) {
          put(base, i.a, self.result)
          self.result = .nothing
        } else {
          return false
        }
      case .callLength:
        let argument = base[i.b + 1]
        if argument.is(.list) {
          let count = argument.listObject.pointee.count
          base[i.b + 1] = .nil
          argument.release()
          putPlain(base, i.a, Value(computed: Double(count)))
        } else if callNative(i, base, constants, frame, pc) {
          put(base, i.a, result)
          result = .nothing
        } else {
          return false
        }
      case .callBuiltin:
        let flags = CallFlags(bits: i.immediate)
        let window = base + i.b
        frame.pointee.pc = pc
        if !callNative(
          constants[flags.target], arguments: window + 1, count: i.c, flags: flags)
        {
          if flags.isLent { window[1 + flags.lentPosition] = .nil }
          return false
        }
        if flags.isLent {
          base[i.a] = result
        } else {
          put(base, i.a, result)
        }
        result = .nothing
      case .returnValue, .returnNothing:
        var value = Value.nothing
        if i.opcode == .returnValue {
          value = base[i.a]
          base[i.a] = .nil
        }
        var local = 0
        while local < locals {
          let old = base[local]
          if old.isObject {
            base[local] = .nil
            old.release()
          }
          local += 1
        }
        let callee = base[-1]
        if callee.isObject {
          base[-1] = .nil
          callee.release()
        }
        let isLast = frame == bottom
        frame -= 1
        top = frame
        if isLast {
          result = value
          return true
        }
        enter(frame, &pc, &base, &constants, &locals)
        let call = pc[-1]
        if value.bits == Value.nothing.bits, CallFlags(bits: call.immediate).needsValue {
          failNoValue()
          return false
        }
        put(base, call.a, value)
      case .checkType:
        if !checkType(i, base, frame) {
          frame.pointee.pc = pc
          return false
        }
      case .halt:
        result = base[i.a]
        base[i.a] = .nil
        top = frame - 1
        return true
      case .raise:
        frame.pointee.pc = pc
        failure =
          frame.pointee.code.pointee.function.takeUnretainedValue().prototype.errors[i.immediate]
        return false
      }
    }
  }

  /// Ends the loop because somebody asked to.
  @inline(never)
  private func stop(
    _ pc: UnsafeMutablePointer<Instruction>, _ frame: UnsafeMutablePointer<Frame>
  ) -> Bool {
    frame.pointee.pc = pc
    failInterrupted()
    return false
  }
}
