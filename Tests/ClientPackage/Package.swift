// swift-tools-version: 6.2
import PackageDescription

// A package that uses krun as its users do. Its own target is called Runner, which must not collide with a target of krun.
let package = Package(
    name: "ClientPackage",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "krun", path: "../..")
    ],
    targets: [
        .target(name: "Runner"),
        .testTarget(
            name: "RunnerTests",
            dependencies: [
                "Runner", .product(name: "KrunKit", package: "krun"), .product(name: "KrunBroker", package: "krun"),
            ],
            resources: [.copy("Scenarios")]),
    ]
)
