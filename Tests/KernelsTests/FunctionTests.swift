import Glibc
import MaasKernels
import Testing

private typealias Kernel =
  @Sendable (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void

private struct Function: Sendable {
  let name: String
  let kernel: Kernel
  let exact: @Sendable (Double) -> Double
  let range: ClosedRange<Float>
  var ulps = 0.0
  var absolute = 0.0
}

private let functions = [
  Function(name: "relu", kernel: maas_relu, exact: { max($0, 0) }, range: -9...9),
  Function(name: "abs", kernel: maas_abs, exact: { abs($0) }, range: -9...9),
  Function(name: "neg", kernel: maas_neg, exact: { -$0 }, range: -9...9),
  Function(name: "sqrt", kernel: maas_sqrt, exact: { $0.squareRoot() }, range: 0...9, ulps: 0.5),
  Function(name: "exp", kernel: maas_exp, exact: exp, range: -87.3...88, ulps: 1.1),
  Function(name: "exp near 0", kernel: maas_exp, exact: exp, range: -1...1, ulps: 1),
  Function(name: "log", kernel: maas_log, exact: log, range: 0...4, ulps: 1),
  Function(name: "log far", kernel: maas_log, exact: log, range: 0...3e38, ulps: 1),
  Function(name: "log subnormal", kernel: maas_log, exact: log, range: 0...2e-38, ulps: 1),
  Function(name: "erf", kernel: maas_erf, exact: erf, range: -5...5, ulps: 1.2),
  Function(name: "tanh", kernel: maas_tanh, exact: tanh, range: -11...11, ulps: 1.5),
  Function(name: "tanh near 0", kernel: maas_tanh, exact: tanh, range: -0.7...0.7, ulps: 1.5),
  Function(name: "sigmoid", kernel: maas_sigmoid, exact: sigmoid, range: -87...90, ulps: 2.5),
  Function(name: "sin", kernel: maas_sin, exact: sin, range: -30...30, ulps: 2, absolute: 1e-7),
  Function(name: "cos", kernel: maas_cos, exact: cos, range: -30...30, ulps: 2, absolute: 1e-7),
  Function(
    name: "sin far", kernel: maas_sin, exact: sin, range: -20_000...20_000, ulps: 2,
    absolute: 1e-7),
  Function(name: "floor", kernel: maas_floor, exact: { $0.rounded(.down) }, range: -9...9),
  Function(name: "ceil", kernel: maas_ceil, exact: { $0.rounded(.up) }, range: -9...9),
  Function(
    name: "round", kernel: maas_round, exact: { $0.rounded(.toNearestOrEven) }, range: -9...9),
  Function(
    name: "sign", kernel: maas_sign, exact: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, range: -9...9),
  Function(name: "gelu", kernel: maas_gelu, exact: gelu, range: -1...6, ulps: 4),
  Function(
    name: "gelu below", kernel: maas_gelu, exact: gelu, range: -30...(-1), absolute: 4e-7),
  Function(
    name: "elu", kernel: maas_elu, exact: { $0 > 0 ? $0 : expm1($0) }, range: -20...5, ulps: 3),
  Function(name: "silu", kernel: maas_silu, exact: { $0 * sigmoid($0) }, range: -80...80, ulps: 4),
  Function(name: "softplus", kernel: maas_softplus, exact: softplus, range: -80...80, ulps: 3),
  Function(
    name: "mish", kernel: maas_mish, exact: { $0 * tanh(softplus($0)) }, range: -80...30, ulps: 6),
]

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
private func gelu(_ x: Double) -> Double { x / 2 * erfc(-x / 2.0.squareRoot()) }

@Test func functionsAreAsExactAsStated() {
  atEachLevel { level in
    for function in functions {
      let range = function.range
      let x = numbers(60_000, range.lowerBound, range.upperBound)
      var y = x
      function.kernel(x, &y, x.count)
      for (x, y) in zip(x, y) {
        let exact = function.exact(Double(x))
        let close =
          abs(Double(y) - exact) <= function.absolute || ulps(y, from: exact) <= function.ulps
        if !close { Issue.record("\(function.name)(\(x)) = \(y), not \(exact), at \(level)") }
      }
    }
  }
}

@Test func functionsGiveTheSameBitsAtAnyPlace() {
  atEachLevel { _ in
    for function in functions {
      let all = numbers(1009, function.range.lowerBound, function.range.upperBound)
      let whole = Strip(all)
      function.kernel(whole.start, whole.start, all.count)
      for length in lengths {
        let first = (all.count - length) / 3
        let part = Strip(Array(all[first..<first + length]), offset: length % 5)
        let out = Strip(count: length, offset: 1)
        function.kernel(part.start, out.start, length)
        #expect(out.bits == Array(whole.bits[first..<first + length]))
        #expect(out.guardsHold && part.guardsHold, "\(function.name) of \(length)")
      }
    }
  }
}

@Test func functionsOfTheEdgesAreThoseOfC() {
  let edges: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 89, -104, -200, 12.5, -12.5, 20, -20,
  ]
  atEachLevel { level in
    for function in functions where function.name != "gelu below" {
      var y = edges
      function.kernel(edges, &y, edges.count)
      for (x, y) in zip(edges, y) {
        let exact =
          x == -.infinity && function.name == "gelu" ? .nan : function.exact(Double(x))
        if x.isNaN || exact.isNaN && x.isFinite {
          #expect(y.isNaN, "\(function.name)(\(x)) = \(y)")
        }
        guard !exact.isNaN else { continue }
        let allowed = function.name == "gelu" ? 1e-6 : 1e-37
        #expect(
          ulps(y, from: exact) <= max(function.ulps, 1) || abs(Double(y) - exact) < allowed,
          "\(function.name)(\(x)) = \(y), not \(exact), at \(level)")
      }
    }
  }
}

private typealias Backward = (
  UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
) -> Void

@Test func gradientsAreThoseOfTheFunctions() {
  let kernels: [(String, Backward, (Double) -> Double)] = [
    ("relu", maas_relu_backward, { $0 > 0 ? 1 : 0 }),
    ("sigmoid", maas_sigmoid_backward, { $0 * (1 - $0) }),
    ("tanh", maas_tanh_backward, { 1 - $0 * $0 }),
    (
      "gelu", maas_gelu_backward,
      { erfc(-$0 / 2.0.squareRoot()) / 2 + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
    ),
  ]
  atEachLevel { _ in
    for (name, kernel, derivative) in kernels {
      for length in lengths {
        let x = Strip(numbers(length, -1, 1), offset: 1)
        let dy = Strip(numbers(length, seed: 2), offset: 3)
        let dx = Strip(count: length)
        kernel(x.start, dy.start, dx.start, length)
        let exact = zip(x.values, dy.values).map { derivative(Double($0)) * Double($1) }
        #expect(farthest(dx.values, exact) < 1e-6, "\(name)")
        #expect(dx.guardsHold)
      }
    }
  }
}
