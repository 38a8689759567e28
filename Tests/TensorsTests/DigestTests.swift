import MaasKernels
import MaasTensors
import Testing

private func hex(_ text: String) -> String {
  var digest = Digest()
  digest.update(text)
  return digest.hex
}

/// FIPS 180-4 examples.
@Test func digestsAreThoseOfTheStandard() {
  #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  #expect(
    hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
      == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  #expect(
    hex(String(repeating: "a", count: 1_000_000))
      == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
}

@Test func aDigestDoesNotDependOnThePieces() {
  var random = RandomStream(seed: 1, place: .tests)
  let bytes = (0..<1000).map { _ in UInt8(random.integer(below: 256)) }
  for length in [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 1000] {
    var whole = Digest()
    whole.update(Array(bytes[..<length]))
    var pieces = Digest()
    var start = 0
    while start < length {
      let count = min(random.integer(below: 90), length - start)
      pieces.update(Array(bytes[start..<start + count]))
      start += count
    }
    #expect(whole.bytes == pieces.bytes)
  }
}

@Test func theShaInstructionsAgreeWithPlainC() {
  var random = RandomStream(seed: 2, place: .tests)
  let bytes = (0..<640).map { _ in UInt8(random.integer(below: 256)) }
  for blocks in 0...10 {
    var fast = [UInt32](1...8)
    var plain = fast
    maas_sha256(&fast, bytes, blocks)
    maas_sha256_portable(&plain, bytes, blocks)
    #expect(fast == plain)
  }
}
