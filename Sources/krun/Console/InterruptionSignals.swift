import Dispatch
import KrunRunner

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Turns Ctrl+C and SIGTERM into an `Interruption`; a second one ends the process at once.
struct InterruptionSignals {
    private let sources: [any DispatchSourceSignal]

    /// Installs the handlers; they stay until the process ends.
    init(_ interruption: Interruption) {
        sources = [SIGINT, SIGTERM].map { number in
            // The default action would end the process before the source is told.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if interruption.isRequested {
                    Console.writeError(
                        "interrupted again: stopping at once; `krun clean` finds what was left on a broker\n")
                    Console.exit(ExitCodes.interrupted)
                }
                interruption.request()
                Console.writeError("interrupted: stopping and cleaning up (once more to stop at once)\n")
            }
            source.resume()
            return source
        }
    }
}
