/// A layout before its line breaks are chosen (after Oppen, "Prettyprinting", 1980).
indirect enum Layout {
  /// Text without line breaks.
  case text(String)
  /// Text with line breaks of its own that must stay as they are: a string of many lines.
  case verbatim(String)
  /// A comment behind code; a line break follows.
  case comment(String)
  /// A line break if the group is broken, else `flat`.
  case line(Int, flat: String)
  /// A line break, with an empty line before the next text or not.
  case hard(blank: Bool)
  /// Lines that start in it stand two columns further right; with a group, only where that is
  /// broken.
  case indent(Int?, [Layout])
  /// What is broken together. Where it does not fit, `hug` names a group (that of a block at its
  /// end) to break in its stead, if what stands before fits.
  case group(Int, hug: Int?, [Layout])
}
