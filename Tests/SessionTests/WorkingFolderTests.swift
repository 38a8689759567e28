import Testing

/// Tests whose scripts name files by relative paths, one after the other: some change the folder
/// that the process stands in, and change it back to the top of the project.
@Suite(.serialized)
enum WorkingFolderTests {}
