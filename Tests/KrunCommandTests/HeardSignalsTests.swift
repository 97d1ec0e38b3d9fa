import Testing

@testable import krun

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct HeardSignalsTests {
    /// libdispatch is told of signals only once somebody listens, which is a little later than it is asked to; and it takes a signal over
    /// from the system for the first listener alone.
    @Test("a signal is heard as soon as somebody listens, for the first time or again", .timeLimit(.minutes(1)))
    func noneIsLost() async {
        for _ in 1...200 {
            let (heard, hears) = AsyncStream.makeStream(of: Int32.self)
            let signals = HeardSignals([SIGWINCH]) { hears.yield($0) }
            kill(getpid(), SIGWINCH)
            var numbers = heard.makeAsyncIterator()
            #expect(await numbers.next() == SIGWINCH)
            withExtendedLifetime(signals) {}
        }
    }
}
