import Testing

@testable import krun

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct HeardSignalsTests {
    /// libdispatch is told of signals only once somebody listens, which is a little later than it is asked to.
    @Test("a signal that comes as soon as somebody listens is heard", .timeLimit(.minutes(1)))
    func noneIsLost() async {
        for _ in 1...200 {
            let (heard, hears) = AsyncStream.makeStream(of: Int32.self)
            let signals = HeardSignals([SIGWINCH]) { hears.yield($0) }
            kill(getpid(), SIGWINCH)
            var numbers = heard.makeAsyncIterator()
            #expect(await numbers.next() == SIGWINCH)
            withExtendedLifetime(signals) {}
        }
        signal(SIGWINCH, SIG_DFL)
    }
}
