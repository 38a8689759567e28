import GoldenSupport
import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

@Test func aModelIsReadBackAsItWas() throws {
  let scratch = try ScratchFolder()
  for model in try [sampleModel(), tensorModel(), regression(), severalOutputs()] {
    let path = scratch.file("a.maasmodel")
    try model.save(to: path)
    let loaded = try Model(loading: path)
    #expect(loaded.hash == model.hash)
    #expect(loaded.network == model.network)
    #expect(loaded.parameters.isIdentical(to: model.parameters))
    #expect(loaded.schema == model.schema)
    #expect(loaded.target == model.target)
    #expect(loaded.loss == model.loss)
    #expect(loaded.seed == model.seed)
    #expect(loaded.history == model.history)
    #expect(loaded.receipt == model.receipt)
    #expect(scratch.names == ["a.maasmodel"])
  }
}

@Test func theDescriptionIsReadable() throws {
  let scratch = try ScratchFolder()
  let model = try sampleModel()
  try model.save(to: scratch.file("a.maasmodel"))
  let text = String(
    decoding: try bytes(of: scratch.file("a.maasmodel/model.json")), as: UTF8.self)
  #expect(text.hasPrefix("{\n  \"format\": \"maas model\",\n  \"version\": 1,\n  \"hash\": \""))
  let json = try JSON(parsing: text)
  #expect(json["network"]?[1] == ["layer": "dense", "units": 3, "activation": "relu"])
  #expect(json["input"]?["columns"]?[1]?["categories"] == ["Oslo", "Rome"])
  #expect(json["target"]?["classes"] == ["no", "yes"])
  #expect(json["hash"]?.text == model.hash)
}

@Test func oneFlippedBitIsFound() throws {
  let scratch = try ScratchFolder()
  let path = scratch.file("a.maasmodel")
  try sampleModel().save(to: path)
  let weights = scratch.file("a.maasmodel/weights.safetensors")
  var damaged = try bytes(of: weights)
  damaged[damaged.count - 30] ^= 1
  _ = try scratch.write("a.maasmodel/weights.safetensors", damaged)
  #expect(
    failureText(scratch.path) { _ = try Model(loading: path) }
      == "a.maasmodel: the hash of the model is not the one it was saved with, so its files were "
      + "changed [bad-model]; save the model again, or copy it again")
}

/// A change of the files of a saved model, and the whole text of the error.
private let damages: [(change: @Sendable (ScratchFolder) throws -> Void, error: String)] = [
  (
    { $0.remove("a.maasmodel/model.json") },
    "'a.maasmodel' is no saved model: it has no model.json [bad-model]; "
      + "save(model, \"name.maasmodel\") makes one"
  ),
  (
    { $0.remove("a.maasmodel/weights.safetensors") },
    "there is no file 'a.maasmodel/weights.safetensors' [no-such-file]; "
      + "a path starts at the folder maas was started in, or with /"
  ),
  (
    { _ = try $0.write("a.maasmodel/model.json", "{\"format\": \"maas model\", ") },
    "a.maasmodel/model.json:1:26: found the end of the text where a text in double quotes is needed (byte 25) "
      + "[bad-json]; the text is cut off, or a bracket is missing"
  ),
  (
    { _ = try $0.write("a.maasmodel/model.json", "[]") },
    "a.maasmodel/model.json: this is no model: 'format' is not \"maas model\" [bad-model]; "
      + "the file was changed or damaged: save the model again"
  ),
  (
    { try edit($0, "\"version\": 1", "\"version\": 3") },
    "a.maasmodel/model.json: the model has format version 3, and this maas reads up to 2 "
      + "[newer-model]; use the maas that saved it, or a newer one"
  ),
  (
    { try edit($0, "\"version\": 1", "\"version\": -5") },
    "a.maasmodel/model.json: there is no format version -5 [bad-model]; "
      + "the file was changed or damaged: save the model again"
  ),
  (
    { try edit($0, "\"units\": 3", "\"units\": 0.5") },
    "a.maasmodel/model.json, /network/1: dense needs `units` from 1 to 16777216, a whole number, and here is 0.5 "
      + "[bad-model]; the file was changed or damaged: save the model again"
  ),
  (
    { try edit($0, "\"relu\"", "\"relo\"") },
    "a.maasmodel/model.json, /network/1: dense needs `activation` to be one of "
      + "\(Activation.allCases.map(\.rawValue).joined(separator: ", ")), and here is \"relo\" [bad-model]; "
      + "the file was changed or damaged: save the model again"
  ),
  (
    { try edit($0, "\"loss\": \"cross_entropy\"", "\"loss\": 3") },
    "a.maasmodel/model.json, /loss: here is a number, and a string is needed [bad-model]; "
      + "the file was changed or damaged: save the model again"
  ),
  (
    { try edit($0, "\"loss\": \"cross_entropy\"", "\"loss\": \"mse\"") },
    "a.maasmodel: mse compares numbers, and the labels are 2 classes [bad-model]; use loss: "
      + "cross_entropy, or, if the labels are amounts, make the data set with kind: \"numbers\""
  ),
  (
    { try edit($0, "\"units\": 3", "\"units\": 16777216") },
    "a.maasmodel/weights.safetensors: the network needs '1.dense.weight' as f32 [4, 16777216], and "
      + "the file has it as f32 [4, 3] [bad-weights]; "
      + "the file is damaged: save the model again, or copy it again"
  ),
  (
    { try edit($0, "\"yes\"", "\"no\"") },
    "a.maasmodel/model.json, /target/classes: a class occurs twice [bad-model]; "
      + "the file was changed or damaged: save the model again"
  ),
]

