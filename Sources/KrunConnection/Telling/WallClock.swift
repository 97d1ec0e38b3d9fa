#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

package enum WallClock {
    /// The local time of day so long ago, such as `12:04:05`.
    static func timeOfDay(before duration: Duration) -> String {
        var seconds = time_t((millisecondsSince1970() - Int64(duration / .milliseconds(1))) / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// What the system's clock says.
    package static func millisecondsSince1970() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
