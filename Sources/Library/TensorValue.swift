import MaasTensors
import MaasVM

/// A tensor as a value of the language.
public final class TensorValue: NativeObject {
  public internal(set) var tensor: Tensor

  public init(_ tensor: Tensor) { self.tensor = tensor }

  public override var type: ValueType { .tensor }
}