@Test(arguments: damages.indices)
func aDamagedModelSaysWhere(_ index: Int) throws {
  let scratch = try ScratchFolder()
  let path = scratch.file("a.maasmodel")
  try sampleModel().save(to: path)
  try damages[index].change(scratch)
  #expect(failureText(scratch.path) { _ = try Model(loading: path) } == damages[index].error)
}

@Test func whatIsNoModelIsNotLoadedAndNotReplaced() throws {
  let scratch = try ScratchFolder()
  _ = try scratch.write("digits.csv", "a\n1\n")
  #expect(
    failureText(scratch.path) { _ = try Model(loading: scratch.file("digits.csv")) }
      == "'digits.csv' is a file, and a saved model is a folder [bad-model]; "
      + "save(model, \"name.maasmodel\") makes one")
  #expect(
    failureText(scratch.path) { _ = try Model(loading: scratch.file("digit.csv")) }
      == "there is no file 'digit.csv' [no-such-file]; did you mean 'digits.csv'?")
  #expect(
    failureText(scratch.path) { try sampleModel().save(to: scratch.file("digits.csv")) }
      == "'digits.csv' cannot be written: a file of that name is there already [cannot-write]; "
      + "choose another name, or remove that file")
  try sampleModel().save(to: scratch.file("mine"))
  _ = try scratch.write("mine/notes.txt", "mine")
  #expect(
    failureText(scratch.path) { try sampleModel().save(to: scratch.file("mine")) }
      == "'mine' cannot be written: a folder of that name holds other files, like 'notes.txt' "
      + "[cannot-write]; choose another name")
  #expect(
    failureText(scratch.path) { try sampleModel().save(to: scratch.file("no/a.maasmodel")) }
      == "'no/a.maasmodel' cannot be written: the folder 'no' does not exist [cannot-write]; "
      + "make it first: mkdir -p no")
}

/// Every prefix of either file, and random changes, load or throw a CoreError.
@Test func noDamagedModelTraps() throws {
  let scratch = try ScratchFolder()
  let path = scratch.file("a.maasmodel")
  let model = try tensorModel()
  try model.save(to: path)
  var random = RandomStream(seed: 5, place: .tests)
  for name in ["a.maasmodel/model.json", "a.maasmodel/weights.safetensors"] {
    let whole = try bytes(of: scratch.file(name))
    for turn in 0..<(whole.count + 500) {
      var damaged = whole
      if turn < whole.count {
        damaged = Array(whole[..<turn])
      } else {
        for _ in 0...random.integer(below: 3) {
          damaged[random.integer(below: whole.count)] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      _ = try scratch.write(name, damaged)
      do {
        #expect(try Model(loading: path).hash == model.hash)
      } catch {
        #expect(error is CoreError)
      }
    }
    _ = try scratch.write(name, whole)
  }
  #expect(try Model(loading: path).hash == model.hash)
}

func edit(_ scratch: ScratchFolder, _ old: String, _ new: String) throws {
  let name = "a.maasmodel/model.json"
  let text = Array(try bytes(of: scratch.file(name)))
  let old = Array(old.utf8)
  let place = text.indices.first { text[$0...].starts(with: old) }
  let start = try #require(place, "the text is not in the file")
  _ = try scratch.write(name, text[..<start] + Array(new.utf8) + text[(start + old.count)...])
}

@Test func aModelIsMeasuredOnATableOfAnotherFile() throws {
  let model = try sampleModel()
  let columns = [
    Column("city", text: ["Rome", "Rome"]), Column("age", numbers: [30, 40]),
    Column("member", bools: [true, false]),
  ]
  let table = try Table(columns + [Column("bought", text: ["yes", "yes"])])
  let data = try Dataset(table, target: "bought")
  #expect(data.classes == [.text("yes")])
  let known = try Dataset(table, like: model.schema, model.target)
  #expect(try Predictor(model).accuracy(data) == Predictor(model).accuracy(known))
  #expect(try Predictor(model).confusion(data).shape == [2, 2])
  let odd = try Dataset(
    Table(columns + [Column("bought", text: ["yes", "maybe"])]), target: "bought")
  #expect(
    failureText { _ = try Predictor(model).accuracy(odd) }
      == "row 1 has the label maybe, which the model does not know [unseen-class]; "
      + "its classes are no, yes")
}
