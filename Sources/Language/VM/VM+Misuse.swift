import MaasCompiler
import MaasSyntax

/// A call that does not fit a builtin. The library says what was likely meant.
public enum Misuse {
  /// A value of a type that the parameter does not take.
  case type(parameter: String, takes: ValueTypes, Value)
  /// A name that none of the parameters has.
  case unknownName(String, among: [String])
  /// A parameter given by place and by name.
  case givenTwice(parameter: String)
}

extension VMHost {
  public func advice(on misuse: Misuse, of function: String) -> String? { nil }
}

extension VM {
  /// The value of a parameter is of another type than any form of the function takes there.
  func failType(_ position: Int, _ value: Value, _ function: NativeFunction, first: Value) {
    let parameter = function.parameters[position]
    let forms = position == 0 ? forms(of: function) : [function]
    var types = parameter.types
    for form in forms {
      if let first = form.parameters.first, position == 0 { types.formUnion(first.types) }
    }
    let misuse = Misuse.type(parameter: parameter.name, takes: types, value)
    let signatures = forms.map { $0.signature.shortSignature }
    let listed =
      signatures.count == 1
      ? "it is called so: \(signatures[0])"
      : "it is called in one of these ways:\n" + signatures.joined(separator: "\n")
    // map(f, xs)
    let isSwapped = position == 1 && first.isFunction && parameter.types == ValueTypes(.function)
    if isSwapped {
      return fail(
        "wrong-order",
        "`\(function.name)` takes \(function.parameters[0].name) first, then the function",
        help: "write \(function.name)(list, function)", rewrites: [.swap])
    }
    fail(
      "wrong-type",
      "`\(function.name)` takes \(types.description) as `\(parameter.name)`, not "
        + value.typeDescription,
      help: host.advice(on: misuse, of: function.name)
        ?? otherPlace(for: value, after: position, function) ?? listed,
      rewrites: rewrites(value, types))
  }

  /// The help for a value that fits a later parameter alone, which has to be named: conv(4, relu).
  private func otherPlace(
    for value: Value, after position: Int, _ function: NativeFunction
  ) -> String? {
    let later = function.parameters.dropFirst(position + 1).filter {
      $0.types.contains(value.type) && $0.types != .any
    }
    guard later.count == 1, let name = later.first?.name else { return nil }
    let text = value.nativeFunction?.name ?? value.display(quoted: true)
    return "for `\(name)`, write \(name): \(text)"
  }

  private func rewrites(_ value: Value, _ types: ValueTypes) -> [Diagnostic.Rewrite] {
    guard let text = value.string else { return [] }
    let isNumber = types.contains(.number) && Double(text) != nil
    let isFunction = types.contains(.function) && host.isBuiltin(text)
    return isNumber || isFunction ? [.unquoted(text)] : []
  }

  private func forms(of function: NativeFunction) -> [NativeFunction] {
    guard host.isBuiltin(function.name),
      let whole = host.builtin(function.name).nativeFunction, !whole.overloads.isEmpty
    else { return [function] }
    return whole.overloads
  }
}

extension String {
  /// A long signature without the parameters that may be left out.
  fileprivate var shortSignature: String {
    guard count > 80, let start = firstIndex(of: "("), let end = lastIndex(of: ")") else {
      return self
    }
    let parameters = self[index(after: start)..<end].split(separator: ",")
    let needed = parameters.prefix { !$0.contains("=") }
    guard !needed.isEmpty, needed.count < parameters.count else { return self }
    return self[...start] + needed.joined(separator: ",") + ", …)" + self[index(after: end)...]
  }
}
