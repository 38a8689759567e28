import Glibc
import GoldenSupport
import MaasData
import MaasModels
import MaasTensors
import Testing

@Test func versionsCountUpAndTheLatestIsLoaded() throws {
  let scratch = try ScratchFolder()
  let registry = Registry(root: scratch.file("models"))
  let first = try sampleModel(seed: 1)
  let second = try sampleModel(seed: 2)
  #expect(try registry.register(first, "digits") == 1)
  #expect(try registry.register(second, "digits") == 2)
  #expect(try registry.register(first, "图-1.b_c") == 1)
  #expect(try registry.load("digits").model.hash == second.hash)
  #expect(try registry.load("digits@1").model.hash == first.hash)
  #expect(try registry.load("digits").version == 2)
  #expect(registry.names == ["digits", "图-1.b_c"])
  #expect(registry.versions(of: "digits") == [1, 2])
}

@Test func theListingTellsMetricsDateAndDamage() throws {
  let scratch = try ScratchFolder()
  let registry = Registry(root: scratch.file("models"))
  let model = try sampleModel()
  _ = try registry.register(model, "digits")
  _ = try registry.register(model, "digits")
  _ = try scratch.write("models/digits/2/model.json", "{}")
  _ = try scratch.write("models/digits/notes.txt", "no version")
  let entries = registry.entries()
  #expect(entries.map(\.version) == [1, 2])
  #expect(
    entries[0].metrics.map(\.name) == [
      "loss", "accuracy", "validation_loss", "validation_accuracy",
    ])
  #expect(entries[0].metrics.map(\.value) == [1 / 3, 0.75, 0.5, 0.6])
  #expect(entries[0].date == 1_795_000_000)
  #expect(entries[0].hash == model.hash && entries[0].problem == nil)
  #expect(entries[1].problem == "this is no model: 'format' is not \"maas model\"")
}

@Test(arguments: ["", ".", "..", "../x", "a/b", "/a", ".hidden", "a b", "-a", "a\0b", "a\nb"])
func namesThatAreNoPlainFolderAreRefused(_ name: String) throws {
  let scratch = try ScratchFolder()
  let registry = Registry(root: scratch.file("models"))
  #expect(failureText { _ = try registry.register(sampleModel(), name) }.contains("[bad-name]"))
  #expect(failureText { _ = try registry.load(name) }.contains("[bad-name]"))
  #expect(scratch.names == [])
}

@Test func whatIsNotRegisteredOffersWhatIs() throws {
  let scratch = try ScratchFolder()
  let registry = Registry(root: "\(scratch.path)/models")
  #expect(
    failureText(scratch.path) { _ = try registry.load("digits") }
      == "no model is registered as 'digits' [unknown-model]; "
      + "nothing is registered in 'models' yet: register(model, \"digits\")")
  _ = try registry.register(sampleModel(), "digits")
  #expect(
    failureText { _ = try registry.load("digts@1") }
      == "no model is registered as 'digts' [unknown-model]; did you mean 'digits'?")
  #expect(
    failureText { _ = try registry.load("faces") }
      == "no model is registered as 'faces' [unknown-model]; registered are digits")
  #expect(
    failureText { _ = try registry.load("digits@7") }
      == "'digits' has no version 7 [unknown-version]; it has version 1")
  #expect(
    failureText { _ = try registry.load("digits@latest") }
      == "'digits@latest' has no version after the @ [bad-name]; "
      + "a version is a whole number: digits@1")
}

@Test func manyThatRegisterAtOnceGetVersionsOfTheirOwn() async throws {
  let scratch = try ScratchFolder()
  let registry = Registry(root: scratch.file("models"))
  let models = try (1...8).map { try sampleModel(seed: UInt64($0)) }
  let versions = try await withThrowingTaskGroup(of: Int.self) { group in
    for model in models { group.addTask { try registry.register(model, "digits") } }
    return try await group.reduce(into: [Int]()) { $0.append($1) }
  }
  #expect(versions.sorted() == Array(1...8))
  #expect(Set(registry.entries().map(\.hash)) == Set(models.map(\.hash)))
  #expect(scratch.names(in: "models/digits").count == 8)
}

@Test func processesThatRegisterAtOnceGetVersionsOfTheirOwn() async throws {
  let scratch = try ScratchFolder()
  let root = scratch.file("models")
  async let one: Void = registerTen(root)
  async let two: Void = registerTen(root)
  _ = await (one, two)
  #expect(Registry(root: root).versions(of: "digits") == Array(1...20))
  #expect(Registry(root: root).entries().allSatisfy { $0.problem == nil })
}

/// Ten versions from a process of its own.
private func registerTen(_ root: String) async {
  await #expect(processExitsWith: .success) { [root] in
    for seed in 0..<10 {
      _ = try Registry(root: root).register(sampleModel(seed: UInt64(seed)), "digits")
    }
  }
}

@Test func foldersWithHugeNumbersAreNoVersions() throws {
  let scratch = try ScratchFolder()
  let registry = Registry(root: scratch.file("models"))
  #expect(try registry.register(sampleModel(), "digits") == 1)
  mkdir(scratch.file("models/digits/9223372036854775807"), 0o777)
  #expect(try registry.register(sampleModel(), "digits") == 2)
  mkdir(scratch.file("models/digits/2147483648"), 0o777)
  #expect(
    failureText(scratch.path) { _ = try registry.register(sampleModel(), "digits") }
      == "'models/digits' holds version 2147483648, and there is none after it [no-version-left]; "
      + "remove the folder 'models/digits/2147483648', or choose another name")
  #expect(scratch.names(in: "models/digits").count == 4)
}
