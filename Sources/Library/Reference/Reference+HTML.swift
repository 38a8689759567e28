extension Reference {
  /// The whole reference as one page that needs nothing else; what is typed into its field narrows
  /// the list.
  public static var html: String {
    var text = head
    text += "<nav><input id=\"search\" type=\"search\" placeholder=\"Search\" autofocus>\n"
    for area in areas {
      text += "<section><h3>\(escaped(area.title))</h3>\n"
      for name in names(area) {
        text += "<a href=\"#\(escaped(name))\">\(escaped(name))</a>\n"
      }
      text += "</section>\n"
    }
    text += "</nav>\n<main><h1>The maas library</h1>\n"
    var anchors: Set<String> = []
    for area in areas {
      text += "<section><h2>\(escaped(area.title))</h2>\n"
      for builtin in area.builtins {
        text += article(builtin, isFirst: anchors.insert(builtin.name).inserted)
      }
      text += "</section>\n"
    }
    return text + "</main>\n\(script)</body></html>\n"
  }

  /// The names of an area, each once.
  private static func names(_ area: Area) -> [String] {
    var seen: Set<String> = []
    return area.builtins.map(\.name).filter { seen.insert($0).inserted }
  }

  private static func article(_ builtin: Builtin, isFirst: Bool) -> String {
    let anchor = isFirst ? " id=\"\(escaped(builtin.name))\"" : ""
    var text = "<article\(anchor)><h4><code>\(escaped(builtin.signature))</code></h4>\n"
    for piece in builtin.pieces {
      switch piece {
      case .paragraph(let rows) where rows.hasPrefix("|"): text += table(rows)
      case .paragraph(let words): text += "<p>\(inlineCode(escaped(words)))</p>\n"
      case .example(let code): text += "<pre>\(escaped(code))</pre>\n"
      }
    }
    return text + "</article>\n"
  }

  /// The rows of a Markdown table, the first of which is its head and the second a rule.
  private static func table(_ rows: String) -> String {
    var text = "<table>\n"
    for (position, row) in rows.split(separator: "\n").enumerated() where position != 1 {
      let cells = row.split(separator: "|").map { inlineCode(escaped(String($0))) }
      let tag = position == 0 ? "th" : "td"
      text += "<tr>" + cells.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>\n"
    }
    return text + "</table>\n"
  }

  /// `` `x` `` as code.
  private static func inlineCode(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return text }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? "<code>\(part)</code>" : String(part)
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      default: out.append(character)
      }
    }
    return out
  }

  private static let head = """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The maas library</title>
    <style>
    :root { color-scheme: light dark; }
    body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: flex; }
    nav { width: 15rem; height: 100vh; overflow-y: auto; position: sticky; top: 0;
      padding: 1rem; box-sizing: border-box; flex: none; }
    nav h3 { font-size: .85rem; margin: .8rem 0 .2rem; }
    nav a { display: block; font: 13px/1.6 monospace; text-decoration: none; color: inherit; }
    input { width: 100%; box-sizing: border-box; padding: .4rem; font: inherit; }
    main { padding: 0 2rem 4rem; max-width: 50rem; min-width: 0; }
    article { margin: 1.5rem 0; }
    h4 { margin: 0; }
    td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
    pre { padding: .6rem; overflow-x: auto; background: rgba(127, 127, 127, .12); }
    [hidden] { display: none !important; }
    @media (max-width: 40rem) {
      body { display: block; }
      nav { width: auto; height: auto; background: Canvas; }
      nav :not(input) { display: none; }
    }
    </style></head><body>

    """

  private static let script = """
    <script>
    const field = document.getElementById("search");
    const hide = (items, words) => items.forEach(item => {
      const text = item.textContent.toLowerCase();
      item.hidden = !words.every(word => text.includes(word));
    });
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
      hide(document.querySelectorAll("article"), words);
      const shown = new Set([...document.querySelectorAll("article:not([hidden]) h4")]
        .map(head => head.textContent.split("(")[0]));
      document.querySelectorAll("nav a").forEach(a => a.hidden = !shown.has(a.textContent));
      document.querySelectorAll("section").forEach(part => {
        part.hidden = !part.querySelector("article:not([hidden]), a:not([hidden])");
      });
    });
    </script>

    """
}
