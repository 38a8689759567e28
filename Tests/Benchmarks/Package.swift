// swift-tools-version: 6.1
import PackageDescription

// The core as others would use it: a library, without the language.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "maas", path: "../..")],
  targets: [
    .executableTarget(
      name: "training", dependencies: [.product(name: "MaasCore", package: "maas")]),
    .executableTarget(
      name: "inference", dependencies: [.product(name: "MaasCore", package: "maas")]),
  ]
)
