// swift-tools-version: 6.1
import PackageDescription

// libFuzzer has its own main; scripts/fuzz builds this with coverage in all that it reaches.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "maas", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "FuzzSupport", package: "maas")],
      swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
  ]
)
