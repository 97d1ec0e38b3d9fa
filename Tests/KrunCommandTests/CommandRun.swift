import Dispatch
import Foundation
import Testing

/// One run of the built krun.
struct CommandRun: Sendable {
    let output: String
    let error: String
    let exitCode: Int32
    let duration: Duration

    /// Runs krun and waits, without holding a thread, until it ends.
    ///
    /// Stdin is empty; of the surroundings' variables it gets none that could change what it says.
    /// - Parameter deadline: when it is ended by force; its exit code is then a signal's.
    static func krun(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: URL? = nil,
        deadline: Duration = .seconds(50)
    ) async throws -> CommandRun {
        try await run(
            executable(), arguments, in: folder, environment: environment, input: input, deadline: deadline)
    }

    /// Runs any program in the same way.
    static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String] = [:],
        input: URL? = nil, deadline: Duration = .seconds(50)
    ) async throws -> CommandRun {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = surroundings().merging(environment) { _, own in own }
        let standardInput = try input.map { try FileHandle(forReadingFrom: $0) }
        defer { try? standardInput?.close() }
        process.standardInput = standardInput ?? FileHandle.nullDevice
        // Files, for a full pipe would need a reader.
        let (output, error) = (scratch.url.appending(path: "out"), scratch.url.appending(path: "err"))
        let files = (output: try emptyFile(output), error: try emptyFile(error))
        (process.standardOutput, process.standardError) = (files.output, files.error)
        // A process that has ended keeps them open, and where so many are open that one look at a folder does not list them all,
        // Foundation copies an entry of it beyond its end to start the next.
        defer {
            try? files.output.close()
            try? files.error.close()
        }

        let start = ContinuousClock.now
        let end = try await run(process, deadline: deadline)
        return CommandRun(
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: error), as: UTF8.self),
            exitCode: process.terminationStatus, duration: start.duration(to: end))
    }

    /// Returns when it ended.
    private static func run(_ process: Process, deadline: Duration) async throws -> ContinuousClock.Instant {
        let watchdog = DispatchSource.makeTimerSource(queue: .global())
        watchdog.schedule(deadline: .now() + .milliseconds(Int(deadline / .milliseconds(1))))
        defer { watchdog.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume(returning: ContinuousClock.now) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                // A source that was never resumed must not be released.
                watchdog.resume()
                continuation.resume(throwing: error)
                return
            }
            let identifier = process.processIdentifier
            watchdog.setEventHandler { kill(identifier, SIGKILL) }
            watchdog.resume()
        }
    }

    private static func emptyFile(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    /// The variables that a krun is given, without those that change what it says.
    static func surroundings() -> [String: String] {
        let dropped: Set<String> = ["NO_COLOR", "COLUMNS", "LINES", "TERM", "LANG", "LANGUAGE"]
        let kept = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("KRUN_") && !name.hasPrefix("LC_") && !dropped.contains(name)
        }
        // Should it crash, its exit code tells; the pages of a backtrace would take seconds.
        return kept.merging(["SWIFT_BACKTRACE": "enable=no", "XDG_STATE_HOME": state]) { _, own in own }
    }

    /// Where it keeps what did not pass: not where whoever runs the tests does, and gone with them.
    private static let state: String = {
        atexit { try? FileManager.default.removeItem(atPath: CommandRun.state) }
        return FileManager.default.temporaryDirectory.appending(
            path: "krun-test-state-\(ProcessInfo.processInfo.processIdentifier)"
        ).path
    }()

    /// The executable that was built with this test: beside the test bundle, in which macOS has more folders.
    static func executable() throws -> URL {
        if let named = ProcessInfo.processInfo.environment["KRUN_TEST_PROGRAM"] {
            let program = URL(filePath: named)
            try #require(
                FileManager.default.isExecutableFile(atPath: program.path),
                "KRUN_TEST_PROGRAM names no program: \(named)")
            return program
        }
        final class Marker {}
        #if canImport(Darwin)
            var folder = Bundle(for: Marker.self).bundleURL
        #else
            var folder = Bundle.main.bundleURL
        #endif
        for _ in 0..<5 {
            let candidate = folder.appending(path: "krun")
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue,
                FileManager.default.isExecutableFile(atPath: candidate.path)
            {
                return candidate
            }
            folder = folder.deletingLastPathComponent()
        }
        return try #require(nil as URL?, "the krun that was built is not near \(Bundle.main.bundleURL.path)")
    }
}

extension Pipe {
    /// Whether there is something to read, or the end, within this time. Blocks none of the few threads that all tests share.
    func hasSomething(within patience: Duration) async -> Bool {
        let descriptor = fileHandleForReading.fileDescriptor
        let milliseconds = Int32(patience / .milliseconds(1))
        return await withCheckedContinuation { continuation in
            DispatchQueue(label: "readiness").async {
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                continuation.resume(returning: poll(&request, 1, milliseconds) == 1)
            }
        }
    }
}
