import MaasData
import MaasTensors
import MaasVM

// How builtins read tensors, shapes and axes.

extension NativeCall {
  /// The argument `dtype`.
  /// - Throws: `unknown-dtype`.
  func dtype(or initial: DType) throws -> DType {
    has("dtype") ? try TensorElement(named: string("dtype")).dtype : initial
  }

  /// A list, range, column or tensor as a tensor of the argument `dtype`.
  /// - Throws: `ragged-list`, `wrong-type`, `missing-cell`, `not-exact`, `too-large`.
  func tensor(of value: Value) throws -> Tensor {
    if let tensor = value.operand {
      let dtype = try dtype(or: tensor.dtype)
      return tensor.isTraced
        ? try Op.cast(tensor, to: dtype) : try TensorElement(dtype).converted(tensor)
    }
    if value.isTraced { return try TracedReader(dtype(or: .f32)).read(value) }
    if let range = value.range { return try tensor(of: range) }
    if let column = value.column?.column { return try tensor(of: Table([column]), isColumn: true) }
    return try TensorReader(dtype(or: TensorReader.dtype(of: value))).read(value)
  }

  /// - Throws: `wrong-range` for an open one, `not-exact`, `too-large`.
  func tensor(of range: RangeValue) throws -> Tensor {
    guard range.upper != nil else {
      throw Failure("wrong-range", "a range without an end has no number of elements")
    }
    let (first, step) = (range.lower ?? 0, range.step ?? 1)
    return try numbers(range.count) { first + Double($0) * step }
  }

  /// Numbers by position.
  func numbers(_ count: Int, _ number: (Int) -> Double) throws -> Tensor {
    let dtype = try dtype(or: .f32)
    // Refused here where there is no memory for it.
    _ = try Tensor(zeros: Shape(checking: [count]), dtype: .f64)
    var values: [Double] = []
    values.reserveCapacity(count)
    for position in 0..<count {
      if position & 0xFFFF == 0xFFFF { try pollInterrupt() }
      values.append(number(position))
    }
    return try TensorElement(dtype).converted(Tensor(values))
  }

  /// The columns of a table, which hold numbers or bools, as columns of a matrix.
  /// - Throws: `wrong-type`, `missing-cell`, `not-exact`.
  func tensor(of table: Table, isColumn: Bool = false) throws -> Tensor {
    let columns = try table.columns.map { column in
      if let row = column.missing.first {
        throw Failure(
          "missing-cell", "row \(row) of column '\(column.name)' has no value",
          help: "leave such rows out: drop_missing(t), or fill them: fill_missing(t, 0)")
      }
      if let numbers = column.numbers { return numbers }
      if let bools = column.bools { return bools.map { $0 ? 1 : 0 } }
      throw Failure(
        "wrong-type",
        "column '\(column.name)' holds \(column.kind.rawValue), and a tensor holds numbers",
        help: "choose columns of numbers: select(t, [\"…\"])")
    }
    if isColumn, table.columns.first?.kind == .bools, !has("dtype") {
      return Tensor(columns[0].map { $0 != 0 })
    }
    let element = TensorElement(try dtype(or: .f32))
    if isColumn { return try element.converted(Tensor(columns[0])) }
    let count = columns.count
    var matrix = try Tensor(zeros: Shape(checking: [table.rowCount, count]), dtype: .f64)
    matrix.withMutable(Double.self) { matrix in
      for (place, column) in columns.enumerated() {
        for (row, number) in column.enumerated() { matrix[row * count + place] = number }
      }
    }
    return try element.converted(matrix)
  }

  /// The tensors of a list argument, at least one, in the widest of their types.
  /// - Throws: `wrong-type`, `empty`.
  func tensors(_ name: String) throws -> [Tensor] {
    let tensors = try self[name].items.map { item in
      guard let tensor = item.operand, tensor.shape.rank > 0 else {
        throw Failure(
          "wrong-type",
          "`\(function.name)` takes a list of tensors, and here is \(item.typeDescription)",
          help: "make a tensor of it: tensor([…])")
      }
      return tensor
    }
    guard let first = tensors.first else {
      throw Failure(
        "empty", "`\(function.name)` needs at least one tensor",
        help: "give it a list of tensors: \(function.name)([a, b])")
    }
    if tensors.allSatisfy({ $0.dtype == first.dtype }) { return tensors }
    let widest = Op.add.resultType(tensors.map(\.dtype))
    return try tensors.map { try Op.cast($0, to: widest) }
  }

  /// A shape given as numbers, or as one list of them.
  /// - Parameter elements: how many there are, where one size may be -1.
  /// - Throws: `wrong-type`, `bad-shape`, `too-large`, `shape-mismatch`.
  func shape(_ values: some Sequence<Value>, elements: Int? = nil) throws -> Shape {
    var parts = Array(values)
    if parts.count == 1, parts[0].isList { parts = Array(parts[0].items) }
    var sizes = try parts.map { part in
      guard let size = part.integer, part.isNumber else {
        throw Failure(
          "wrong-type", "a size of a shape is a whole number, not \(part.display(quoted: true))")
      }
      return size
    }
    if let elements, let open = sizes.firstIndex(of: -1) {
      let rest = try Shape(checking: sizes.enumerated().map { $0 == open ? 1 : $1 }).count
      guard rest > 0, elements % rest == 0 else {
        throw CoreError(
          "shape-mismatch",
          "\(elements) elements cannot be divided into parts of \(rest): \(sizes) does not fit")
      }
      sizes[open] = elements / rest
    }
    return try Shape(checking: sizes)
  }

  /// An argument that names axes: a number or a list of numbers; nil where it was left out.
  /// - Throws: `wrong-type`.
  func axes(_ name: String = "axis") throws -> [Int]? {
    guard has(name), !self[name].isNil else { return nil }
    if self[name].isNumber { return [try int(name)] }
    let axes = try self[name].items.map { item in
      guard let axis = item.integer, item.isNumber else {
        throw Failure(
          "wrong-type", "an axis is a whole number, not \(item.display(quoted: true))")
      }
      return axis
    }
    return name == "axes" && axes.isEmpty ? nil : axes
  }

  /// - Throws: `interrupted` once Ctrl-C was pressed.
  func pollInterrupt() throws {
    try vm.checkInterrupt()
  }
}
