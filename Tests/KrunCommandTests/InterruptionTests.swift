import Dispatch
import Foundation
import Testing

/// A krun whose reader stalls can still be ended.
@Suite(.gated, .timeLimit(.minutes(10)))
struct InterruptionTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aStalledReaderKeepsNothingFromEnding(_ number: Int32) async throws {
        let folder = try TemporaryFolder()
        // Says more than a pipe holds.
        try Recipe.manyErrors.make(in: folder.url)
        let process = Process()
        process.executableURL = try CommandRun.executable()
        process.arguments = Array(repeating: "scenario.json", count: 4)
        process.currentDirectoryURL = folder.url
        process.environment = CommandRun.surroundings()
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let error = folder.url.appending(path: "err")
        try Data().write(to: error)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: error)
        let (ends, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
        try process.run()

        // What is in the pipe shows that krun runs, and has its handlers.
        try #require(await output.hasSomething(within: .seconds(30)))
        kill(process.processIdentifier, number)
        for await _ in ends {}
        if process.isRunning {
            // The time limit was reached.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(process.terminationStatus == 130)
        #expect(process.terminationReason == .exit)
        #expect(
            try String(contentsOf: error, encoding: .utf8)
                == "interrupted: stopping and cleaning up (once more to stop at once)\n")
        withExtendedLifetime((folder, output)) {}
    }
}

/// A krun that crashes says so in a line, and ends at once, also where Swift's backtraces are wanted, which take minutes.
@Suite(.gated, .timeLimit(.minutes(10)))
struct CrashTests {
    static let signals: [(name: String, number: Int32)] = [
        ("SIGABRT", SIGABRT), ("SIGSEGV", SIGSEGV), ("SIGILL", SIGILL), ("SIGTRAP", SIGTRAP), ("SIGBUS", SIGBUS),
        ("SIGFPE", SIGFPE),
    ]

    @Test(arguments: signals.indices) func itEndsAtOnce(_ index: Int) async throws {
        let folder = try TemporaryFolder()
        let broker = try Terminal(
            "krun broker --port 0", in: folder.url, environment: ["SWIFT_BACKTRACE": "enable=yes,interactive=no"])
        _ = try await broker.read(until: "Ctrl+C ends it")
        broker.send(Self.signals[index].number)
        let start = ContinuousClock.now
        let (text, code) = try await broker.end()
        #expect(start.duration(to: .now) < .seconds(3))
        #expect(
            text
                == "error: krun crashed (\(Self.signals[index].name)): that is a mistake of krun's, or of a library that it uses\n"
        )
        #expect(code == Self.signals[index].number)
    }
}
