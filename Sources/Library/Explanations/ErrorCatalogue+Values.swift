import MaasSyntax

extension ErrorCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Operations on values, while a program runs.
  static let values: [DiagnosticExplanation] = [
    Entry(
      "assertion-failed",
      "assert was given a condition that is false.",
      example: "assert(1 > 2, \"one is not more than two\")"),
    Entry(
      "division-by-zero",
      "A number divided by zero has no value. Tensors follow IEEE 754 and give infinity or "
        + "nan.",
      example: """
        fn share(part, whole) = part / whole
        share(1, 0)
        """),
    Entry(
      "empty",
      "Nothing is there to compute with. The mean, the smallest or a random element of "
        + "nothing does not exist; check the length first.",
      example: "m = mean([])"),
    Entry(
      "index-out-of-range",
      "An index or slice lies outside. Counting starts at 0, so the last of three elements "
        + "is xs[2], or xs[-1]. take and drop cut what is there.",
      example: """
        xs = [1, 2, 3]
        xs[3]  # the last is xs[2]
        """),
    Entry(
      "missing-key",
      "The record has no such key. With a default it is no error: r.key ?? 0.",
      example: """
        settings = (rate: 0.1, width: 32)
        print(settings.rat)
        """),
    Entry(
      "no-field",
      "The value has no such field. Functions are free: length(xs), not xs.length.",
      example: """
        xs = [1, 2]
        print(xs.length)
        """),
    Entry(
      "too-nested",
      "Lists or records hold lists or records, and so on, deeper than this operation goes. They may "
        + "nest a million deep in a program; a tensor has at most 32 axes, map_leaves goes 500 "
        + "deep, and what goes to another thread nests at most 10,000 deep.",
      example: """
        fn nested(n) { xs = []; for i in 0..n { xs = [xs] }; xs }
        leaves = map_leaves(x -> x, nested(1000))
        """),
    Entry(
      "no-hash",
      "A value has no content that a digest could be made of.",
      example: "h = hash(x -> x)"),
    Entry(
      "no-index",
      "The value has no parts. Lists, records, strings, ranges, tensors, tables and columns "
        + "have.",
      example: """
        x = 3
        y = x[0]
        """),
    Entry(
      "no-order",
      "Two values cannot be ordered. Numbers, strings and lists of them can, each with "
        + "their like.",
      example: "print(1 < \"a\")"),
    Entry(
      "no-match",
      "No arm of match fits the value. An arm for everything else is _ -> ….",
      example: """
        kind = match 3 {
          1 -> "one"
        }
        """),
    Entry(
      "not-a-bool",
      "A condition is true or false. No other value counts as either: write n != 0, or "
        + "length(xs) > 0.",
      example: """
        n = 3
        if n { print("yes") }
        """),
    Entry(
      "not-a-function",
      "Something that is no function is called.",
      example: """
        xs = [1, 2, 3]
        print(xs(0))
        """),
    Entry(
      "not-exact",
      "A number cannot be held exactly. Integers are exact up to 2^53, those of an i32 "
        + "tensor up to 2^31.",
      example: "t = tensor([1.5], dtype: \"i32\")"),
    Entry(
      "not-iterable",
      "A value has no elements to go through. Count with a range: for i in 0..n.",
      example: "for x in 3 { print(x) }"),
    Entry(
      "not-json",
      "JSON cannot hold this value: a function, nan, an infinite number, or a nesting "
        + "without end.",
      example: "text = to_json(x -> x)"),
    Entry(
      "bad-json",
      "A text is no JSON. The message says where it stops being some; a trailing comma and "
        + "single quotes are frequent.",
      example: "x = parse_json(\"[1, 2\")"),
    Entry(
      "missing-value",
      "A JSON text has null where a value is needed.",
      needs: "met in requests and model files (Tests/ServerTests)"),
    Entry(
      "bad-date",
      "A date does not exist, such as the 30th of February.",
      example: "d = date(2026, 2, 30)"),
    Entry(
      "bad-date-form",
      "The form of a date has a code that does not exist. %Y-%m-%d %H:%M:%S is 2026-11-22 "
        + "14:05:00.",
      example: "d = date(\"2026\", \"%Q\")"),
    Entry(
      "pattern-too-hard",
      "A regular expression takes more steps than are allowed. Repeats inside repeats try "
        + "every way to cut a text.",
      example: "x = matches(repeat(\"a\", 5000) + \"b\", '^(a+)+(a+)+$')"),
    Entry(
      "unknown-group",
      "A replacement names a group that the pattern does not have. Groups are counted from "
        + "1, by their opening brackets.",
      example: "x = replace_pattern(\"a1\", \"[0-9]\", \"$2\")"),
    Entry(
      "structure-mismatch",
      "Values that go together leaf by leaf have different structures: other keys, lengths "
        + "or shapes.",
      example: "x = map_leaves((a, b) -> a + b, [1, 2], [1])"),
    Entry(
      "wrong-count",
      "Two counts that must agree do not: names and values of a destructured list, or lists "
        + "that go together.",
      example: "a, b = [1, 2, 3]"),
    Entry(
      "wrong-format",
      "A format does not fit the value. Digits, signs and percent are for numbers.",
      example: """
        word = "a"
        print("{word:.2}")
        """),
    Entry(
      "wrong-index",
      "A value is no index here. Lists and tensors take whole numbers, ranges and masks; "
        + "records take strings, numbers and bools.",
      example: """
        xs = [1, 2, 3]
        print(xs[length(xs) / 2])
        """),
    Entry(
      "wrong-operands",
      "An operator does not work on these two values. Nothing is converted silently: put "
        + "numbers into text with \"{x}\", and read them with parse_number.",
      example: "print(\"model \" + 3)"),
    Entry(
      "wrong-order",
      "The arguments are in another order than the function takes them.",
      example: "write_text(\"notes.txt\", \"a text of several words\")"),
    Entry(
      "wrong-range",
      "A range does not work here, because of its step or its ends.",
      example: "for i in 0..3..0 { print(i) }"),
    Entry(
      "wrong-type",
      "An argument has another type than the function takes.",
      example: "layer = dense(\"10\")"),
    Entry(
      "wrong-value",
      "An argument has the right type, and a value that makes no sense here.",
      example: "x = clamp(1, 3, 2)"),
    Entry(
      "too-large",
      "A value would need more memory than there is, or more than is allowed.",
      example: "t = zeros(1000000, 1000000, 1000)"),
  ]
}
