// swift-tools-version: 6.2
import PackageDescription

// The house: arrows point down only. `stint` -> Server, Agent -> Store | Plan, Runtime, Client, Config -> Wire -> Model.
let package = Package(
  name: "stint",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "stint", targets: ["stint"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    .executableTarget(
      name: "stint",
      dependencies: [
        "StintServer", "StintAgent", "StintRuntime", "StintClient", "StintConfig", "StintWire", "StintModel", "CShim",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),

    .target(
      name: "StintServer",
      dependencies: [
        "StintStore", "StintConfig", "StintWire", "StintModel", "CWebPage", "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "StintAgent",
      dependencies: [
        "StintPlan", "StintRuntime", "StintClient", "StintConfig", "StintWire", "StintModel", "CNVML",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),

    .target(
      name: "StintStore",
      dependencies: [
        "StintWire", "StintModel", "CSQLiteOptions",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(name: "StintPlan", dependencies: ["StintWire", "StintModel"]),
    .target(
      name: "StintRuntime",
      dependencies: [
        "StintModel", "CShim",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "StintClient",
      dependencies: [
        "StintWire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(name: "StintConfig", dependencies: ["StintModel"]),

    .target(name: "StintWire", dependencies: ["StintModel"]),
    .target(name: "StintModel"),

    .target(name: "CShim"),
    .target(name: "CSQLiteOptions"),
    .target(name: "CNVML", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CWebPage"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .testTarget(name: "StintModelTests", dependencies: ["StintModel"]),
    .testTarget(name: "StintWireTests", dependencies: ["StintWire", "StintModel"]),
    .testTarget(
      name: "StintStoreTests",
      dependencies: ["StintStore", "StintWire", "StintModel", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "StintServerTests", dependencies: ["StintServer", "StintStore", "StintWire", "StintModel"]),
    .testTarget(
      name: "StintClientTests",
      dependencies: [
        "StintClient", "StintWire",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(name: "StintConfigTests", dependencies: ["StintConfig"]),
    // The supervisor is a verb of the binary, which these tests start.
    .testTarget(name: "StintRuntimeTests", dependencies: ["StintRuntime", "stint"]),
    .testTarget(name: "StintPlanTests", dependencies: ["StintPlan", "StintRuntime", "StintWire"]),
    .testTarget(
      name: "StintAgentTests", dependencies: ["StintAgent", "StintPlan", "StintRuntime", "StintConfig", "StintWire"]),
  ]
)

for target in package.targets where ![.plugin, .system].contains(target.type) && !target.name.hasPrefix("C") {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
