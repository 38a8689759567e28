import Glibc
import MaasTensors

/// Numbers that the scripts of Tests/References make as well: factor · sin(start + 1.7 i), f32.
public func wave(_ shape: Shape, _ start: Double, _ factor: Double = 1) -> Tensor {
  Tensor((0..<shape.count).map { Float(factor * sin(start + Double($0) * 1.7)) }, shape: shape)
}

/// How far a tensor is from one of which the scripts kept two numbers, Σ v · wave and Σ |v|: the
/// greater of both distances, as a share of the second.
public func distance(_ tensor: Tensor, from kept: [Double]) -> Double {
  let weighed = zip(tensor.doubles(), wave([tensor.count], 0.2).doubles())
  let sum = weighed.reduce(0) { $0 + $1.0 * $1.1 }
  let size = tensor.doubles().reduce(0) { $0 + abs($1) }
  let off = max(abs(sum - kept[0]), abs(size - kept[1]))
  return off == 0 ? 0 : off / kept[1]
}
