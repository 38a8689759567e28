/// The candidate a person most likely meant: at most a third of the letters changed, added, left
/// out or swapped; upper and lower case count as equal.
package func nearest(to name: String, among candidates: [String]) -> String? {
  guard name.count <= 100 else { return nil }
  let wanted = Array(name.lowercased())
  let limit = wanted.count < 2 ? 0 : max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in candidates where abs(candidate.count - wanted.count) <= limit {
    let distance = editDistance(wanted, Array(candidate.lowercased()))
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// The number of changed, added, left out or swapped letters (optimal string alignment).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var before: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
      row.append(cost)
    }
    before = last
    last = row
  }
  return last[b.count]
}
