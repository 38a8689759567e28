/// Sums of products named by letters, as in physics: `ij,jk->ik` is the matrix product. A letter is
/// an axis; letters that the result lacks are summed over.
///
/// Operands are taken two at a time, those first whose product is smallest, each as one batched
/// matrix product.
public struct Einsum: Sendable {
  private let operands: [[Character]]
  private let result: [Character]

  /// - Throws: `bad-einsum` for what is no such text.
  public init(_ text: String) throws(CoreError) {
    let plain = text.filter { $0 != " " }
    if plain.contains(".") {
      throw CoreError(
        "bad-einsum", "an ellipsis says too little: each axis has a letter here",
        help: "write a letter for each axis, as in \"bij,bjk->bik\"")
    }
    let sides = plain.split(separator: "->", omittingEmptySubsequences: false)
    guard sides.count <= 2, plain.filter({ $0 == ">" }).count < 2 else {
      throw CoreError(
        "bad-einsum", "`\(text)` has more than one ->", help: "it reads like \"ij,jk->ik\"")
    }
    operands = sides[0].split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
    if sides.count == 2 {
      result = Array(sides[1])
    } else {
      // What occurs once, in the order of the alphabet.
      let all = operands.flatMap { $0 }
      result = Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
    }
    let given = Set(operands.joined())
    for letter in operands.joined() + result where !(letter.isASCII && letter.isLetter) {
      throw CoreError(
        "bad-einsum", "`\(letter)` in `\(text)` is no letter",
        help: "it reads like \"ij,jk->ik\"")
    }
    for (place, letter) in result.enumerated() {
      guard given.contains(letter) else {
        throw CoreError(
          "bad-einsum", "the result of `\(text)` has `\(letter)`, and no operand does",
          help: "the operands have " + given.sorted().map { "`\($0)`" }.joined(separator: ", "))
      }
      if result[..<place].contains(letter) {
        throw CoreError(
          "bad-einsum", "the result of `\(text)` has `\(letter)` twice",
          help: "each axis of the result has a letter of its own")
      }
    }
  }

  /// - Throws: `bad-einsum`, `shape-mismatch` naming the letter, `too-large`.
  public func apply<A: OpApplier>(_ tensors: [A.Operand], in run: inout A) throws -> A.Operand {
    var terms = try checked(tensors, run)
    for index in terms.indices { try takeDiagonals(&terms[index], &run) }
    while terms.count > 1 {
      let (i, j) = cheapest(terms, run)
      let second = terms.remove(at: j)
      let first = terms.remove(at: i)
      let others = Set(terms.flatMap(\.letters)).union(result)
      terms.append(try contract(first, second, keeping: others, &run))
    }
    let last = try sumAway(terms[0], keeping: Set(result), &run)
    return try run.permute(last.operand, result.map { last.place($0) })
  }

  /// An operand and the letters of its axes.
  private struct Term<Operand> {
    var operand: Operand
    var letters: [Character]

    func place(_ letter: Character) -> Int { letters.firstIndex(of: letter) ?? 0 }
  }

  private func checked<A: OpApplier>(
    _ tensors: [A.Operand], _ run: A
  ) throws -> [Term<A.Operand>] {
    guard tensors.count == operands.count else {
      throw CoreError(
        "bad-einsum",
        "the text names \(operands.count) \(operands.count == 1 ? "operand" : "operands"), and "
          + "\(tensors.count) \(tensors.count == 1 ? "is" : "are") given",
        help: "commas part the operands: \"ij,jk->ik\" names two")
    }
    var sizes: [Character: (size: Int, operand: Int)] = [:]
    for (index, (letters, tensor)) in zip(operands, tensors).enumerated() {
      let shape = run.shape(tensor)
      guard letters.count == shape.rank else {
        throw CoreError(
          "shape-mismatch",
          "operand \(index) is named `\(String(letters))`, \(letters.count) "
            + "\(letters.count == 1 ? "axis" : "axes"), and has shape \(shape)")
      }
      for (letter, size) in zip(letters, shape.sizes) {
        if let known = sizes[letter], known.size != size {
          throw CoreError(
            "shape-mismatch",
            "`\(letter)` is \(known.size) in operand \(known.operand) and \(size) in operand "
              + "\(index)", help: "one letter stands for axes of one size")
        }
        sizes[letter] = (size, index)
      }
    }
    return zip(operands, tensors).map { Term(operand: $1, letters: $0) }
  }

