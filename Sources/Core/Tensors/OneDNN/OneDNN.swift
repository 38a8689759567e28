import COneDNN
import Glibc
import MaasKernels

/// The calls into oneDNN. Its own threads are never used: parallelism is by shards and workers.
public enum OneDNN {
  /// Tells OpenMP, on the calling thread, to use that thread alone. Every thread that multiplies
  /// calls this once. The function is found at run time: it belongs to the library oneDNN itself
  /// was linked with.
  public static func useOneThread() { setThreads?(1) }

  private static let setThreads: (@convention(c) (Int32) -> Void)? = {
    guard let symbol = dlsym(nil, "omp_set_num_threads") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
  }()

  /// The processor, as oneDNN sees it: one object for all threads.
  static func engine() throws(CoreError) -> dnnl_engine_t {
    guard let engine = processor.handle else {
      throw CoreError("not-supported", "oneDNN does not run on this processor")
    }
    return engine
  }

  /// Invariant: an engine is never written once it is made.
  private struct Processor: @unchecked Sendable { var handle: dnnl_engine_t? }

  private static let processor: Processor = {
    var processor = Processor()
    dnnl_engine_create(&processor.handle, dnnl_cpu, 0)
    return processor
  }()

  /// y [rows, columns] = a [rows, inner] · b [inner, columns], all row-major; a transposed matrix
  /// lies in memory as [inner, rows] or [columns, inner]. With `adding` the product is added to y.
  /// - Returns: false if oneDNN refuses, which only a lack of memory can bring about.
  public static func multiply(
    _ a: UnsafePointer<Float>?, transposed aTransposed: Bool, _ b: UnsafePointer<Float>?,
    transposed bTransposed: Bool, _ y: UnsafeMutablePointer<Float>, rows: Int, inner: Int,
    columns: Int, adding: Bool = false
  ) -> Bool {
    if rows == 0 || columns == 0 { return true }
    if inner == 0 {
      if !adding { y.update(repeating: 0, count: rows * columns) }
      return true
    }
    if let a, let b, maas_product_suits(rows, inner, columns) {
      var sizes = maas_product_sizes(
        rows: rows, inner: inner, columns: columns, aTransposed: aTransposed,
        bTransposed: bTransposed)
      sizes.adds = adding
      maas_product(&sizes, a, b, nil, y)
      return true
    }
    let (m, n, k) = (Int64(rows), Int64(columns), Int64(inner))
    let status = dnnl_sgemm(
      aTransposed ? 84 : 78, bTransposed ? 84 : 78, m, n, k, 1, a, aTransposed ? m : k, b,
      bTransposed ? k : n, adding ? 1 : 0, y, n)
    return status == dnnl_success
  }
}

extension maas_product_sizes {
  /// Whole matrices, row-major; a transposed one lies in memory as [inner, rows] or
  /// [columns, inner].
  package init(rows: Int, inner: Int, columns: Int, aTransposed: Bool, bTransposed: Bool) {
    self.init(
      rows: rows, inner: inner, columns: columns, a_row: aTransposed ? 1 : inner,
      a_column: aTransposed ? rows : 1, b_row: bTransposed ? inner : columns,
      b_turned: bTransposed, y_row: columns, factor: 1, adds: false, relu: false)
  }
}
