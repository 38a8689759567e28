import MaasTensors

/// Reads an array that NumPy saved: format versions 1 to 3, either byte order, C and Fortran order.
///
/// bool and u8 keep their type; whole numbers become i32 if all fit, else f64 if all are exact;
/// f16 becomes f32; f32 and f64 stay.
/// - Throws: `no-such-file`, `cannot-read`, `bad-npy` with the byte offset, `not-exact` for a whole
///   number that neither i32 nor f64 holds, `too-large`.
public func loadNPY(_ path: String) throws -> Tensor {
  let file = try InputFile(path)
  if let found = Signature.of(file.bytes), found != .npy { try Signature.check(file, is: .npy) }
  return try NPYReader(file: file, header: NPYHeader(file)).tensor()
}

/// Turns the elements of a file into those of a tensor, whatever their order.
struct NPYReader {
  let file: InputFile
  let header: NPYHeader

  /// - Throws: `not-exact` for a whole number that neither i32 nor f64 holds, `too-large`.
  func tensor() throws -> Tensor {
    switch header.element {
    case .bool: try filled(UInt8.self) { $0 != 0 }
    case .u8: try filled(UInt8.self) { $0 }
    case .i8: try filled(UInt8.self) { Int32(Int8(bitPattern: $0)) }
    case .i16: try filled(UInt16.self) { Int32(Int16(bitPattern: $0)) }
    case .u16: try filled(UInt16.self) { Int32($0) }
    case .i32: try filled(UInt32.self) { Int32(bitPattern: $0) }
    case .u32: try whole(UInt32.self) { $0 }
    case .i64: try whole(UInt64.self) { Int64(bitPattern: $0) }
    case .u64: try whole(UInt64.self) { $0 }
    case .f16: try filled(UInt16.self) { canonical(Float(half: $0)) }
    case .f32: try filled(UInt32.self) { canonical(Float(bitPattern: $0)) }
    case .f64: try filled(UInt64.self) { canonical(Double(bitPattern: $0)) }
    }
  }

  /// Whole numbers that may be wider than i32.
  private func whole<Raw: FixedWidthInteger, Whole: FixedWidthInteger>(
    _ raw: Raw.Type, _ value: (Raw) -> Whole
  ) throws -> Tensor {
    var fits = true
    for index in 0..<header.shape.count {
      let number = value(load(index))
      if Int32(exactly: number) != nil { continue }
      fits = false
      guard number.magnitude > 1 << 53, Double(exactly: number) == nil else { continue }
      throw CoreError(
        "not-exact", "\(number) is beyond 2^53, and no number here holds it exactly",
        help: "save it from NumPy as float64 if the last digits do not matter",
        place: "\(file.path), byte \(header.dataStart + index * MemoryLayout<Raw>.size)")
    }
    if fits { return try filled(Raw.self) { Int32(truncatingIfNeeded: value($0)) } }
    return try filled(Raw.self) { Double(value($0)) }
  }

  @inline(__always)
  private func load<Raw: FixedWidthInteger>(_ index: Int) -> Raw {
    let raw = file.bytes.loadUnaligned(
      fromByteOffset: header.dataStart + index * MemoryLayout<Raw>.size, as: Raw.self)
    return header.isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw)
  }

  /// Elements converted one by one, and put in row-major order.
  @inline(__always)
  private func filled<Raw: FixedWidthInteger, E: Element>(
    _ raw: Raw.Type, _ value: (Raw) -> E
  ) throws -> Tensor {
    var tensor = try Tensor(zeros: header.shape, dtype: E.dtype)
    tensor.withMutable(E.self) { elements in
      if header.isFortranOrder, header.shape.rank > 1 {
        forEachFortranIndex { position, index in elements[position] = value(load(index)) }
      } else {
        for index in elements.indices { elements[index] = value(load(index)) }
      }
    }
    return tensor
  }

  /// Calls with each row-major position and the index of its element in column-major order.
  @inline(__always)
  private func forEachFortranIndex(_ body: (Int, Int) -> Void) {
    let sizes = header.shape.sizes
    if header.shape.count == 0 { return }
    var strides = [1]
    for size in sizes.dropLast() { strides.append(strides[strides.count - 1] * size) }
    var counters = sizes.map { _ in 0 }
    var index = 0
    for position in 0..<header.shape.count {
      body(position, index)
      var axis = sizes.count - 1
      while axis >= 0 {
        counters[axis] += 1
        index += strides[axis]
        if counters[axis] < sizes[axis] { break }
        index -= strides[axis] * sizes[axis]
        counters[axis] = 0
        axis -= 1
      }
    }
  }
}

extension Float {
  /// From the bits of a half-precision number (IEEE 754 binary16).
  init(half bits: UInt16) {
    let sign: UInt32 = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    if exponent == 0 {
      let magnitude = Float(fraction) * 0x1p-24
      self = sign == 0 ? magnitude : -magnitude
    } else {
      let wide = exponent == 31 ? 255 : exponent + 112
      self.init(bitPattern: sign | wide << 23 | fraction << 13)
    }
  }
}
