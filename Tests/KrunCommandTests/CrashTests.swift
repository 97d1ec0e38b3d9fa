import Foundation
import Testing

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