  /// A letter that stands twice in one operand means its diagonal.
  private func takeDiagonals<A: OpApplier>(_ term: inout Term<A.Operand>, _ run: inout A) throws {
    while let second = term.letters.indices.first(where: {
      term.letters[..<$0].contains(term.letters[$0])
    }) {
      let first = term.place(term.letters[second])
      let rest = term.letters.indices.filter { $0 != first && $0 != second }
      let turned = try run.permute(term.operand, rest + [first, second])
      let sizes = run.shape(turned).sizes
      let n = sizes[sizes.count - 1]
      let kept = Array(sizes.dropLast(2))
      let flat = try run.reshape(turned, kept + [n * n])
      let diagonal = try run.slice(
        flat,
        kept.map { Slice(start: 0, count: $0) } + [Slice(start: 0, count: n, step: n + 1)])
      term = Term(operand: diagonal, letters: rest.map { term.letters[$0] } + [term.letters[first]])
    }
  }

  /// The two whose product has the fewest elements.
  private func cheapest<A: OpApplier>(_ terms: [Term<A.Operand>], _ run: A) -> (Int, Int) {
    var best = (0, 1)
    var least = Double.infinity
    for j in terms.indices {
      for i in 0..<j {
        let others = Set(
          terms.indices.filter { $0 != i && $0 != j }.flatMap { terms[$0].letters } + result)
        var size = 1.0
        var seen: Set<Character> = []
        for term in [terms[i], terms[j]] {
          for (letter, count) in zip(term.letters, run.shape(term.operand).sizes)
          where others.contains(letter) && seen.insert(letter).inserted { size *= Double(count) }
        }
        if size < least { (best, least) = ((i, j), size) }
      }
    }
    return best
  }

  private func sumAway<A: OpApplier>(
    _ term: Term<A.Operand>, keeping kept: Set<Character>, _ run: inout A
  ) throws -> Term<A.Operand> {
    let axes = term.letters.indices.filter { !kept.contains(term.letters[$0]) }
    if axes.isEmpty { return term }
    return Term(
      operand: try run.call(.sum, term.operand, attributes: .axes(axes)),
      letters: term.letters.filter { kept.contains($0) })
  }

  /// The product of two, summed over the letters that nobody needs any more.
  private func contract<A: OpApplier>(
    _ a: Term<A.Operand>, _ b: Term<A.Operand>, keeping kept: Set<Character>, _ run: inout A
  ) throws -> Term<A.Operand> {
    let a = try sumAway(a, keeping: kept.union(b.letters), &run)
    let b = try sumAway(b, keeping: kept.union(a.letters), &run)
    let shared = a.letters.filter { b.letters.contains($0) }
    let batch = shared.filter { kept.contains($0) }
    let summed = shared.filter { !kept.contains($0) }
    let rows = a.letters.filter { !b.letters.contains($0) }
    let columns = b.letters.filter { !a.letters.contains($0) }
    var sizes: [Character: Int] = [:]
    for term in [a, b] {
      for (letter, size) in zip(term.letters, run.shape(term.operand).sizes) {
        sizes[letter] = size
      }
    }
    func size(_ letters: [Character]) -> Int { letters.reduce(1) { $0 * (sizes[$1] ?? 1) } }
    let left = try run.permute(a.operand, (batch + rows + summed).map { a.place($0) })
    let right = try run.permute(b.operand, (batch + summed + columns).map { b.place($0) })
    let product: A.Operand
    if batch.isEmpty {
      product = try run.call(
        .matmul, run.reshape(left, [size(rows), size(summed)]),
        run.reshape(right, [size(summed), size(columns)]))
    } else if summed.isEmpty {
      product = try run.call(
        .mul, run.reshape(left, [size(batch), size(rows), 1]),
        run.reshape(right, [size(batch), 1, size(columns)]))
    } else {
      product = try run.call(
        .batchMatmul, run.reshape(left, [size(batch), size(rows), size(summed)]),
        run.reshape(right, [size(batch), size(summed), size(columns)]))
    }
    let letters = batch + rows + columns
    return Term(
      operand: try run.reshape(product, letters.map { sizes[$0] ?? 1 }), letters: letters)
  }
}
