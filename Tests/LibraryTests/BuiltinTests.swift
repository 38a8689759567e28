import MaasLibrary
import MaasVM
import Testing

@Test func everyTypeInASignatureExists() {
  for builtin in Library.builtins {
    for parameter in builtin.parameters {
      #expect(parameter.types.rawValue != 0, "\(builtin.signature): \(parameter.name)")
    }
  }
}

/// Signatures under one name are told apart by the first argument, so no type may be in two.
@Test func signaturesUnderOneNameTakeDifferentFirstArguments() {
  for (name, builtins) in Dictionary(grouping: Library.builtins, by: \.name) {
    var seen: UInt32 = 0
    for builtin in builtins where builtins.count > 1 {
      let types = builtin.parameters.first?.types.rawValue ?? 0
      #expect(seen & types == 0, "\(name): \(builtin.signature)")
      seen |= types
    }
  }
}
