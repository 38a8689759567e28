import MaasKernels

/// Consecutive axes reduced together: [outer, inner, columns] → [outer, columns].
struct ReductionSpan {
  var outer: Int
  var inner: Int
  var columns: Int
}

extension Shape {
  /// The spans that reduce these axes one after another, from the last to the first.
  func spans(reducing axes: [Int]) -> [ReductionSpan] {
    var spans: [ReductionSpan] = []
    var columns = 1
    var axis = rank - 1
    while axis >= 0 {
      guard axes.contains(axis) else {
        columns *= sizes[axis]
        axis -= 1
        continue
      }
      var inner = 1
      while axis >= 0, axes.contains(axis) {
        inner *= sizes[axis]
        axis -= 1
      }
      let outer = axis < 0 ? 1 : sizes[...axis].reduce(1, *)
      spans.append(ReductionSpan(outer: outer, inner: inner, columns: columns))
    }
    return spans
  }
}

extension [ReductionSpan] {
  /// One span after another, the results between them in memory of the kernel's own.
  /// - Parameter count: the elements of the input.
  /// - Throws: `too-large`.
  func kernel(
    _ reduction: maas_reduction, isMean: Bool, count: Int
  ) throws -> FunctionKernel.Body {
    guard let last else { return { x, y in y.update(from: x[0], count: count) } }
    func reduce(
      _ span: ReductionSpan, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
      let factor = isMean ? 1 / Double(span.inner) : 1
      maas_reduce(reduction, factor, x, nil, y, span.outer, span.inner, span.columns)
    }
    if self.count == 1 { return { x, y in reduce(last, x[0], y) } }
    let before = try dropLast().map { ($0, try Scratch($0.outer * $0.columns)) }
    return { x, y in
      var source = x[0]
      for (span, room) in before {
        reduce(span, source, room.floats)
        source = UnsafePointer(room.floats)
      }
      reduce(last, source, y)
    }
  }
}
