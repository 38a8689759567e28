import Glibc
import MaasTensors

/// A flat array of floats, zero at the start, aligned for the kernels.
package struct Floats: Sendable {
  private let storage: Storage
  nonisolated(unsafe) package let base: UnsafeMutablePointer<Float>

  package init(_ count: Int) throws(CoreError) {
    let (bytes, overflow) = max(16, count).multipliedReportingOverflow(by: 4)
    guard !overflow, let storage = Storage(byteCount: bytes) else {
      throw CoreError(
        "too-large", "training needs an array of \(count) floats, and there is no memory for it")
    }
    memset(storage.bytes, 0, bytes)
    self.storage = storage
    base = storage.bytes.bindMemory(to: Float.self, capacity: max(16, count))
  }
}
