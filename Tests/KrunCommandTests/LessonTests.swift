import Foundation
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The documents that are lessons say what happens: each of their commands is run, and says what stands there.
@Suite(.gated, .timeLimit(.minutes(10)), .serialized)
struct LessonTests {
    static let documents = Fixture.root.deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    @Test func theTwoTerminalLessonIsTrue() async throws {
        try await check("lesson.md")
    }

    private func check(_ name: String) async throws {
        let lesson = Lesson(String(decoding: try Data(contentsOf: Self.documents.appending(path: name)), as: UTF8.self))
        #expect(lesson.strays == [])
        try #require(lesson.steps.count > 10)
        let folder = try TemporaryFolder()
        // Where the lesson's own port may be taken, another one stands for it.
        let port = try LessonTests.freePort()
        let environment = ["KRUN_BROKERS": "localhost:\(port)"]
        var terminals: [String: Terminal] = [:]
        defer { for terminal in terminals.values where terminal.isRunning { terminal.send(SIGKILL) } }
        for (index, step) in lesson.steps.enumerated() {
            let place = "\(name):\(step.line)"
            switch step.action {
            case .run(let command):
                if let before = terminals[step.terminal] {
                    let last = try await before.end()
                    #expect(last.text == "" && last.exitCode == 0, "before \(place): \(last)")
                }
                let asked = command.hasPrefix("krun broker") ? "\(command) --port \(port)" : command
                let isOne = !command.contains("|") && !command.contains(">")
                terminals[step.terminal] = try Terminal(
                    isOne ? asked : "sh -c '\(asked)'", in: folder.url, environment: environment)
            case .interrupt:
                try #require(terminals[step.terminal], "\(place)").send(SIGINT)
            case .goOn: break
            }
            let terminal = try #require(terminals[step.terminal], "\(place): nothing runs there")
            let said: String
            if lesson.staysRunning(index) {
                #expect(!step.saying.contains("…"), "\(place): it is not known where it ends")
                said = try await terminal.read(lines: step.saying.count)
            } else {
                let end = try await terminal.end()
                #expect(end.exitCode == 0, "\(place)")
                said = end.text
                terminals[step.terminal] = nil
            }
            let actual = LessonTests.comparable(
                said.replacing("localhost:\(port)", with: "localhost:9092")
                    .replacing("127.0.0.1:\(port)", with: "127.0.0.1:9092"))
            let expected = LessonTests.comparable(step.saying.map { $0 + "\n" }.joined())
            if !LessonTests.matches(actual, expected) {
                Issue.record("\(place) differs; expected:\n\(expected)\nactual:\n\(actual)")
                return
            }
        }
        for (name, terminal) in terminals {
            Issue.record("\(name) was left running \(terminal.command)")
        }
    }

    /// A line `…` stands for any lines, or none.
    private static func matches(_ actual: String, _ expected: String) -> Bool {
        let parts = expected.components(separatedBy: "\n").split(separator: "…", omittingEmptySubsequences: false)
        var rest = actual.components(separatedBy: "\n")[...]
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let start: Int?
            if index == 0 {
                start = rest.startIndex
            } else if isLast {
                start = rest.endIndex - part.count
            } else {
                start = rest.indices.first { rest[$0...].starts(with: part) }
            }
            guard let start, start >= rest.startIndex, rest[start...].starts(with: part) else { return false }
            rest = rest[(start + part.count)...]
        }
        return rest.isEmpty
    }

    /// The text with what differs from run to run replaced, and without the broker's log, which comes as it comes; records, which have an order only within a partition, are sorted.
    private static func comparable(_ text: String) -> String {
        var lines: [String] = []
        var records: [String] = []
        for line in Volatile.normalised(text.replacing("127.0.0.1:9092", with: "<broker>")).components(
            separatedBy: "\n")
        {
            let line = line.replacingOccurrences(
                of: #""timestamp":\d+"#, with: #""timestamp":<time>"#, options: .regularExpression
            )
            .replacingOccurrences(
                of: "krun-<id>", with: "<member>", options: .regularExpression
            )
            // Which member is given which partitions is chance.
            .replacingOccurrences(
                of: #"^assigned .*(?=\(generation 2\))"#, with: "assigned <some> ", options: .regularExpression
            )
            .replacingOccurrences(
                of: #"^gave up partitions? [\d, ]+:"#, with: "gave up <some>:", options: .regularExpression)
            if line.hasPrefix("<clock>") { continue }
            if line.hasPrefix("partition ") || line.hasPrefix("{\"topic\"") {
                records.append(line)
            } else {
                lines += records.sorted() + [line]
                records = []
            }
        }
        return (lines + records.sorted()).joined(separator: "\n")
    }

    private static func freePort() throws -> Int {
        #if canImport(Darwin)
            let stream = SOCK_STREAM
        #else
            let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = socket(AF_INET, stream, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        try #require(result == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
