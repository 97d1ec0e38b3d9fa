#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A moment at which waiting ends, for calls made of several that each take a timeout.
struct Deadline: Sendable {
    let instant: ContinuousClock.Instant

    init(after timeout: Duration) {
        instant = .now + timeout
    }

    /// Never negative.
    var remaining: Duration { max(.zero, instant - .now) }

    var hasPassed: Bool { instant <= .now }

    /// Blocks for so long between two attempts, but not beyond the deadline.
    func pause(_ duration: Duration) {
        usleep(UInt32(min(duration, remaining).timeoutMilliseconds) * 1000)
    }
}

extension Duration {
    /// For librdkafka's timeouts: rounded up so that a short wait is not a busy one, never negative (which is for ever there).
    var timeoutMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard self > .zero else { return 0 }
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
