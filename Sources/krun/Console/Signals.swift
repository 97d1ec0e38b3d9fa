import KrunConnection
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Turns Ctrl+C, SIGTERM and SIGHUP into an `Interruption`; a second one ends the process at once.
///
/// The handlers never wait: not for a lock (for what draws on the terminal 10 ms), and not for a reader who stalls.
struct InterruptionSignals {
    private let signals: HeardSignals

    /// What is said on stderr.
    struct Words: Sendable {
        var first: String
        var second: String

        static let run = Words(
            first: "interrupted: stopping and cleaning up (once more to stop at once)\n",
            second: "interrupted again: stopping at once; `krun clean` finds what was left on a broker\n")
    }

    /// Installs the handlers; they stay until this is released.
    init(_ interruption: Interruption, saying words: Words? = .run) {
        let firstSignal = FirstSignal()
        signals = HeardSignals([SIGINT, SIGTERM, SIGHUP]) { _ in
            if let first = firstSignal.note() {
                guard ContinuousClock.now - first > EndSignals.echo else { return }
                TerminalArea.tell(words?.second ?? "")
                _exit(ExitCodes.interrupted)
            }
            interruption.request()
            Console.hurry()
            if let words { TerminalArea.tell(words.first) }
        }
    }
}

/// Waits for Ctrl+C, SIGTERM or SIGHUP, each of which asks for an orderly end; a second one ends the process at once.
///
/// What comes within `echo` of the first is the same one: a program in between, such as timeout(1), passes on what a terminal has
/// sent already.
struct EndSignals {
    static let echo: Duration = .milliseconds(250)

    private let signals: HeardSignals
    private let arrived: AsyncStream<Void>

    /// From now on these signals end nothing by themselves.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        arrived = stream
        let firstSignal = FirstSignal()
        signals = HeardSignals([SIGINT, SIGTERM, SIGHUP]) { _ in
            if let first = firstSignal.note() {
                if ContinuousClock.now - first > Self.echo { _exit(ExitCodes.interrupted) }
                return
            }
            continuation.yield()
        }
    }

    func wait() async {
        for await _ in arrived { return }
    }
}

/// When the first signal arrived.
final class FirstSignal: Sendable {
    private let arrived = Mutex<ContinuousClock.Instant?>(nil)

    /// - Returns: when the first one arrived; nil when this is the first.
    func note() -> ContinuousClock.Instant? {
        arrived.withLock { arrived in
            defer { arrived = arrived ?? .now }
            return arrived
        }
    }
}
