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
