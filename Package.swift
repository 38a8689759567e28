// swift-tools-version: 6.1
import PackageDescription

// Targets stand in the order of the house (Sources/README.md): an arrow only ever points down.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(["-warnings-as-errors"])]

// The loop of the VM: a jump to the next instruction behind each of them, and one register more.
let dispatching: [SwiftSetting] = [
  .unsafeFlags([
    "-Xllvm", "-tail-dup-pred-size=4096", "-Xllvm", "-tail-dup-succ-size=4096",
    "-Xcc", "-Xclang", "-Xcc", "-mframe-pointer=none",
  ])
]

func room(
  _ name: String, _ path: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(path)", exclude: exclude,
    swiftSettings: strict + settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests",
    exclude: exclude, swiftSettings: strict)
}

func nio(_ products: String...) -> [Target.Dependency] {
  products.map { .product(name: $0, package: "swift-nio") }
}

let package = Package(
  name: "maas",
  products: [
    .executable(name: "maas", targets: ["maas"]),
    .library(
      name: "MaasCore",
      targets: ["MaasModels", "MaasTraining", "MaasNetworks", "MaasData", "MaasTensors"]),
    // What Tests/Fuzz is built from.
    .library(name: "FuzzSupport", targets: ["FuzzSupport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    // Composes everything, owns nothing. The Swift library is linked statically for an instant
    // start; only the link step is told so, so that one build serves the binary and the tests.
    .executableTarget(
      name: "maas",
      dependencies: [
        "MaasTerminal", "MaasServer", "MaasSession", "MaasLibrary", "MaasFormatter",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict,
      linkerSettings: [
        .unsafeFlags([
          "-static-stdlib", "-lswiftSynchronization", "-l_FoundationCollections",
          "-l_FoundationCShims",
        ])
      ]),

    // The fronts.
    room(
      "MaasTerminal", "Terminal", ["MaasSession", "MaasVM", "MaasSyntax", "CEdit"],
      exclude: ["Decisions.md"]),
    room(
      "MaasServer", "Server",
      ["MaasModels", "MaasData", "MaasTensors"] + nio("NIOCore", "NIOPosix", "NIOHTTP1"),
      exclude: ["Decisions.md"]),
    room("MaasSession", "Session", ["MaasLibrary", "MaasVM", "MaasCompiler", "MaasSyntax"]),

    // The bridge.
    room(
      "MaasLibrary", "Library",
      [
        "MaasVM", "MaasChecker", "MaasCompiler", "MaasSyntax", "MaasModels", "MaasTraining",
        "MaasNetworks", "MaasData", "MaasTensors", "CPCRE2",
      ], exclude: ["Decisions.md"]),

    // The language.
    room(
      "MaasVM", "Language/VM", ["MaasCompiler", "MaasSyntax", "CHeap"], settings: dispatching),
    room("MaasCompiler", "Language/Compiler", ["MaasSyntax"]),
    room("MaasChecker", "Language/Checker", ["MaasCompiler", "MaasSyntax"]),
    room("MaasFormatter", "Language/Formatter", ["MaasSyntax"]),
    room("MaasSyntax", "Language/Syntax", []),

    // The core.
    room("MaasModels", "Core/Models", ["MaasTraining", "MaasNetworks", "MaasData", "MaasTensors"]),
    room(
      "MaasTraining", "Core/Training",
      ["MaasNetworks", "MaasData", "MaasTensors", "MaasKernels"]),
    room("MaasNetworks", "Core/Networks", ["MaasTensors", "MaasKernels", "COneDNN"]),
    room(
      "MaasData", "Core/Data", ["MaasTensors", "MaasKernels", "MaasImages", "CZlib"]),
    room("MaasTensors", "Core/Tensors", ["MaasKernels", "COneDNN", "CLAPACK"]),

    // C: what Swift cannot reach.
    .target(name: "MaasKernels", path: "Sources/C/Kernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "CHeap", path: "Sources/C/Heap"),
    // libpng-dev and libjpeg-dev, behind functions that no error jumps out of.
    .target(
      name: "MaasImages", path: "Sources/C/Images",
      linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("jpeg")]),
    .systemLibrary(
      name: "CEdit", path: "Sources/C/CEdit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(
      name: "COneDNN", path: "Sources/C/COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(
      name: "CLAPACK", path: "Sources/C/CLAPACK",
      providers: [.apt(["liblapacke-dev", "libopenblas0-serial"])]),
    .systemLibrary(
      name: "CPCRE2", path: "Sources/C/CPCRE2", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/C/CZlib", providers: [.apt(["zlib1g-dev"])]),

    // Whole renderings kept in Tests/Goldens.
    .target(name: "GoldenSupport", path: "Tests/GoldenSupport", swiftSettings: strict),
    // Numbers that the scripts of Tests/References make as well.
    .target(
      name: "TensorSupport", dependencies: ["MaasTensors"], path: "Tests/TensorSupport",
      swiftSettings: strict),
    // Programs by chance, and what must hold for any text: for properties and for Tests/Fuzz.
    .target(
      name: "FuzzSupport",
      dependencies: [
        "MaasSession", "MaasLibrary", "MaasFormatter", "MaasVM", "MaasSyntax", "MaasData",
        "MaasTensors",
      ],
      path: "Tests/FuzzSupport", swiftSettings: strict),
    tests("Syntax", ["MaasSyntax", "GoldenSupport"]),
    tests("Formatter", ["MaasFormatter", "MaasSyntax", "GoldenSupport", "FuzzSupport"]),
    tests("Compiler", ["MaasCompiler", "MaasSyntax"]),
    tests("VM", ["MaasVM", "MaasCompiler", "MaasSyntax"]),
    tests("Kernels", ["MaasKernels"]),
    tests("Tensors", ["MaasTensors", "MaasKernels", "TensorSupport"]),
    tests("Data", ["MaasData", "MaasTensors", "GoldenSupport"], exclude: ["Fixtures"]),
    tests("Networks", ["MaasNetworks", "MaasTensors", "TensorSupport"]),
    tests(
      "Training",
      [
        "MaasModels", "MaasTraining", "MaasNetworks", "MaasData", "MaasTensors", "GoldenSupport",
        "TensorSupport",
      ]),
    tests(
      "Models",
      [
        "MaasModels", "MaasTraining", "MaasNetworks", "MaasData", "MaasTensors", "GoldenSupport",
        "TensorSupport",
      ]),
    tests(
      "Library",
      [
        "MaasLibrary", "MaasSession", "MaasTraining", "MaasVM", "MaasSyntax", "MaasTensors",
        "GoldenSupport",
      ]),
    tests(
      "Session",
      ["MaasSession", "MaasLibrary", "MaasVM", "MaasSyntax", "GoldenSupport", "FuzzSupport"]),
    tests("Terminal", ["MaasTerminal", "MaasSession"]),
    tests("Server", ["MaasServer", "MaasModels", "MaasData", "MaasTensors", "GoldenSupport"]),
    tests("House", []),
  ]
)
