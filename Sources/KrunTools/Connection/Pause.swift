#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Waiting for nothing but time, on a thread of our own.
enum Pause {
    /// Blocks for so long, below a second.
    static func block(_ duration: Duration) {
        usleep(UInt32(max(0, min(999_999, duration / .microseconds(1)))))
    }
}
