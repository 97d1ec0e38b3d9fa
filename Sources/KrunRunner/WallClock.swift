#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

package enum WallClock {
    /// What the system's clock says.
    package static func millisecondsSince1970() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
