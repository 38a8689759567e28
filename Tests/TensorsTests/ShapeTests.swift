import Glibc
import MaasTensors
import Testing

private func refusal(_ sizes: [Int]) -> String? {
  do {
    _ = try Shape(checking: sizes)
    return nil
  } catch { return error.id }
}

@Test(arguments: [
  [1 << 40, 1 << 40, 0], [0, 1 << 40], [1 << 27, 0], [0, 1 << 20, 1 << 20], [1 << 32],
  [1 << 21, 1 << 20], [1 << 60, 1 << 60],
])
func sizesThatNothingCanWorkThroughAreRefused(_ sizes: [Int]) {
  #expect(refusal(sizes) == "too-large")
}

@Test(arguments: [[], [0], [1 << 26, 0], [1 << 31], [1 << 20, 1 << 20], [0, 0, 0]])
func sizesThatCanBeWorkedThroughAreTaken(_ sizes: [Int]) throws {
  #expect(try Shape(checking: sizes).sizes == sizes)
}

@Test func aTensorHasAtMost32Axes() throws {
  #expect(try Shape(checking: Array(repeating: 1, count: 32)).count == 1)
  #expect(refusal(Array(repeating: 1, count: 33)) == "bad-shape")
}

/// The bytes of address space that this process has taken.
private func addressSpace() throws -> UInt {
  let file = try #require(fopen("/proc/self/statm", "r"))
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 64)
  try #require(fgets(&line, 64, file) != nil)
  let pages = line.prefix { $0 != 32 }.map { UInt8(bitPattern: $0) }
  return try #require(UInt(String(decoding: pages, as: UTF8.self))) * UInt(getpagesize())
}

/// In a process of its own, whose memory ends a little above what it has: a sanitizer takes some.
@Test func aCopyThatFindsNoMemoryIsAnError() async {
  await #expect(processExitsWith: .success) {
    let tensor = try Tensor(uninitialized: [1 << 28], dtype: .f32)
    var copy = tensor
    var limit = rlimit(rlim_cur: try addressSpace() + (1 << 28), rlim_max: .max)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    do throws(CoreError) {
      try copy.makeUnique()
      exit(3)
    } catch {
      exit(error.id == "too-large" && copy.shape == tensor.shape ? 0 : 2)
    }
  }
}

@Test func aTensorMadeUniqueIsChangedAlone() throws {
  let tensor = Tensor([Float(1), 2])
  var copy = tensor
  try copy.makeUnique()
  copy.setElement(at: 0, to: 5)
  #expect(tensor.floats() == [1, 2])
  #expect(copy.floats() == [5, 2])
}
