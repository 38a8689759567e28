import MaasData
import MaasSyntax
import MaasVM

/// The words of the language for editors, made of its own tables; kept in `scripts/editors`.
public enum EditorSyntax {
  private static let constants: Set<String> = ["true", "false", "nil"]
  private static let operators: Set<String> = ["and", "or", "not", "in"]

  private static var keywords: [String] {
    TokenKind.keywords.keys.filter { !constants.contains($0) && !operators.contains($0) }.sorted()
  }

  private static func names(constant: Bool) -> [String] {
    // The fields of `random` are words of their own only behind its point.
    Set(Library.builtins.filter { $0.isConstant == constant }.map(\.name))
      .filter { !$0.contains(".") }.sorted()
  }

  private static var types: [String] {
    Set(ValueType.allCases.map(\.name) + ["any"]).subtracting(constants)
      .filter { $0.allSatisfy { $0.isLetter } }.sorted()
  }

  // MARK: TextMate

  /// A TextMate grammar, which most editors read.
  ///
  /// - Throws: never in practice; the printer refuses only what no text can hold.
  public static func textMate() throws -> String {
    var printer = JSONPrinter(pretty: true)
    try printer.write(grammar)
    return String(decoding: printer.bytes, as: UTF8.self) + "\n"
  }

  private static var grammar: JSON {
    [
      "name": "maas", "scopeName": "source.maas", "fileTypes": ["maas"],
      "patterns": [["include": "#everything"]],
      "repository": [
        "everything": ["patterns": .array(rules)],
        "interpolation": [
          "name": "meta.interpolation.maas", "begin": "\\{", "end": "\\}",
          "patterns": [["include": "#everything"]],
        ],
        "escapes": rule("constant.character.escape.maas", #"\\(u\{[0-9A-Fa-f]+\}|.)"#),
      ],
    ]
  }

  private static var rules: [JSON] {
    [
      rule("comment.line.documentation.maas", "##.*$"),
      rule("markup.heading.cell.maas", "^# %%.*$"),
      rule("comment.line.mark.maas", "# (=>|prints:|error:).*$"),
      rule("comment.line.number-sign.maas", "#.*$"),
      string("string.quoted.triple.maas", "\"\"\"", isRaw: false),
      string("string.quoted.triple.raw.maas", "'''", isRaw: true),
      string("string.quoted.double.maas", "\"", isRaw: false),
      string("string.quoted.single.maas", "'", isRaw: true),
      rule(
        "constant.numeric.maas",
        #"\b(0x[0-9A-Fa-f_]+|[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][-+]?[0-9]+)?)"#),
      [
        "match": #"\b(fn)\s+([\p{L}_][\p{L}\p{N}_]*)"#,
        "captures": [
          "1": ["name": "storage.type.function.maas"],
          "2": ["name": "entity.name.function.maas"],
        ],
      ],
      rule("variable.other.member.maas", #"(?<=[^.]\.)[\p{L}_][\p{L}\p{N}_]*"#),
      rule("variable.parameter.maas", #"\b[\p{L}_][\p{L}\p{N}_]*(?=\s*:)"#),
      rule("keyword.control.maas", words(keywords)),
      rule("keyword.operator.word.maas", words(operators.sorted())),
      rule("constant.language.maas", words(constants.sorted() + names(constant: true))),
      rule("support.function.maas", words(names(constant: false))),
      rule("keyword.operator.maas", #"\|>|->|\?\?=?|[-+*/%^@]=?|[=!<>]=|[<>=]|\.\.[.=]?"#),
    ]
  }

  private static func rule(_ name: String, _ pattern: String) -> JSON {
    ["name": .string(name), "match": .string(pattern)]
  }

  private static func words(_ words: [String]) -> String {
    "\\b(" + words.joined(separator: "|") + ")\\b"
  }

  private static func string(_ name: String, _ quotes: String, isRaw: Bool) -> JSON {
    let end = quotes.count == 1 ? "\(quotes)|$" : quotes
    let inner: JSON =
      isRaw ? [] : [["include": "#escapes"], ["include": "#interpolation"]]
    return [
      "name": .string(name), "begin": .string(quotes), "end": .string(end), "patterns": inner,
    ]
  }

  // MARK: Vim

  /// A syntax file for Vim.
  public static var vim: String {
    """
    " Vim syntax file of maas, made by `maas docs --vim`.
    if exists("b:current_syntax")
      finish
    endif
    syn case match
    syn iskeyword @,48-57,_,192-255

    \(vimKeywords("maasKeyword", keywords))
    \(vimKeywords("maasOperatorWord", operators.sorted()))
    \(vimKeywords("maasConstant", constants.sorted() + names(constant: true)))
    \(vimKeywords("maasType", types))
    \(vimKeywords("maasBuiltin", names(constant: false)))

    syn match maasNumber "\\v<0x[0-9A-Fa-f_]+>|<\\d[0-9_]*(\\.\\d[0-9_]*)?([eE][-+]?\\d+)?>"
    syn match maasFunction "\\v(<fn\\s+)@<=\\k+"
    syn match maasOperator "|>\\|->\\|??=\\?\\|[-+*/%^@]=\\?\\|[=!<>]=\\|[<>=]"
    syn match maasEscape contained "\\v\\\\(u\\{\\x+\\}|.)"
    syn region maasInterpolation contained matchgroup=maasBrace start="{" end="}" contains=TOP
    syn region maasString start=+"+ skip=+\\\\.+ end=+"+ end=+$+ contains=maasEscape,maasInterpolation
    syn region maasString start=+\"""+ skip=+\\\\.+ end=+\"""+ contains=maasEscape,maasInterpolation
    syn region maasString start=+'+ end=+'+ end=+$+
    syn region maasString start=+'''+ end=+'''+
    syn match maasComment "#.*$" contains=@Spell
    syn match maasMark "# \\(=>\\|prints:\\|error:\\).*$"
    syn match maasDocumentation "##.*$" contains=@Spell
    syn match maasCell "^# %%.*$"

    hi def link maasKeyword Keyword
    hi def link maasOperatorWord Operator
    hi def link maasOperator Operator
    hi def link maasConstant Constant
    hi def link maasType Type
    hi def link maasBuiltin Function
    hi def link maasFunction Function
    hi def link maasNumber Number
    hi def link maasString String
    hi def link maasEscape SpecialChar
    hi def link maasBrace Special
    hi def link maasComment Comment
    hi def link maasMark SpecialComment
    hi def link maasDocumentation SpecialComment
    hi def link maasCell Title
    setlocal commentstring=#\\ %s
    let b:current_syntax = "maas"

    """
  }

  /// `syn keyword` lines of at most 100 columns.
  private static func vimKeywords(_ group: String, _ words: [String]) -> String {
    var lines: [String] = []
    var line = ""
    for word in words {
      if line.isEmpty || line.count + 1 + word.count > 100 {
        if !line.isEmpty { lines.append(line) }
        line = "syn keyword \(group)"
      }
      line += " " + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
