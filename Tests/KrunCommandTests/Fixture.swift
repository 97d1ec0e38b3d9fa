import Foundation
import Testing

/// A folder of `Tests/Fixtures`: a command line, the files it is about, and what krun must say, whole.
///
/// - `args`: the arguments, one a line.
/// - `expected.out`, `expected.err`, `exit`: what krun must write, normalised (`Volatile`), and its exit code.
/// - `env`: `NAME=value` lines; without it krun is given no variable of its own.
/// - `stdin`: what krun is given there; without it nothing.
/// - `generate`: a `Recipe`, where an input is too large or too strange to be kept. Then the working directory is a
///   new folder with nothing else in it; otherwise it is the fixture's own.
struct Fixture: Sendable, CustomTestStringConvertible {
    static let root = tests.appending(path: "Fixtures")

    /// The folder of the tests; `KRUN_TEST_ROOT` names the checkout where it is another than the one that was compiled.
    static var tests: URL {
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

    /// The file that is its stdin; nil for none.
    var input: URL? {
        let file = folder.appending(path: "stdin")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
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

/// What differs from run to run, replaced by words in angle brackets.
enum Volatile {
    private static let rules: [(pattern: String, replacement: String)] = [
        (#"127\.0\.0\.1:\d+"#, "127.0.0.1:<port>"),
        (#"(?<=kafka\.invalid:)\d+"#, "<port>"),
        (#"(?<=^| )\d\d:\d\d:\d\d\.\d{3}(?=  )"#, "<clock>"),
        (#"(?<=-)[0-9a-f]{8}…"#, "<id>…"),
        (#"(?<=[a-z0-9]-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"#, "<id>"),
        (#"(?<="port": )\d+"#, "<port>"),
        (#"-krun-[0-9a-z]+-[0-9a-z]{8}"#, "-krun-<run>"),
        (#"^  (Swift|librdkafka|Jansson) +\d+(\.\d+)+$"#, "  $1  <version>"),
        (#"librdkafka \d+(\.\d+)+"#, "librdkafka <version>"),
        (#"(?<=seed )\d+|(?<="seed": )\d+"#, "<seed>"),
        (#"\b\d+ h \d+ min|\b\d+ min \d+ s|<?\b\d+(\.\d+)? (µs|us|ms|s|min|h)\b"#, "<time>"),
        (#""(\w*[dD]uration)": ("[^"]*"|[0-9.eE+-]+)"#, #""$1": <time>"#),
        (#"(?m)^( +)"(p50|p95|p99|max)": "[^"]*"(,?)$"#, #"$1"$2": <time>$3"#),
        (#"(?m)^( +)"rate": \d+,$"#, #"$1"rate": <number>,"#),
        (#"(?<= (?:time|timestamp)=")[^"]*"#, "<time>"),
        (#"(?<=duration_ms: )\d+"#, "<time>"),
        (#"(?m)^( +)"(start|stop)": \d+(,?)$"#, #"$1"$2": <time>$3"#),
        (#"(?<=": ")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z(?=",?$)"#, "<timestamp>"),
    ]

    /// The text with what is volatile replaced; in lines where something was, runs of spaces after the margin become
    /// two, as the padding depends on it.
    static func normalised(_ text: String) -> String {
        text.components(separatedBy: "\n").map { line in
            let replaced = rules.reduce(line) { line, rule in
                line.replacingOccurrences(of: rule.pattern, with: rule.replacement, options: .regularExpression)
            }
            return replaced == line ? line : collapsed(replaced)
        }.joined(separator: "\n")
    }

    private static func collapsed(_ line: String) -> String {
        line.replacingOccurrences(of: #"(?<=\S) {2,}"#, with: "  ", options: .regularExpression)
    }
}

/// A new folder, deleted with its owner.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "krun-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        Self.open(url)
        try? FileManager.default.removeItem(at: url)
    }

    /// A folder that a test closed to everybody cannot be deleted by an ordinary user; links are not followed.
    private static func open(_ folder: URL) {
        let manager = FileManager.default
        guard let attributes = try? manager.attributesOfItem(atPath: folder.path),
            attributes[.type] as? FileAttributeType == .typeDirectory
        else { return }
        try? manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        for name in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? [] { open(folder.appending(path: name)) }
    }
}
