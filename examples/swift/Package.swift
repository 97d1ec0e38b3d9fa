// swift-tools-version: 6.2
import PackageDescription

// A service over krun's own client, which is librdkafka with the manners of Swift.
let package = Package(
    name: "kitchen",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "krun", path: "../..")],
    targets: [
        .executableTarget(name: "kitchen", dependencies: [.product(name: "KrunKafka", package: "krun")])
    ]
)
