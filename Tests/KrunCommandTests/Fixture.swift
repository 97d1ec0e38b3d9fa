import Foundation
import Testing

/// A folder of `Tests/Fixtures`: a command line, the files it is about, and what krun must say, whole.
///
/// - `args`: the arguments, one a line.
/// - `expected.out`, `expected.err`, `exit`: what krun must write, normalised (`Volatile`), and its exit code.
/// - `env`: `NAME=value` lines; without it krun is given no variable of its own.
/// - `generate`: a `Recipe`, where an input is too large or too strange to be kept. Then the working directory is a
///   new folder with nothing else in it; otherwise it is the fixture's own.
struct Fixture: Sendable, CustomTestStringConvertible {
    static let root = tests.appending(path: "Fixtures")

    /// The folder of the tests; `KRUN_TEST_ROOT` names the checkout where it is another than the one that was compiled.
    private static var tests: URL {
        if let root = ProcessInfo.processInfo.environment["KRUN_TEST_ROOT"] {
            return URL(filePath: root).appending(path: "Tests")
        }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    }

    /// All of them by name. Never empty: without the folder there is an entry that fails.
    static let all: [Fixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let fixtures = names.filter { !$0.hasPrefix(".") }.sorted().map { Fixture(name: $0) }
        return fixtures.isEmpty ? [Fixture(name: "none-found")] : fixtures
    }()

    struct Unknown: Error {
        let recipe: String
    }

    let name: String

    var testDescription: String { name }

    var folder: URL { Fixture.root.appending(path: name) }

    var recipe: Recipe? {
        get throws {
            guard let name = try text("generate")?.trimmingCharacters(in: .newlines) else { return nil }
            if let recipe = Recipe(rawValue: name) { return recipe }
            throw Unknown(recipe: name)
        }
    }

    /// Whether root would not see what the fixture is about.
    var needsUser: Bool { ((try? recipe) ?? nil)?.needsUser ?? false }

    /// - Throws: when there are none.
    func arguments() throws -> [String] {
        lines(try #require(try text("args"), "\(name) has no args"))
    }

    func environment() throws -> [String: String] {
        let pairs = lines(try text("env") ?? "").map { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
        return Dictionary(pairs) { _, last in last }
    }

    /// The file's text, or nil when it is not there.
    func text(_ file: String) throws -> String? {
        let url = folder.appending(path: file)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }

    /// An empty line is an empty argument; the line break at the end begins no other one.
    private func lines(_ text: String) -> [String] {
        if text.isEmpty { return [] }
        let content = text.hasSuffix("\n") ? String(text.dropLast()) : text
        return content.components(separatedBy: "\n")
    }
}
