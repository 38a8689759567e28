import MaasKernels
import Testing

/// The known answers that come with Random123.
@Test func philoxGivesItsKnownAnswers() {
  func words(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    let block = maas_random_block(word: (counter[0], counter[1], counter[2], counter[3]))
    let made = maas_philox(block, key[0], key[1]).word
    return [made.0, made.1, made.2, made.3]
  }
  #expect(words([0, 0, 0, 0], [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
  let ones = UInt32.max
  #expect(
    words([ones, ones, ones, ones], [ones, ones])
      == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
  #expect(
    words([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0])
      == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
}

@Test func wordsAreThoseOfTheBlocksFromAnyStart() {
  let stream = maas_random_make(7, 1, 2)
  let all = (0..<300).flatMap { block -> [UInt32] in
    let word = maas_random_at(stream, UInt64(block)).word
    return [word.0, word.1, word.2, word.3]
  }
  atEachLevel { _ in
    for (start, n) in [(0, 1009), (1, 63), (2, 64), (3, 65), (130, 17), (5, 0)] {
      var y = [UInt32](repeating: 0, count: n)
      maas_random_words(stream, UInt64(start), &y, n)
      #expect(y == Array(all[start..<start + n]))
    }
    var far = [UInt32](repeating: 0, count: 70)
    maas_random_words(stream, (1 << 34) - 32, &far, 70)
    let word = maas_random_at(stream, (1 << 32) - 8).word
    #expect(Array(far[0..<4]) == [word.0, word.1, word.2, word.3], "over the end of 32 bits")
    let next = maas_random_at(stream, 1 << 32).word
    #expect(Array(far[32..<36]) == [next.0, next.1, next.2, next.3])
  }
}

@Test func streamsOfOtherKeysDiffer() {
  let keys: [(UInt64, UInt64, UInt64)] = [
    (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1 << 40, 0, 0), (0, 1 << 40, 0), (0, 0, 1 << 40),
  ]
  let firsts = keys.map { maas_random_at(maas_random_make($0.0, $0.1, $0.2), 0).word.0 }
  #expect(Set(firsts).count == keys.count)
}

@Test func uniformAndNormalHaveTheirMoments() {
  let n = 200_000
  var x = [Float](repeating: 0, count: n)
  maas_random_uniform(maas_random_make(3, 0, 0), 0, -1, 3, &x, n)
  #expect(x.allSatisfy { $0 >= -1 && $0 <= 3 })
  let mean = maas_sum(x, n) / Double(n)
  #expect(abs(mean - 1) < 0.01)
  maas_random_normal(maas_random_make(3, 0, 1), 0, 2, 0.5, &x, n)
  let center = maas_sum(x, n) / Double(n)
  let variance = maas_dot(x, x, n) / Double(n) - center * center
  #expect(abs(center - 2) < 0.005 && abs(variance - 0.25) < 0.005)
  var part = [Float](repeating: 0, count: 7)
  maas_random_normal(maas_random_make(3, 0, 1), 100, 2, 0.5, &part, 7)
  #expect(part == Array(x[100..<107]))
}

@Test func dropoutKeepsTheRightShareAndIsTheSameAtEveryLevel() {
  let stream = maas_random_make(5, 3, 1)
  for cols in [1, 10, 63, 64, 65, 100, 1009] {
    let rows = 40
    let x = [Float](repeating: 1, count: rows * cols)
    var all: [[Float]] = []
    atEachLevel { _ in
      let y = Strip(count: rows * cols, offset: 1)
      maas_dropout(stream, nil, 0.25, x, y.start, rows, cols)
      #expect(y.guardsHold && y.values.allSatisfy { $0 == 0 || $0 == 1 / 0.75 })
      all.append(y.values)
    }
    #expect(all.allSatisfy { $0 == all[0] })
    let kept = Double(all[0].filter { $0 != 0 }.count) / Double(rows * cols)
    #expect(abs(kept - 0.75) < 2.5 / Double(rows * cols).squareRoot())
  }
}

@Test func dropoutGoesWithTheSampleAndNotItsPlace() {
  let stream = maas_random_make(5, 3, 1)
  let x = numbers(4 * 100)
  var y = x
  maas_dropout(stream, [8, 3, 1, 0], 0.5, x, &y, 4, 100)
  var one = Array(x[200..<300])
  maas_dropout(stream, [1], 0.5, one, &one, 1, 100)
  #expect(one == Array(y[200..<300]))
  var none = x
  maas_dropout(stream, nil, 0, x, &none, 4, 100)
  #expect(none == x)
}
