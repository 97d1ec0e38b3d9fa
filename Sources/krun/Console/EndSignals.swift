import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Waits for Ctrl+C, SIGTERM or SIGHUP, each of which asks for an orderly end; a second one ends the process at once.
struct EndSignals {
    private let sources: [any DispatchSourceSignal]
    private let arrived: AsyncStream<Void>

    /// From now on these signals end nothing by themselves.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        arrived = stream
        let hasArrived = Flag()
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let previous = signal(number, SIG_IGN)
            // Under nohup the broker is to outlive its terminal.
            if number == SIGHUP, InterruptionSignals.isIgnoring(previous) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if hasArrived.raise() { _exit(ExitCodes.interrupted) }
                continuation.yield()
            }
            source.resume()
            return source
        }
    }

    func wait() async {
        for await _ in arrived { return }
    }
}

/// Whether something happened before.
private final class Flag: Sendable {
    private let isRaised = Atomic(false)

    /// - Returns: whether it was raised already.
    func raise() -> Bool {
        isRaised.exchange(true, ordering: .relaxed)
    }
}
