import Dispatch

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Waits for Ctrl+C, SIGTERM or SIGHUP, each of which asks for an orderly end; a second one ends the process at once.
///
/// What comes within `echo` of the first is the same one: a program in between, such as timeout(1), passes on what a terminal has
/// sent already.
struct EndSignals {
    static let echo: Duration = .milliseconds(250)

    private let sources: [any DispatchSourceSignal]
    private let arrived: AsyncStream<Void>

    /// From now on these signals end nothing by themselves.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        arrived = stream
        let firstSignal = FirstSignal()
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let previous = signal(number, SIG_IGN)
            // Under nohup the broker is to outlive its terminal.
            if number == SIGHUP, InterruptionSignals.isIgnoring(previous) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if let first = firstSignal.note() {
                    if ContinuousClock.now - first > Self.echo { _exit(ExitCodes.interrupted) }
                    return
                }
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
