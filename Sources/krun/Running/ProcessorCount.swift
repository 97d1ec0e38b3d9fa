#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How many processors this process may use: those of the machine, or what its container was given of them.
enum ProcessorCount {
    static var available: Int {
        let machine = ProcessInfo.processInfo.activeProcessorCount
        // A container sees its own limit at the root of what it sees of control groups.
        let quota =
            quota(unified: text("/sys/fs/cgroup/cpu.max"))
            ?? quota(
                microseconds: text("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
                period: text("/sys/fs/cgroup/cpu/cpu.cfs_period_us"))
        return max(1, min(machine, quota ?? machine))
    }

    /// What `cpu.max` says, such as `150000 100000`, rounded up; nil for no limit.
    static func quota(unified text: String?) -> Int? {
        let parts = (text ?? "").split(whereSeparator: \.isWhitespace)
        guard parts.count == 2 else { return nil }
        return quota(microseconds: String(parts[0]), period: String(parts[1]))
    }

    /// The same where each number has a file of its own; nil for no limit, which is `max` or -1.
    static func quota(microseconds: String?, period: String?) -> Int? {
        func number(_ text: String?) -> Int? { Int((text ?? "").filter { !$0.isWhitespace }) }
        guard let quota = number(microseconds), let period = number(period), quota > 0, period > 0 else { return nil }
        return (quota - 1) / period + 1
    }

    private static func text(_ path: String) -> String? {
        (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
    }
}
