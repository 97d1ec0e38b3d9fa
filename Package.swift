// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled with these: https://www.swift.org/swift-evolution/ SE-0335, SE-0444 and SE-0409.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Set by CI: the package's own warnings, and nobody else's, are errors.
let warningsAreErrors = Context.environment["KRUN_WARNINGS_AS_ERRORS"] != nil
let swiftSettings = settings + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])
let cSettings: [CSetting] = warningsAreErrors ? [.treatAllWarnings(as: .error)] : []

/// A room of the house; what it may import is its list of dependencies and nothing else (docs/architecture.md).
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "krun",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "krun", targets: ["krun"]),
        .library(name: "KrunKit", targets: ["KrunKit"]),
        .library(name: "KrunBroker", targets: ["KrunBroker"]),
        .library(name: "KrunKafka", targets: ["KrunKafka"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CRdKafka", pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"]), .yum(["librdkafka-devel"]), .brew(["librdkafka"])]),
        .systemLibrary(
            name: "CJansson", pkgConfig: "jansson",
            providers: [.apt(["libjansson-dev"]), .yum(["jansson-devel"]), .brew(["jansson"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CLZ4", pkgConfig: "liblz4",
            providers: [.apt(["liblz4-dev"]), .yum(["lz4-devel"]), .brew(["lz4"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"]), .yum(["libzstd-devel"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CSnappy", pkgConfig: "snappy",
            providers: [.apt(["libsnappy-dev"]), .yum(["snappy-devel"]), .brew(["snappy"])]),
        .target(name: "CKrunChecksum", cSettings: cSettings),
        .target(name: "CKrunShims", dependencies: ["CRdKafka"], cSettings: cSettings),

        // What must never be shown, in whatever form it is.
        room("KrunSecrets"),
        room("KrunDiagnostics", ["KrunSecrets"]),
        room("KrunConfigs"),
        // Names and numbers of Kafka's protocol, for who speaks it and for who says them in a scenario.
        room("KrunProtocol"),
        room("KrunNames"),
        room("KrunJSON", ["CJansson", "KrunDiagnostics"]),
        room("KrunPatterns"),
        room("KrunJSONPath", ["KrunJSON", "KrunPatterns"]),
        room(
            "KrunScenario",
            [
                "KrunConfigs", "KrunProtocol", "KrunNames", "KrunJSON", "KrunJSONPath", "KrunPatterns", "KrunOutcome",
                "KrunDiagnostics", "KrunSecrets",
            ]),
        room("KrunOutcome", ["KrunDiagnostics", "KrunSecrets"]),
        room(
            "KrunChecks",
            [
                "KrunScenario", "KrunOutcome", "KrunNames", "KrunJSON", "KrunJSONPath", "KrunPatterns",
                "KrunDiagnostics",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        room("KrunKafka", ["KrunNames", "KrunSecrets", "CRdKafka", "CKrunShims"]),
        // What a run and a command by hand do alike: waiting for a Kafka, finding out why it does not answer, and where a group is to go on.
        room("KrunConnection", ["KrunKafka", "KrunScenario", "KrunOutcome", "KrunDiagnostics"]),
        room("KrunWire", ["KrunProtocol", .product(name: "NIOCore", package: "swift-nio")]),
        room(
            "KrunBroker",
            [
                "KrunConfigs", "KrunNames", "KrunWire", "CKrunChecksum", "CZlib", "CLZ4", "CZstd", "CSnappy",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ]),
        // What is known of a scenario without a broker: the bytes of its messages, and where they go.
        room("KrunPlanning", ["KrunScenario", "KrunOutcome", "KrunSecrets"]),
        room(
            "KrunRunner",
            [
                "KrunScenario", "KrunPlanning", "KrunChecks", "KrunOutcome", "KrunKafka", "KrunConnection",
                "KrunBroker", "KrunNames", "KrunJSON", "KrunPatterns", "KrunDiagnostics", "KrunSecrets",
            ]),
        room("KrunReports", ["KrunOutcome", "KrunPlanning", "KrunJSON", "KrunDiagnostics"]),
        // What is read in a browser.
        .target(
            name: "KrunPages",
            dependencies: [
                "KrunReports", "KrunOutcome", "KrunJSON", "KrunDiagnostics",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [
                .embedInCode("Templates/page.css"), .embedInCode("Templates/text.js"),
                .embedInCode("Templates/page.js"),
                .embedInCode("Templates/page.mustache"), .embedInCode("Templates/index.mustache"),
            ],
            swiftSettings: swiftSettings),
        room(
            "KrunTools",
            [
                "KrunKafka", "KrunConnection", "KrunBroker", "KrunReports", "KrunScenario", "KrunPlanning",
                "KrunOutcome",
                "KrunNames", "KrunJSON", "KrunPatterns", "KrunDiagnostics",
            ]),
        // A running broker that is told to do something, over HTTP, and who tells it.
        room(
            "KrunControl",
            [
                "KrunBroker", "KrunRunner", "KrunReports", "KrunScenario", "KrunOutcome", "KrunConnection", "KrunKafka",
                "KrunJSON", "KrunDiagnostics",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        room(
            "KrunKit",
            [
                "KrunScenario", "KrunOutcome", "KrunKafka", "KrunConnection", "KrunRunner", "KrunDiagnostics",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "krun",
            dependencies: [
                "KrunJSON", "KrunScenario", "KrunChecks", "KrunPlanning", "KrunKafka", "KrunConnection", "KrunBroker",
                "KrunRunner", "KrunReports", "KrunPages", "KrunTools", "KrunControl", "KrunOutcome", "KrunDiagnostics",
                "KrunSecrets", "KrunPatterns", "CKrunShims",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "krun-fuzz",
            dependencies: [
                "KrunWire", "KrunBroker", "KrunKafka", "KrunScenario", "KrunJSON", "KrunJSONPath", "KrunPatterns",
                "KrunDiagnostics",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Fuzz", exclude: ["corpus"], swiftSettings: swiftSettings),

        tests(of: "KrunSecrets"),
        tests(of: "KrunDiagnostics", ["KrunSecrets"]),
        tests(of: "KrunOutcome"),
        tests(of: "KrunJSON", ["KrunDiagnostics"]),
        tests(of: "KrunPatterns"),
        tests(of: "KrunJSONPath", ["KrunJSON", "KrunPatterns", "KrunDiagnostics"]),
        // A validator for the schemas of scenarios and of reports.
        .target(
            name: "KrunSchemaTestSupport", dependencies: ["KrunJSON"], path: "Tests/KrunSchemaTestSupport",
            swiftSettings: swiftSettings),
        tests(
            of: "KrunScenario",
            [
                "KrunConfigs", "KrunJSON", "KrunPatterns", "KrunOutcome", "KrunDiagnostics", "KrunSchemaTestSupport",
                "CRdKafka",
            ]),
        tests(of: "KrunChecks", ["KrunScenario", "KrunOutcome", "KrunJSON", "KrunPatterns", "KrunDiagnostics"]),
        tests(
            of: "KrunKafka",
            ["KrunNames", "KrunSecrets", "KrunScenario", "KrunBroker", "KrunBrokerTestSupport", "CRdKafka"]),
        tests(of: "KrunConnection", ["KrunKafka"]),
        tests(of: "KrunWire", [.product(name: "NIOCore", package: "swift-nio")]),
        // What the tests of the log and of the cluster share, and strangers for those of groups.
        .target(
            name: "KrunBrokerTestSupport", dependencies: ["KrunBroker"], path: "Tests/KrunBrokerTestSupport",
            swiftSettings: swiftSettings),
        tests(
            of: "KrunBroker",
            [
                "KrunBrokerTestSupport", "KrunConfigs", "KrunNames", "KrunWire",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        // A whole cluster over the wire.
        .testTarget(
            name: "KrunClusterTests",
            dependencies: [
                "KrunBroker", "KrunBrokerTestSupport", "KrunWire", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        tests(of: "KrunPlanning", ["KrunScenario"]),
        tests(
            of: "KrunRunner",
            [
                "KrunScenario", "KrunPlanning", "KrunChecks", "KrunOutcome", "KrunKafka", "KrunConnection",
                "KrunBroker", "KrunJSON",
                "KrunDiagnostics", "KrunSecrets",
            ]),
        tests(of: "KrunReports", ["KrunOutcome", "KrunJSON", "KrunDiagnostics", "KrunSchemaTestSupport"]),
        tests(of: "KrunPages", ["KrunReports", "KrunOutcome", "KrunDiagnostics"]),
        tests(
            of: "KrunTools",
            [
                "KrunKafka", "KrunConnection", "KrunBroker", "KrunScenario", "KrunJSON", "KrunDiagnostics",
            ]),
        tests(
            of: "KrunControl",
            [
                "KrunBroker", "KrunRunner", "KrunScenario", "KrunOutcome", "KrunJSON", "KrunKafka", "KrunDiagnostics",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        // Runs the built executable; the dependency is there so that it is built.
        .testTarget(
            name: "KrunCommandTests",
            dependencies: [
                "krun", "KrunConnection", "KrunBroker", "KrunBrokerTestSupport", "KrunJSON", "KrunDiagnostics",
            ],
            swiftSettings: swiftSettings),
        tests(of: "KrunKit"),
        .testTarget(
            name: "KrunSharedClusterTests",
            dependencies: [
                "KrunRunner", "KrunPlanning", "KrunScenario", "KrunReports", "KrunPages", "KrunOutcome", "KrunKafka",
                "KrunConnection", "KrunBroker", "KrunTools", "KrunJSON", "KrunDiagnostics", "KrunSecrets", "CRdKafka",
            ],
            swiftSettings: swiftSettings),
    ]
)
