import KrunDiagnostics
import KrunJSON
import KrunPatterns
import Testing

@testable import KrunJSONPath

func document(_ text: String) throws(Diagnostics) -> JSONNode {
    try JSONDocument.parse(Array(text.utf8), file: "value.json").root
}

/// What a path selects, as normalized paths with two spaces between them.
func selected(_ path: String, in node: JSONNode) throws -> String {
    try JSONPath(path).nodes(in: node, within: PatternBudget()).map(\.path).joined(separator: "  ")
}

/// A table of lines `path -> what it selects`, for one document. A `-` is nothing.
struct Selection: Sendable, CustomTestStringConvertible {
    let path: String
    let expected: String
    let document: String

    var testDescription: String { path }

    static func table(_ document: String, _ lines: String) -> [Selection] {
        lines.split(separator: "\n").map { line in
            // Of several arrows the last one counts.
            let parts = line.split(separator: " -> ", omittingEmptySubsequences: false)
            let expected = parts.last.map(String.init) ?? ""
            return Selection(
                path: parts.dropLast().joined(separator: " -> "), expected: expected == "-" ? "" : expected,
                document: document)
        }
    }
}
