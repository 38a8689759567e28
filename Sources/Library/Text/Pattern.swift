import CPCRE2
import MaasVM

// A compiled regular expression (PCRE2). Invariants: texts are the bytes of strings, which are
// valid UTF-8, so that PCRE2 need not check them again; offsets it gives lie between characters
// and inside the text. The pointers live as long as the object, which belongs to one thread.

/// A regular expression with room for one match.
final class Pattern {
  private let code: OpaquePointer
  private let match: OpaquePointer
  private let context: OpaquePointer
  /// How many groups stand in parentheses that keep their text.
  let groupCount: Int
  /// The names of groups, with their numbers, in order of the numbers; empty where none has one.
  let groupNames: [(name: String, number: Int)]

  /// Steps of one match before it is given up: below a second of work.
  private static let matchLimit: UInt32 = 10_000_000
  /// In KiB, taken only by patterns that go back a lot.
  private static let heapLimit: UInt32 = 256 << 10

  /// - Throws: `bad-pattern` with the place.
  init(_ text: String) throws {
    var error: Int32 = 0
    var offset = 0
    let bytes = Array(text.utf8)
    let code = bytes.withUnsafeBufferPointer {
      pcre2_compile_8(
        $0.baseAddress, $0.count, UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP), &error, &offset, nil)
    }
    guard let code else { throw Pattern.badPattern(text, error, at: offset) }
    // Where there is no just-in-time compiler, the pattern is interpreted.
    pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    guard let match = pcre2_match_data_create_from_pattern_8(code, nil),
      let context = pcre2_match_context_create_8(nil)
    else {
      pcre2_code_free_8(code)
      throw Failure("too-large", "there is no memory for this pattern")
    }
    pcre2_set_match_limit_8(context, Pattern.matchLimit)
    pcre2_set_heap_limit_8(context, Pattern.heapLimit)
    (self.code, self.match, self.context) = (code, match, context)
    var groups: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
    groupNames = Pattern.names(code)
  }

  deinit {
    pcre2_match_context_free_8(context)
    pcre2_match_data_free_8(match)
    pcre2_code_free_8(code)
  }

  private static func badPattern(_ text: String, _ error: Int32, at offset: Int) -> Failure {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
    let reason = String(decoding: buffer.prefix(Int(max(0, length))), as: UTF8.self)
    let character = String(decoding: text.utf8.prefix(offset), as: UTF8.self).count
    return Failure(
      "bad-pattern",
      "the pattern \(Value.quote(text)) is wrong at character \(character): \(reason)",
      help: #"a backslash keeps a sign's plain meaning, in '…' strings: '\('"#)
  }

  private static func names(_ code: OpaquePointer) -> [(name: String, number: Int)] {
    var count: UInt32 = 0
    var size: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return [] }
    return (0..<Int(count)).map { index in
      let entry = table + index * Int(size)
      let bytes = UnsafeBufferPointer(start: entry + 2, count: Int(size) - 2).prefix { $0 != 0 }
      return (String(decoding: bytes, as: UTF8.self), Int(entry[0]) << 8 | Int(entry[1]))
    }.sorted { $0.number < $1.number }
  }

  // MARK: Matching

  /// Looks for a match from an offset on.
  /// - Returns: whether there is one; then `range` tells where.
  /// - Throws: `pattern-too-hard`.
  private func search(
    _ text: UnsafeBufferPointer<UInt8>, from offset: Int, options: UInt32
  ) throws -> Bool {
    var empty: UInt8 = 0
    let result = withUnsafePointer(to: &empty) { nothing in
      func run(_ more: UInt32) -> Int32 {
        pcre2_match_8(
          code, text.baseAddress ?? nothing, text.count, offset,
          options | more | UInt32(PCRE2_NO_UTF_CHECK), match, context)
      }
      // Compiled code has a small stack; the interpreter works on the heap.
      let first = run(0)
      return first == PCRE2_ERROR_JIT_STACKLIMIT ? run(UInt32(PCRE2_NO_JIT)) : first
    }
    if result == PCRE2_ERROR_NOMATCH { return false }
    if result >= 0 { return true }
    throw Failure(
      "pattern-too-hard", "looking for this pattern took more steps than are allowed",
      help: "avoid repeats inside repeats: (a+)+ tries each way to cut a text")
  }

  /// Where a group of the last match lies, group 0 being all of it; nil where it took no part.
  func range(_ group: Int) -> Range<Int>? {
    guard let offsets = pcre2_get_ovector_pointer_8(match) else { return nil }
    let (start, end) = (offsets[2 * group], offsets[2 * group + 1])
    // With `\K` inside a lookahead a match may end before it starts.
    return start >= 0 && start <= end ? start..<end : nil
  }

  /// Whether the pattern occurs in a text.
  func occurs(in text: UnsafeBufferPointer<UInt8>) throws -> Bool {
    try search(text, from: 0, options: 0)
  }

  /// Hands the range of each match to `body`, from the first to the last, until it says false.
  /// Inside `body`, `range` tells where the groups lie.
  func forEachMatch(
    in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) throws -> Bool
  ) throws {
    let afterEmpty = UInt32(PCRE2_NOTEMPTY_ATSTART) | UInt32(PCRE2_ANCHORED)
    var offset = 0
    var options: UInt32 = 0
    while offset <= text.count {
      guard try search(text, from: offset, options: options) else {
        // After an empty match: nothing else starts here, so look from the next character on.
        if options == 0 { return }
        options = 0
        offset = Pattern.next(text, offset)
        continue
      }
      guard let found = range(0), found.upperBound >= offset else { return }
      if try !body(found) { return }
      options = found.isEmpty ? afterEmpty : 0
      offset = found.upperBound
    }
  }

  /// The start of the next code point.
  private static func next(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
    var next = offset + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}

/// The patterns that a program used last, so that a loop compiles each but once.
final class PatternCache {
  private static let limit = 64
  /// By their bytes: to Swift, strings that look the same are equal.
  private var patterns: [[UInt8]: Pattern] = [:]

  /// - Throws: `bad-pattern`.
  func pattern(_ text: String) throws -> Pattern {
    let bytes = Array(text.utf8)
    if let known = patterns[bytes] { return known }
    if patterns.count >= PatternCache.limit { patterns.removeAll() }
    let pattern = try Pattern(text)
    patterns[bytes] = pattern
    return pattern
  }
}
