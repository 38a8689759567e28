import MaasTensors

/// One thing that an op is told, written down: `axes=0,1`, `shape=n,3`.
struct RecordedWord: Hashable, Sendable, CustomStringConvertible {
  enum Value: Hashable, Sendable {
    /// Lists of whole numbers: "0,n,1;0,3,1".
    case counts([[RowCount]])
    case decimal(Double)
    case word(String)
  }

  let key: String
  let value: Value

  var description: String {
    switch value {
    case .counts(let lists):
      "\(key)="
        + lists.map { $0.map(\.description).joined(separator: ",") }.joined(separator: ";")
    case .decimal(let number): "\(key)=\(number)"
    case .word(let word): "\(key)=\(word)"
    }
  }

  /// The word that is each of these in a block of that many rows; nil where there is none.
  init?(_ words: [RecordedWord], rows: [Int]) {
    guard let first = words.first, words.allSatisfy({ $0.key == first.key }) else { return nil }
    if words.allSatisfy({ $0 == first }) {
      self = first
      return
    }
    let lists = words.compactMap(\.lists)
    guard lists.count == words.count,
      lists.allSatisfy({ $0.map(\.count) == lists[0].map(\.count) })
    else { return nil }
    var result: [[RowCount]] = []
    for (list, numbers) in lists[0].enumerated() {
      var counts: [RowCount] = []
      for place in numbers.indices {
        guard let count = RowCount(lists.map { $0[list][place].plus }, rows: rows) else {
          return nil
        }
        counts.append(count)
      }
      result.append(counts)
    }
    self.init(first.key, .counts(result))
  }

  init(_ key: String, _ value: Value) { (self.key, self.value) = (key, value) }

  private var lists: [[RowCount]]? { if case .counts(let lists) = value { lists } else { nil } }

  /// - Parameter text: as `description` gives it.
  init?(_ text: Substring) {
    guard let split = text.firstIndex(of: "=") else { return nil }
    let key = String(text[..<split])
    let rest = text[text.index(after: split)...]
    switch AttributeRule.named(key)?.form {
    case .counts?:
      var lists: [[RowCount]] = []
      for list in rest.split(separator: ";", omittingEmptySubsequences: false) {
        let parts = list.split(separator: ",", omittingEmptySubsequences: false)
        let counts = list.isEmpty ? [] : parts.map { RowCount($0) }
        guard counts.allSatisfy({ $0 != nil }) else { return nil }
        lists.append(counts.compactMap { $0 })
      }
      self.init(key, .counts(lists))
    case .decimal?:
      guard let number = Double(String(rest)) else { return nil }
      self.init(key, .decimal(number))
    case .word?: self.init(key, .word(String(rest)))
    case nil: return nil
    }
  }

  /// The lists of whole numbers in a block of so many rows.
  /// - Throws: `bad-model` for other words, and for numbers that are too large.
  func numbers(rows: Int) throws(CoreError) -> [[Int]] {
    guard let lists else { throw RecordedFunction.bad("'\(self)' is no list of whole numbers") }
    var result: [[Int]] = []
    for list in lists {
      let numbers = list.compactMap { $0.value(rows: rows) }
      guard numbers.count == list.count else {
        throw RecordedFunction.bad("'\(self)' has a number that is too large")
      }
      result.append(numbers)
    }
    return result
  }
}
