import CLAPACK
import Glibc

/// The calls into LAPACK, through LAPACKE. The library is opened at the first call: to load it with
/// the program would cost every start some milliseconds.
///
/// Unsafe: the types below are those of lapacke.h. Matrices are column by column, as LAPACK has
/// them: a row-major matrix is its transpose there.
struct LAPACK: Sendable {
  typealias Int = Int32
  typealias Doubles = UnsafeMutablePointer<Double>
  typealias Pivots = UnsafeMutablePointer<Int32>

  typealias Factor = @convention(c) (Int, Int, Int, Doubles, Int, Pivots) -> Int
  typealias SolveFactored =
    @convention(c) (
      Int, CChar, Int, Int, Doubles, Int, Pivots, Doubles, Int
    ) -> Int
  typealias InvertFactored = @convention(c) (Int, Int, Doubles, Int, Pivots) -> Int
  typealias Cholesky = @convention(c) (Int, CChar, Int, Doubles, Int) -> Int
  typealias Orthogonal = @convention(c) (Int, Int, Int, Doubles, Int, Doubles) -> Int
  typealias MakeOrthogonal = @convention(c) (Int, Int, Int, Int, Doubles, Int, Doubles) -> Int
  typealias Singular =
    @convention(c) (
      Int, CChar, Int, Int, Doubles, Int, Doubles, Doubles, Int, Doubles, Int
    ) -> Int
  typealias Symmetric = @convention(c) (Int, CChar, CChar, Int, Doubles, Int, Doubles) -> Int
  typealias General =
    @convention(c) (
      Int, CChar, CChar, Int, Doubles, Int, Doubles, Doubles, Doubles?, Int, Doubles, Int
    ) -> Int
  /// BLAS itself: by reference, as Fortran has it.
  typealias Multiply =
    @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<Int>, UnsafePointer<Int>,
      UnsafePointer<Int>, UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Int>,
      UnsafePointer<Double>, UnsafePointer<Int>, UnsafePointer<Double>, Doubles, UnsafePointer<Int>
    ) -> Void

  let factor: Factor
  let solveFactored: SolveFactored
  let invertFactored: InvertFactored
  let cholesky: Cholesky
  let orthogonal: Orthogonal
  let makeOrthogonal: MakeOrthogonal
  let singular: Singular
  let symmetric: Symmetric
  let general: General
  let multiply: Multiply

  static let columns = Int(LAPACK_COL_MAJOR)

  /// - Throws: `missing-library`.
  static func open() throws -> LAPACK {
    guard let shared else {
      throw CoreError(
        "missing-library", "linear algebra needs the library LAPACK, and this machine has none",
        help: "as root: apt-get install liblapacke-dev libopenblas0-serial")
    }
    return shared
  }

  private static let shared: LAPACK? = {
    // Its own threads are never used: parallelism is by shards and workers.
    setenv("OPENBLAS_NUM_THREADS", "1", 0)
    guard let library = dlopen("liblapacke.so.3", RTLD_NOW | RTLD_LOCAL) else { return nil }
    func symbol<F>(_ name: String, _ type: F.Type) -> F? {
      dlsym(library, name).map { unsafeBitCast($0, to: type) }
    }
    guard let factor = symbol("LAPACKE_dgetrf", Factor.self),
      let solveFactored = symbol("LAPACKE_dgetrs", SolveFactored.self),
      let invertFactored = symbol("LAPACKE_dgetri", InvertFactored.self),
      let cholesky = symbol("LAPACKE_dpotrf", Cholesky.self),
      let orthogonal = symbol("LAPACKE_dgeqrf", Orthogonal.self),
      let makeOrthogonal = symbol("LAPACKE_dorgqr", MakeOrthogonal.self),
      let singular = symbol("LAPACKE_dgesdd", Singular.self),
      let symmetric = symbol("LAPACKE_dsyevd", Symmetric.self),
      let general = symbol("LAPACKE_dgeev", General.self),
      let multiply = symbol("dgemm_", Multiply.self)
    else { return nil }
    return LAPACK(
      factor: factor, solveFactored: solveFactored, invertFactored: invertFactored,
      cholesky: cholesky, orthogonal: orthogonal, makeOrthogonal: makeOrthogonal,
      singular: singular, symmetric: symmetric, general: general, multiply: multiply)
  }()

  /// Runs a call that may take long on a thread of its own, so that Ctrl-C ends the wait. Who is
  /// interrupted leaves the thread to finish alone; it works on memory of its own.
  /// - Parameter work: about how many multiplications; few are done at once.
  static func run<R: Sendable>(work: Double, _ body: @escaping @Sendable () throws -> R) throws -> R
  {
    if work < 1e9 { return try body() }
    let result = Result<R>()
    guard startThread(named: "maas-lapack", stackBytes: 16 << 20, { result.finish(body) }) != nil
    else { return try body() }
    return try result.wait()
  }

  /// What a thread leaves behind.
  private final class Result<R: Sendable>: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let ready = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var outcome: Swift.Result<R, any Error>?

    init() {
      pthread_mutex_init(lock, nil)
      pthread_cond_init(ready, nil)
    }

    deinit {
      pthread_mutex_destroy(lock)
      pthread_cond_destroy(ready)
      lock.deallocate()
      ready.deallocate()
    }

    func finish(_ body: () throws -> R) {
      let outcome = Swift.Result { try body() }
      pthread_mutex_lock(lock)
      self.outcome = outcome
      pthread_cond_signal(ready)
      pthread_mutex_unlock(lock)
    }

    /// - Throws: `interrupted`, or what the body threw.
    func wait() throws -> R {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      while true {
        if let outcome { return try outcome.get() }
        try Interrupt.shared.check()
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        until.tv_nsec += 20_000_000
        if until.tv_nsec >= 1_000_000_000 {
          until.tv_sec += 1
          until.tv_nsec -= 1_000_000_000
        }
        pthread_cond_timedwait(ready, lock, &until)
      }
    }
  }
}
