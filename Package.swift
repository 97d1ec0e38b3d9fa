// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled with these: https://www.swift.org/swift-evolution/ SE-0335, SE-0444 and SE-0409.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")

/// A room of the house; what it may import is its list of dependencies and nothing else (docs/architecture.md).
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: settings)
}

let package = Package(
    name: "krun",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "krun", targets: ["krun"]),
        .library(name: "KrunKit", targets: ["KrunKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"]), .yum(["librdkafka-devel"]), .brew(["librdkafka"])]),
        .systemLibrary(
            name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"]), .yum(["jansson-devel"]), .brew(["jansson"])]),
        .target(name: "CKrunShims", dependencies: ["CRdKafka"]),

        room("KrunDiagnostics"),
        room("KrunJSON", ["CJansson", "KrunDiagnostics"]),
        room("KrunScenario", ["KrunJSON", "KrunOutcome", "KrunDiagnostics"]),
        room("KrunOutcome", ["KrunDiagnostics"]),
        room("KrunChecks", ["KrunScenario", "KrunOutcome", "KrunJSON", "KrunDiagnostics"]),
        room("KrunKafka", ["CRdKafka", "CKrunShims"]),
        room("KrunRunner", ["KrunScenario", "KrunChecks", "KrunOutcome", "KrunKafka", "KrunDiagnostics", log]),
        room("KrunReports", ["KrunOutcome", "KrunJSON", "KrunDiagnostics"]),
        room("KrunKit", ["KrunScenario", "KrunOutcome", "KrunRunner", "KrunDiagnostics"]),
        .executableTarget(
            name: "krun",
            dependencies: [
                "KrunScenario", "KrunRunner", "KrunReports", "KrunOutcome", "KrunDiagnostics", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        tests(of: "KrunDiagnostics"),
        tests(of: "KrunJSON", ["KrunDiagnostics"]),
        tests(of: "KrunScenario", ["KrunJSON", "KrunOutcome", "KrunDiagnostics", "CRdKafka"]),
        tests(of: "KrunChecks", ["KrunScenario", "KrunOutcome", "KrunJSON", "KrunDiagnostics"]),
        tests(of: "KrunKafka", ["KrunScenario", "CRdKafka"]),
        tests(of: "KrunReports", ["KrunOutcome", "KrunDiagnostics"]),
    ]
)
