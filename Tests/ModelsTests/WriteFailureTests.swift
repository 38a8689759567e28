import Glibc
import GoldenSupport
import MaasData
import MaasModels
import MaasTensors
import Testing

/// The limit of this process on the size of a file; a process of its own, as others write files.
private func limitFiles(to size: UInt) {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  limit.rlim_cur = rlim_t(size)
  setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

/// The file system is full, or a limit is reached, at each 4 KB of the weights: the error says so,
/// the old model still loads, and nothing is left behind.
@Test func aSaveThatFailsLeavesTheOldModel() async throws {
  await #expect(processExitsWith: .success) {
    let scratch = try ScratchFolder()
    let path = scratch.file("a.maasmodel")
    let old = try sampleModel(seed: 1, hidden: 2000)
    let new = try sampleModel(seed: 2, hidden: 2000)
    try old.save(to: path)
    let size = UInt(try bytes(of: "\(path)/weights.safetensors").count)
    for limit in stride(from: 0, to: size, by: 4096) {
      limitFiles(to: limit)
      let error = failureText(scratch.path) { try new.save(to: path) }
      limitFiles(to: UInt(Int.max))
      #expect(
        error == "'a.maasmodel' cannot be written: the file would be larger than this process may "
          + "write [cannot-write]; "
          + "raise the limit (ulimit -f); what was there before is unchanged")
      #expect(try Model(loading: path).hash == old.hash)
      #expect(scratch.names == ["a.maasmodel"])
    }
    limitFiles(to: size)
    try new.save(to: path)
    #expect(try Model(loading: path).hash == new.hash)
    #expect(scratch.names == ["a.maasmodel"])
  }
}

/// The same for single files and for the registry.
@Test func otherWritesThatFailLeaveWhatWasThere() async throws {
  await #expect(processExitsWith: .success) {
    let scratch = try ScratchFolder()
    let registry = Registry(root: scratch.file("models"))
    _ = try registry.register(sampleModel(hidden: 2000), "digits")
    let tensor = try Tensor(zeros: [4000])
    try saveNPY(tensor, scratch.file("x.npy"))
    let table = try Table([Column("a", numbers: (0..<4000).map { Double($0) })])
    try saveCSV(table, scratch.file("t.csv"))
    for limit: UInt in [0, 1, 4096, 8192] {
      limitFiles(to: limit)
      let errors = [
        failureText(scratch.path) { try saveNPY(tensor, scratch.file("x.npy")) },
        failureText(scratch.path) { try saveCSV(table, scratch.file("t.csv")) },
        failureText(scratch.path) {
          _ = try registry.register(sampleModel(hidden: 2000), "digits")
        },
      ]
      limitFiles(to: UInt(Int.max))
      #expect(errors.allSatisfy { $0.contains("larger than this process may write") })
      #expect(try loadNPY(scratch.file("x.npy")).isIdentical(to: tensor))
      #expect(try loadCSV(scratch.file("t.csv")) == table)
      #expect(registry.versions(of: "digits") == [1])
      #expect(scratch.names == ["models", "t.csv", "x.npy"])
      #expect(scratch.names(in: "models/digits") == ["1"])
    }
  }
}

/// A reader that loads while a writer saves sees one model or the other, never a mixture.
@Test func aModelIsNeverSeenHalfWritten() async throws {
  let scratch = try ScratchFolder()
  let path = scratch.file("a.maasmodel")
  let models = try [1, 2].map { try sampleModel(seed: $0, hidden: 300) }
  try models[0].save(to: path)
  let hashes = Set(models.map(\.hash))
  let writer = Task.detached {
    for turn in 1...200 { try models[turn % 2].save(to: path) }
  }
  let reader = Task.detached {
    for _ in 0..<200 {
      let hash = try Model(loading: path).hash
      #expect(hashes.contains(hash))
    }
  }
  try await writer.value
  try await reader.value
}
