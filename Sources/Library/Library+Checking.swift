import MaasChecker
import MaasCompiler
import MaasSyntax
import MaasVM

extension Library {
  /// What `maas check` finds in a text without running it.
  public func check(_ source: Source) -> [Diagnostic] {
    Checker(builtins: self, signatures: signatures).check(source)
  }

  /// The signatures under a name; none for a constant.
  private func signatures(_ name: String) -> [Signature] {
    declarations(name).filter { !$0.isConstant }.map { builtin in
      let parameters = builtin.parameters
      var signature = Signature(
        name: name,
        parameters: parameters.map {
          ParameterInfo(
            name: $0.name, isOptional: $0.isOptional, isRest: $0.isRest, takesNames: $0.takesNames)
        })
      signature.takesFunctionSecond =
        parameters.count > 1 && parameters[1].types == ValueTypes(.function)
      return signature
    }
  }
}
