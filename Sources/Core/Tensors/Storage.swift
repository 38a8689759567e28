import Glibc

/// The memory behind tensors: raw bytes, aligned to 64, freed with the last tensor that holds them.
///
/// Invariant: bytes are written only through a tensor that is the sole owner
/// (`isKnownUniquelyReferenced`), so sharing between threads is sharing of constants. That makes
/// `@unchecked Sendable` true.
package final class Storage: @unchecked Sendable {
  package let bytes: UnsafeMutableRawPointer
  package let byteCount: Int
  private let isOwned: Bool

  /// Alignment of every tensor, one cache line and one AVX-512 register.
  package static let alignment = 64

  /// The most one tensor may take: the memory of this machine.
  package static let limit: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? pages * size : 1 << 34
  }()

  /// Uninitialised memory, or nil if the system has none.
  package init?(byteCount: Int) {
    var memory: UnsafeMutableRawPointer?
    let whole = max(byteCount, 1)
    let isLarge = whole >= 4 << 20
    let alignment = isLarge ? 2 << 20 : Storage.alignment
    guard whole <= Storage.limit, posix_memalign(&memory, alignment, whole) == 0, let memory
    else { return nil }
    // Pages of 2 MB: the system hands out 40 MB in 20 pieces instead of 10,000.
    if isLarge { madvise(memory, whole, MADV_HUGEPAGE) }
    bytes = memory
    self.byteCount = byteCount
    isOwned = true
  }

  /// Memory of somebody else, who keeps it for as long as this object lives and lets nobody write it
  /// meanwhile.
  package init(borrowing bytes: UnsafeMutableRawPointer, byteCount: Int) {
    self.bytes = bytes
    self.byteCount = byteCount
    isOwned = false
  }

  deinit { if isOwned { free(bytes) } }
}
