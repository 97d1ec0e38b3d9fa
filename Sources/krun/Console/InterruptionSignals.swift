import Dispatch
import KrunConnection

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Turns Ctrl+C, SIGTERM and SIGHUP into an `Interruption`; a second one ends the process at once.
///
/// The handlers never wait: not for a lock, and not for a reader who stalls.
struct InterruptionSignals {
    private let sources: [any DispatchSourceSignal]

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
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            // The default action would end the process before the source is told.
            let previous = signal(number, SIG_IGN)
            // Under nohup the run is to outlive its terminal.
            if number == SIGHUP, InterruptionSignals.isIgnoring(previous) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if let first = firstSignal.note() {
                    guard ContinuousClock.now - first > EndSignals.echo else { return }
                    Console.tell(TerminalLine.start + (words?.second ?? ""))
                    _exit(ExitCodes.interrupted)
                }
                interruption.request()
                Console.hurry()
                if let words { Console.tell(TerminalLine.start + words.first) }
            }
            source.resume()
            return source
        }
    }

    /// Whether a handler that was set before is none but the order to ignore the signal.
    static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        handler.map { unsafeBitCast($0, to: Int.self) } == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
