/// What an instruction does. Operands: `a`, `b`, `c` are registers of the frame unless said
/// otherwise, `imm` is a signed 32-bit number, `k` the constants of the function.
///
/// Ownership, the one rule: a register owns what it holds. Registers below the function's
/// `localCount` are variables, read without giving them up; registers from there on are
/// temporaries, and reading one empties it. Writing a variable releases what it held; a
/// temporary is empty when it is written.
@frozen
public enum Opcode: UInt8, CaseIterable, Sendable {
  // Loads and moves.
  /// a ← k[imm]
  case loadConstant
  /// a ← imm as a number
  case loadInteger
  /// a ← the constant word with code imm: nil, false, true, absent, undefined, no value
  case loadSpecial
  /// a ← b
  case copy
  /// a ← b, and b becomes undefined: the last use of a variable
  case take
  /// a ← the word in b, which stays the owner in name: the variable that `call` writes next
  case lend
  /// Releases a.
  case drop
  /// a ← globals[imm]; error where it is undefined
  case getGlobal
  /// globals[imm] ← b
  case setGlobal
  /// a ← captures[imm]
  case getCapture
  /// a ← the running function
  case getSelf
  /// Error where a is undefined; imm: constant with its name
  case checkDefined

  // Arithmetic: a ← b op c, or b op k[imm].
  case add, subtract, multiply, divide, floorDivide, modulo, power, matrixMultiply
  case addConstant, subtractConstant, multiplyConstant, divideConstant
  case floorDivideConstant, moduloConstant, powerConstant
  /// a ← -b
  case negate
  /// a ← not b
  case not
  /// a ← b and c, b or c on tensors of bools, where short-circuit did not decide
  case and, or

  // Comparison: a ← b op c.
  case less, lessOrEqual, equal, notEqual, contains, notContains
  // Jump by imm when (b op c) is what a says (0 or 1); `…Constant` takes k[c].
  case jumpLess, jumpLessOrEqual, jumpEqual
  case jumpLessConstant, jumpLessOrEqualConstant, jumpGreaterConstant, jumpGreaterOrEqualConstant
  case jumpEqualConstant

  // Control. Jumps are relative to the next instruction.
  case jump
  /// A jump backwards; the interrupt flag is read here.
  case loop
  /// Jumps by imm when the bool a is false / true; a stays.
  case jumpIfFalse, jumpIfTrue
  /// Jumps by imm when a is not nil; a nil is emptied.
  case jumpIfNotNil
  /// Jumps by imm when the argument a was given.
  case jumpIfPresent
  /// Jumps by imm when a is false or true for sure (c = 0: `and`, 1: `or`); tensors go on.
  case jumpIfDecided

  // Loops over numbers: five registers of state from a on (`VM.prepareCount`); b is the variable.
  /// Computes the state from lower a, upper a+1, step a+2 (c: 1 closed); jumps by imm when empty.
  case forPrepare
  case forNext
  // Loops over anything else: a the value, a+1 position; b is the variable.
  case iteratePrepare
  /// b ← the next element, or jumps by imm at the end.
  case iterateNext

  // Indexing.
  /// a ← b[c]; imm 1: c counts from the end
  case index
  /// a ← b[imm]; a negative number counts from the end
  case indexInteger
  /// a ← b[c][imm as register]
  case indexTwice
  /// a ← b[c], where a is a temporary that the `field` behind it reads: both at once on a list of
  /// records
  case indexThenField
  /// a ← b[keys in the window at c]; imm: their count, and from bit 8 on which count from the end
  case indexMany
  /// a ← b[c], or nil where it is missing; imm as for index
  case indexOptional
  /// a ← b.k[imm]; c: where the key was found the last time, written by the VM
  case field
  /// a ← b.k[imm], or nil where it is missing
  case fieldOptional
  /// a[b] ← c, where a is a variable; imm 1: b counts from the end
  case setIndex
  /// a.k[imm] ← b, where a is a variable; c as for `field`
  case setField
  /// a[b].k ← c, where a is a variable; the key stands in the `setField` behind it, which is not run
  case setIndexField
  /// The instruction behind it, which changes a place, does so in globals[imm] instead of a.
  case onGlobal
  /// a ← b[path], which becomes nil: the place is about to be assigned; otherwise as `getPath`
  case takePath
  /// a[path] ← last of the window at b; imm: index of a `Path`
  case setPath
  /// a[path] ← itself with the last of the window at b appended; c 1: a list that may be missing
  case appendPath
  /// a ← b[path], keys in the window at c, left as they are; imm: index of a `Path`
  case getPath

  // Building.
  /// a ← list of the c values from b on
  case makeList
  /// a ← a with b appended, where a is a variable: `xs = append(xs, v)`. Imm: the builtin's
  /// constant, whose errors are those of the call.
  case appendItem
  /// Appends b to the list a; no value is skipped.
  case collect
  /// Appends every element of the list b to the list a.
  case collectAll
  /// a ← record of the values from b on; imm: index of a list of keys
  case makeRecord
  /// a[b] ← c on the record that is being built in the temporary a
  case recordSet
  /// Copies every pair of the record b into the record a.
  case recordMerge
  /// a ← range of b (lower), b+1 (upper), b+2 (step); imm: 1 closed, 2 stepped, 4 lower and
  /// 8 upper count from the end
  case makeRange
  /// a ← the c pieces from b on, joined
  case concatenate
  /// a ← b as text; imm: index of a format
  case format
  /// a ← closure over the function imm
  case makeClosure

  // Destructuring.
  /// a, a+1, … ← the c items of the list b; imm: position of a rest, or -1
  case unpack

  // Matching: jumps by imm where the value in a does not fit; the value stays.
  /// … is not the word with code c: nil, false, true
  case matchSpecial
  /// … is not the number or string k[b + 256 c]
  case matchEqual
  /// … is no number
  case matchNumber
  /// … has not the type c
  case matchType
  /// … is no list of b items (c 1: of at least b)
  case matchList
  /// a ← b.k[imm], undefined where there is none
  case matchField
  /// Jumps by imm when a is undefined.
  case jumpIfUndefined
  /// Error: no arm fits a.
  case noMatch

  // Calls. Window at b: the function, then c arguments. imm: `CallFlags`.
  /// a ← call of the value in b
  case call
  /// a ← call of globals[imm & 0xFFFFFF]
  case callGlobal
  /// a ← call of the builtin k[imm & 0xFFFFFF]
  case callBuiltin
  /// As `callBuiltin` with one argument, where the builtin is a function of numbers or `length`;
  /// put in its place when the function is linked.
  case callNumber, callLength
  /// Returns a.
  case returnValue
  /// Returns no value.
  case returnNothing
  /// Checks parameter a against type imm.
  case checkType
  /// As the opcode in front of `Then`, and at once the instruction behind it where that takes its
  /// usual way; put in its place when the function is linked.
  case multiplyThenAdd, multiplyThenSubtract, addThenLoop, addConstantThenLoop
  /// The end of a top-level program; a is its value.
  case halt
  /// Raises the prepared error imm.
  case raise
}
