// Made by scripts/embed from stdlib/: do not edit.

/// The files of the standard library as they stand in stdlib/.
package let embeddedFiles: [(name: String, text: String)] = [
  (
    "stdlib/lists.maas",
    ####"""
    ## The product of the numbers; 1 where there are none.
    ##     product([2, 3, 4])                       # => 24
    fn product(xs: list | range) -> number = reduce(xs, (a, b) -> a * b, initial: 1)

    ## The middle number, or the mean of the two in the middle.
    ##     median([3, 1, 2])                        # => 2
    ##     median([4, 1, 2, 3])                     # => 2.5
    fn median(xs: list | range) -> number {
      assert(length(xs) > 0, "`median` of no numbers has no value")
      sorted = sort(xs)
      half = length(sorted) // 2
      if length(sorted) % 2 == 1 { return sorted[half] }
      (sorted[half - 1] + sorted[half]) / 2
    }

    ## Two lists: the elements of which `f` says true, and the others.
    ##     partition([1, 2, 3], x -> x > 1)         # => [[2, 3], [1]]
    fn partition(xs, f: function) -> list {
      chosen = []
      others = []
      for x in xs {
        if f(x) { chosen = append(chosen, x) } else { others = append(others, x) }
      }
      [chosen, others]
    }

    ## The stretches of `n` neighbouring elements; of a tensor, those of its first axis.
    ##     windows([1, 2, 3], 2)                    # => [[1, 2], [2, 3]]
    ##     windows(tensor([1, 2, 3]), 2)            # => [[1, 2], [2, 3]]
    fn windows(xs: list | tensor, n: number) -> list | tensor {
      assert(n >= 1, "a window has at least one element")
      count = max(0, length(xs) - n + 1)
      if type(xs) == "list" { return map(0..count, i -> xs[i..(i + n)]) }
      starts = reshape(arange(count, dtype: "i32"), [count, 1])
      places = starts + reshape(arange(n, dtype: "i32"), [1, n])
      reshape(gather(xs, reshape(places, [count * n])), [count, n, ...xs.shape[1..]])
    }

    ## How many elements share each key that `f` gives, the most frequent first.
    ##     count_by(["a", "bb", "cc"], length)      # => ([2]: 2, [1]: 1)
    fn count_by(xs, f: function) -> record {
      counts = (:)
      for x in xs {
        key = f(x)
        counts[key] = (counts[key] ?? 0) + 1
      }
      record(sort_by(list(counts), ([key, n]) -> -n))
    }

    """####
  ),
  (
    "stdlib/records.maas",
    ####"""
    ## The record with `f` applied to each value.
    ##     map_values((a: 1, b: 2), x -> x * 10)    # => (a: 10, b: 20)
    fn map_values(r: record, f: function) -> record = record(map(r, ([key, value]) -> [key, f(value)]))

    ## The record of the pairs of which `f`, given key and value, says true.
    ##     filter_pairs((a: 1, b: 2), (key, value) -> value > 1)    # => (b: 2)
    fn filter_pairs(r: record, f: function) -> record = record(
      filter(r, ([key, value]) -> f(key, value))
    )

    """####
  ),
  (
    "stdlib/time.maas",
    ####"""
    ## So many days in seconds, to add to a date.
    ##     date("2026-11-22") + days(2)             # => date("2026-11-24")
    fn days(n: number) -> number = n * 86400

    ## So many hours in seconds, to add to a date.
    ##     date("2026-11-22") + hours(1)            # => date("2026-11-22 01:00:00")
    fn hours(n: number) -> number = n * 3600

    ## So many minutes in seconds, to add to a date.
    ##     date("2026-11-22") + minutes(5)          # => date("2026-11-22 00:05:00")
    fn minutes(n: number) -> number = n * 60

    """####
  ),
]
