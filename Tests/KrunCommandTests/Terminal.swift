import Dispatch
import Foundation
import Synchronization
import Testing

/// A command that runs while a test looks at what it says, stdout and stderr in the order in which they come.
final class Terminal: Sendable {
    private struct State {
        /// What has not been read by the test yet.
        var text = ""
        var isClosed = false
    }

    private final class Said: Sendable {
        private let state = Mutex(State())

        func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
            state.withLock { body(&$0) }
        }
    }

    struct Silent: Error, CustomStringConvertible {
        let command: String
        let wanted: String
        let said: String

        var description: String { "\(command) did not say \(wanted) in time; since then it said:\n\(said)" }
    }

    let command: String
    private let process: Process
    private let state = Said()
    private let pipe = Pipe()

    /// Starts `sh -c command`, with the built krun first in the search path.
    init(_ command: String, in folder: URL, environment: [String: String] = [:], input: Pipe? = nil) throws {
        self.command = command
        process = Process()
        let programs = try CommandRun.executable().deletingLastPathComponent().path
        process.executableURL = URL(filePath: "/bin/sh")
        // The shell becomes the command, so that a signal reaches it.
        process.arguments = ["-c", "exec \(command)"]
        process.currentDirectoryURL = folder
        process.environment = CommandRun.surroundings().merging(environment) { _, own in own }
            .merging(["PATH": "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"]) { $1 }
        if let input { process.standardInput = input } else { process.standardInput = FileHandle.nullDevice }
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        // A thread of its own: reading blocks.
        Thread.detachNewThread { [pipe, state] in
            while true {
                let data = pipe.fileHandleForReading.availableData
                state.withLock { state in
                    state.text += String(decoding: data, as: UTF8.self)
                    state.isClosed = data.isEmpty
                }
                if data.isEmpty { return }
            }
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// What it said since the last reading, up to and with the line that has `wanted` in it.
    func read(until wanted: String, within patience: Duration = .seconds(40)) async throws -> String {
        try await take("\"\(wanted)\"", within: patience) { state in
            guard let found = state.text.range(of: wanted),
                let end = state.text.range(of: "\n", range: found.upperBound..<state.text.endIndex)
            else { return nil }
            defer { state.text = String(state.text[end.upperBound...]) }
            return String(state.text[..<end.upperBound])
        }
    }

    /// So many lines that it said since the last reading, once they are there.
    func read(lines count: Int, within patience: Duration = .seconds(40)) async throws -> String {
        try await take("\(count) lines", within: patience) { state in
            var end = state.text.startIndex
            for _ in 0..<count {
                guard let next = state.text.range(of: "\n", range: end..<state.text.endIndex) else { return nil }
                end = next.upperBound
            }
            defer { state.text = String(state.text[end...]) }
            return String(state.text[..<end])
        }
    }

    /// All that it said since the last reading, once it has ended, and its exit code.
    func end(within patience: Duration = .seconds(40)) async throws -> (text: String, exitCode: Int32) {
        let text = try await take("its last words", within: patience) { state in
            guard state.isClosed else { return nil }
            defer { state.text = "" }
            return state.text
        }
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }

    /// What it said since the last reading, without waiting and without taking it.
    var unread: String { state.withLock { $0.text } }

    private func take(
        _ wanted: String, within patience: Duration, _ body: @Sendable (inout State) -> String?
    ) async throws -> String {
        let deadline = ContinuousClock.now + patience
        while true {
            if let text = state.withLock({ body(&$0) }) { return text }
            guard ContinuousClock.now < deadline else {
                throw Silent(command: command, wanted: wanted, said: unread)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
