import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Signals that end nothing by themselves while this is kept: a handler is told of them, on a queue of its own.
struct HeardSignals {
    private let sources: [any DispatchSourceSignal]

    /// Listens once this returns. None is lost in between: one that came before somebody listens would be, so it waits for that.
    ///
    /// SIGHUP is left out where it was ignored from the beginning.
    ///
    /// - Parameter handler: gets the number of each signal.
    init(_ numbers: [Int32], handler: @escaping @Sendable (Int32) -> Void) {
        let listening = DispatchSemaphore(value: 0)
        sources = numbers.compactMap { number in
            if number == SIGHUP, Self.ignoresHangup { return nil }
            Self.keepFromEnding(number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { handler(number) }
            source.setRegistrationHandler { listening.signal() }
            source.resume()
            return source
        }
        for _ in sources { listening.wait() }
    }

    private static let kept = Mutex<Set<Int32>>([])

    /// The default action would end the process before a source is told.
    ///
    /// Once for each signal: with the first source libdispatch puts a handler of its own in this place, and with no later one.
    private static func keepFromEnding(_ number: Int32) {
        if kept.withLock({ $0.insert(number).inserted }) { signal(number, SIG_IGN) }
    }

    /// Whether SIGHUP was ignored from the beginning, as nohup has it: then krun is to outlive its terminal, and what it starts, too.
    static let ignoresHangup: Bool = {
        let previous = signal(SIGHUP, SIG_IGN)
        signal(SIGHUP, previous)
        return isIgnoring(previous)
    }()

    /// Whether a handler is none but the order to ignore the signal.
    private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        handler.map { unsafeBitCast($0, to: Int.self) } == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
