import MaasTensors
import MaasVM

/// The part of a tensor that an index names.
///
/// An integer takes one position and drops the axis; a range, a list of positions, or a mask of
/// bools keeps it. Lists and masks on several axes choose rows and columns independently.
struct TensorSelection {
  /// The part; of a mask of the tensor's own shape, positions among all elements in one row.
  let selection: Selection
  /// Whether it chooses among all elements in one row.
  let isFlat: Bool

  /// The shape of the part.
  var shape: Shape { selection.shape }

  /// - Throws: `index-out-of-range`, `wrong-index`.
  init(_ keys: [IndexKey], in shape: Shape) throws {
    if keys.count == 1, let mask = keys[0].value.operand, mask.dtype == .bool, mask.shape.rank > 1 {
      try mask.needValue(as: "an index")
      self = try TensorSelection(mask: mask, in: shape)
      return
    }
    try TensorSelection.check(keys, shape)
    var axes: [Selection.Axis] = []
    var dropped: Set<Int> = []
    for (axis, key) in keys.enumerated() {
      let name = TensorSelection.name(of: axis, in: shape)
      axes.append(try TensorSelection.axis(key, size: shape[axis], in: name))
      if key.value.isNumber { dropped.insert(axis) }
    }
    selection = try Selection(axes, of: shape, dropping: dropped)
    isFlat = false
  }

  /// The elements at which a mask of the tensor's own shape is true, in one row.
  private init(mask: Tensor, in shape: Shape) throws {
    guard mask.shape == shape else {
      throw CoreError(
        "shape-mismatch", "a mask of shape \(mask.shape) does not fit a tensor of shape \(shape)",
        help: "a mask has the shape of the tensor, or one bool for each row: [\(shape[0])]")
    }
    let places = mask.with(Bool.self) { Positions.of($0) }
    selection = try Selection([.init(places)], of: [shape.count])
    isFlat = true
  }

  /// `..` takes no memory for each position, however many they are.
  private static func axis(
    _ key: IndexKey, size: Int, in what: String
  ) throws -> Selection.Axis {
    if let range = key.value.range, range.lower == nil, range.upper == nil, range.step == nil {
      return .steps(Slice(start: 0, count: size))
    }
    return .init(try Positions.of(key, count: size, in: what))
  }

  /// The row-major position of one element, where the keys are a number an axis.
  /// - Throws: `index-out-of-range`, `wrong-index`.
  static func position(_ keys: [IndexKey], in shape: Shape) throws -> Int? {
    guard keys.count == shape.rank, keys.allSatisfy(\.value.isNumber) else { return nil }
    var position = 0
    for (axis, key) in keys.enumerated() {
      position = position * shape[axis] + (try place(key, axis: axis, in: shape))
    }
    return position
  }

  /// The position that a number names on an axis.
  /// - Throws: `index-out-of-range`, `wrong-index`.
  static func place(_ key: IndexKey, axis: Int, in shape: Shape) throws -> Int {
    try VM.position(key, count: shape[axis], of: name(of: axis, in: shape))
  }

  private static func name(of axis: Int, in shape: Shape) -> String {
    shape.rank == 1 ? "the tensor" : "axis \(axis) of the tensor"
  }

  private static func check(_ keys: [IndexKey], _ shape: Shape) throws {
    guard keys.count > shape.rank else { return }
    throw Failure(
      "wrong-index",
      "the tensor has shape \(shape), so it takes at most \(shape.rank) "
        + (shape.rank == 1 ? "index" : "indices") + ", not \(keys.count)")
  }

  /// The part of a tensor.
  /// - Throws: `too-large`, `interrupted`.
  func read(_ tensor: Tensor) throws -> Tensor {
    var attributes = Attributes()
    attributes.selection = selection
    return try Op.select(
      isFlat ? tensor.reshaped(to: selection.whole) : tensor, attributes: attributes)
  }

  /// The tensor with the part replaced by a tensor, a number that a gradient follows, or whatever a
  /// tensor is made of.
  /// - Throws: `wrong-type`, `shape-mismatch`, `too-large`.
  func assigned(_ value: Value, in tensor: Tensor) throws -> Tensor {
    guard tensor.dtype.isFloating else {
      throw Failure(
        "no-gradient", "a tensor of \(tensor.dtype) holds nothing that a gradient follows",
        help: "make it one of floats first: tensor(x, dtype: \"f32\")")
    }
    var part: Tensor
    if let operand = value.operand {
      part = try Op.cast(operand, to: tensor.dtype)
      if part.shape != shape { part = try Op.broadcast(part, attributes: .shape(shape)) }
    } else {
      part = try TensorElement(tensor.dtype).tensor(value, shape: shape)
    }
    var attributes = Attributes()
    attributes.selection = selection
    let whole = isFlat ? try tensor.reshaped(to: selection.whole) : tensor
    return try Op.assign(whole, part, attributes: attributes).reshaped(to: tensor.shape)
  }

  /// Writes a tensor of the part's shape and the whole's type in its place.
  /// - Throws: `too-large` where a copy is needed first and there is no memory for it.
  func write(_ part: Tensor, into tensor: inout Tensor) throws {
    try selection.write(part, into: &tensor)
  }
}
