internal import KrunWire

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The time at which something is handled, given to every state machine of the broker, so that none of them looks at a clock.
package struct Now: Equatable, Sendable {
    /// Since the cluster started; never goes back. Timeouts are judged by it.
    package var uptime: Duration
    /// Milliseconds since 1970 in UTC, as Kafka's timestamps are.
    package var wallMilliseconds: Int64

    package init(uptime: Duration, wallMilliseconds: Int64) {
        self.uptime = uptime
        self.wallMilliseconds = wallMilliseconds
    }

    /// The same clock, later.
    package func advanced(by duration: Duration) -> Now {
        let (seconds, attoseconds) = duration.components
        return Now(
            uptime: uptime + duration,
            wallMilliseconds: wallMilliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}

/// The system's clock, for record timestamps.
enum SystemClock {
    /// Since 1970 in UTC.
    static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// Text that nobody else has, in the form of a UUID, as Kafka makes member ids with.
enum UniqueText {
    static func make() -> String {
        let digits = (0..<2).map { _ in
            let number = String(UInt64.random(in: 0...(.max)), radix: 16)
            return String(repeating: "0", count: 16 - number.count) + number
        }.joined()
        let cuts = [8, 12, 16, 20, 32]
        var (parts, start) = ([Substring](), digits.startIndex)
        for cut in cuts {
            let end = digits.index(digits.startIndex, offsetBy: cut)
            parts.append(digits[start..<end])
            start = end
        }
        return parts.joined(separator: "-")
    }
}

extension KafkaUUID {
    /// A random UUID (version 4, RFC 9562), but none whose text begins with a dash, which command lines take for an option: so does Kafka.
    static func random() -> KafkaUUID {
        while true {
            let id = KafkaUUID(
                high: UInt64.random(in: 0...(.max)) & ~0xF000 | 0x4000,
                low: UInt64.random(in: 0...(.max)) & ~(0b11 << 62) | 0b10 << 62)
            if !id.description.hasPrefix("-") { return id }
        }
    }
}
