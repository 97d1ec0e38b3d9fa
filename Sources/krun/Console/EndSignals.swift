import Dispatch

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Waits for Ctrl+C, SIGTERM or SIGHUP, each of which asks for an orderly end.
struct EndSignals {
    private let sources: [any DispatchSourceSignal]
    private let arrived: AsyncStream<Void>

    /// From now on these signals end nothing by themselves.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        arrived = stream
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let previous = signal(number, SIG_IGN)
            // Under nohup the broker is to outlive its terminal.
            if number == SIGHUP, InterruptionSignals.isIgnoring(previous) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    func wait() async {
        for await _ in arrived { return }
    }
}
