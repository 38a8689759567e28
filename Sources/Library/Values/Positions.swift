import MaasTensors
import MaasVM

/// What keys of an index mean on one axis: of a tensor, or the rows of a table, column, dataset.
enum Positions {
  /// The chosen positions.
  /// - Throws: `index-out-of-range`, `wrong-index`, `missing-cell` for a mask with missing cells.
  static func of(_ key: IndexKey, count: Int, in what: String) throws -> [Int] {
    if key.value.isNumber { return [try VM.position(key, count: count, of: what)] }
    if let range = key.value.range {
      return try VM.positions(range, count: count, of: what)
    }
    if key.value.isList {
      return try key.value.items.map {
        try VM.position(IndexKey($0), count: count, of: what)
      }
    }
    if let column = key.value.column {
      return try mask(column, count, what).withUnsafeBufferPointer { of($0) }
    }
    // Positions are whole numbers, to which no gradient goes.
    if let tensor = key.value.operand, tensor.shape.rank == 1 {
      try tensor.needValue(as: "an index")
      if tensor.dtype != .bool {
        return try tensor.doubles().map {
          try VM.position(IndexKey(Value($0)), count: count, of: what)
        }
      }
      guard tensor.count == count else { throw unequal(tensor.count, count, what) }
      return tensor.with(Bool.self) { of($0) }
    }
    throw Failure(
      "wrong-index",
      "an index is a number, a range, a list of positions or a mask, not "
        + key.value.typeDescription)
  }

  /// The positions at which a mask is true. Each is written, and kept where it counts: a branch that
  /// nobody can foresee costs more.
  static func of(_ mask: UnsafeBufferPointer<Bool>) -> [Int] {
    let count = mask.reduce(0) { $0 + ($1 ? 1 : 0) }
    return [Int](unsafeUninitializedCapacity: count + 1) { places, found in
      found = 0
      for place in mask.indices {
        places[found] = place
        found += mask[place] ? 1 : 0
      }
    }
  }

  private static func mask(_ column: ColumnValue, _ count: Int, _ what: String) throws -> [Bool] {
    guard let bools = column.column.bools else {
      throw Failure(
        "wrong-index",
        "a mask is a column of bools, and this one is of \(column.column.kind.rawValue)",
        help: "compare it: t[t.speed > 60]")
    }
    guard bools.count == count else { throw unequal(bools.count, count, what) }
    if let row = column.column.missing.first {
      throw Failure(
        "missing-cell", "the mask has no value in row \(row)",
        help: "say what a missing cell counts as: t[fill_missing(mask, false)]")
    }
    return bools
  }

  private static func unequal(_ found: Int, _ count: Int, _ what: String) -> Failure {
    Failure("shape-mismatch", "the mask has \(found) bools, and \(what) has \(count) rows")
  }
}
