import GoldenSupport
import MaasLibrary
import Testing

/// The binary carries the files of stdlib/ as they are: scripts/embed writes them into one source.
@Test func theEmbeddedFilesAreThoseOfTheStandardLibrary() throws {
  let paths = ProjectFile.all(under: "stdlib", ending: ".maas")
  #expect(paths.sorted() == embeddedFiles.map(\.name).sorted(), "run scripts/embed")
  for file in embeddedFiles {
    #expect(try ProjectFile.text(file.name) == file.text, "\(file.name): run scripts/embed")
  }
}
