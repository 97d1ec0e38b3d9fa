import Foundation
import KrunJSON
import KrunPatterns
import Testing

@testable import KrunJSONPath

/// The compliance test suite of JSONPath, which is not part of this repository.
@Suite(
    .enabled(
        if: ComplianceSuite.path != nil,
        "the compliance suite is not here: KRUN_JSONPATH_CTS names its cts.json"),
    .timeLimit(.minutes(1)))
struct ComplianceTests {
    @Test func allOfIt() throws {
        let cases = try ComplianceSuite.cases()
        #expect(cases.count > 600)
        for test in cases {
            let selector = ComplianceSuite.text(test["selector"]!)
            let name = Comment(rawValue: "\(test["name"]!.string!): \(selector)")
            if test["invalid_selector"]?.boolean == true {
                #expect(throws: JSONPathFault.self, name) { try JSONPath(selector) }
                continue
            }
            let path = try #require(try? JSONPath(selector), name)
            let nodes = try path.nodes(in: test["document"]!, within: PatternBudget())
            // One of several orders is as good as another.
            let results = test["results"]?.elements ?? [test["result"]!]
            let paths = test["results_paths"]?.elements ?? [test["result_paths"]!]
            let isRight = zip(results, paths).contains { results, paths in
                results.count == nodes.count
                    && zip(results.elements, nodes).allSatisfy { JSONNode.isEqual($0, $1.node) }
                    && paths.elements.map { ComplianceSuite.text($0) } == nodes.map(\.path)
            }
            #expect(isRight, name)
            let first = try path.first(in: test["document"]!, within: PatternBudget())
            #expect(first?.id == nodes.first?.node.id, name)
        }
    }
}

enum ComplianceSuite {
    /// Where its file is; nil where it is not.
    static let path: String? = {
        if let named = ProcessInfo.processInfo.environment["KRUN_JSONPATH_CTS"] { return named }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appending(path: "../shared/data/jsonpath-cts.json").path
        return FileManager.default.isReadableFile(atPath: path) ? path : nil
    }()

    /// Stands for a NUL, of which krun reads no escape.
    private static let nul = "\u{F8F0}"

    static func cases() throws -> [JSONNode] {
        let text = try String(contentsOfFile: path ?? "", encoding: .utf8)
        try #require(!text.contains(nul) && !text.contains("\\\\u0000"))
        return try document(text.replacingOccurrences(of: "\\u0000", with: nul))["tests"]?.elements ?? []
    }

    static func text(_ node: JSONNode) -> String {
        node.string?.replacingOccurrences(of: nul, with: "\0") ?? ""
    }
}
