/// The path of a file that NumPy or pandas wrote (Fixtures/make_fixtures.py).
func fixture(_ name: String) -> String {
  let here = #filePath
  return here.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Fixtures/" + name
}
