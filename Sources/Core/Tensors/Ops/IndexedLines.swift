/// Ids checked against an axis, and the walk over the lines they point into.
struct IndexedLines {
  let ids: Tensor
  let size: Int
  let outer: Int
  let inner: Int
  let axis: Int

  /// - Parameter byRows: whether an id means all that lies at it, along the first axis unless told
  ///   otherwise; else one element, along the last.
  /// - Throws: `out-of-range` for an id that does not exist.
  init(_ shape: Shape, _ attributes: Attributes, _ ids: Tensor, byRows: Bool) throws {
    axis = try shape.axis(attributes.axes?.first ?? (byRows ? 0 : -1))
    size = shape[axis]
    outer = shape.sizes[..<axis].reduce(1, *)
    inner = shape.sizes[(axis + 1)...].reduce(1, *)
    self.ids = ids
    let size = size
    let axis = axis
    try ids.with(Int32.self) { ids in
      guard let bad = ids.first(where: { $0 < 0 || $0 >= size }) else { return }
      throw CoreError(
        "out-of-range",
        "position \(bad) does not exist on axis \(axis) of size \(size), which counts from 0")
    }
  }

  func copyRows(_ x: Tensor, to y: Tensor) {
    let bytes = inner * x.dtype.size
    ids.with(Int32.self) { ids in
      var target = y.storage.bytes
      for o in 0..<outer {
        for id in ids {
          target.copyMemory(from: x.storage.bytes + (o * size + Int(id)) * bytes, byteCount: bytes)
          target += bytes
        }
      }
    }
  }

  func addRows<E: Element & FloatingPoint>(_ values: Tensor, to y: inout Tensor, _ type: E.Type) {
    ids.with(Int32.self) { ids in
      values.with(E.self) { values in
        y.withMutable(E.self) { y in
          var from = 0
          for o in 0..<outer {
            for id in ids {
              let start = (o * size + Int(id)) * inner
              for index in 0..<inner { y[start + index] += values[from + index] }
              from += inner
            }
          }
        }
      }
    }
  }

  func copyElements<Word: BitwiseCopyable>(_ x: Tensor, to y: Tensor, _ type: Word.Type) {
    let source = x.storage.bytes.assumingMemoryBound(to: Word.self)
    let target = y.storage.bytes.assumingMemoryBound(to: Word.self)
    forEachElement { id, place in target[id] = source[place] }
  }

  func addElements<E: Element & FloatingPoint>(
    _ values: Tensor, to y: inout Tensor, _ type: E.Type
  ) {
    values.with(E.self) { values in
      y.withMutable(E.self) { y in
        forEachElement { id, place in y[place] += values[id] }
      }
    }
  }

  /// Calls with the place of each id and the place in the tensor that it names.
  @inline(__always)
  private func forEachElement(_ body: (Int, Int) -> Void) {
    let count = ids.shape[axis]
    ids.with(Int32.self) { ids in
      var next = 0
      for o in 0..<outer {
        for _ in 0..<count {
          for i in 0..<inner {
            body(next, (o * size + Int(ids[next])) * inner + i)
            next += 1
          }
        }
      }
    }
  }
}

extension Plain {
  /// As ids: the places in a tensor of this shape that `take` reads.
  func rowPlaces(_ whole: Shape, _ attributes: Attributes) -> [Int] {
    let axis = (try? whole.axis(attributes.axes?.first ?? 0)) ?? 0
    let inner = whole.sizes[(axis + 1)...].reduce(1, *)
    return (0..<whole.sizes[..<axis].reduce(1, *)).flatMap { o in
      values.flatMap { id in
        (0..<inner).map { (o * whole[axis] + Int(id)) * inner + $0 }
      }
    }
  }

  /// As ids: the places in a tensor of this shape that `takeElements` reads.
  func elementPlaces(_ whole: Shape, _ attributes: Attributes) -> [Int] {
    let axis = (try? whole.axis(attributes.axes?.first ?? -1)) ?? 0
    let inner = whole.sizes[(axis + 1)...].reduce(1, *)
    let count = shape[axis]
    return values.indices.map { place in
      let (o, i) = (place / Swift.max(1, inner * count), place % Swift.max(1, inner))
      return (o * whole[axis] + Int(values[place])) * inner + i
    }
  }

  /// NaN where there is no such place.
  func value(at place: Int) -> Double {
    values.indices.contains(place) ? values[place] : .nan
  }
}
