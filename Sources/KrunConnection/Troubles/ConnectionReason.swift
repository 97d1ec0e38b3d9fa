package import KrunKafka

/// Why a connection is not there, in few words.
package enum ConnectionReason {
    private static let known = ["Connection refused", "No route to host", "Network is unreachable", "Connection reset"]

    /// Of the last trouble that a client logged since then; nil where there was none.
    package static func last(in log: ClientLog, since start: ContinuousClock.Instant? = nil) -> String? {
        // Syslog's 3 is an error. The errors that come beside it wait until somebody serves them.
        let lines = log.lines.filter { $0.level <= 3 && (start == nil || $0.at >= start!) }
        return lines.last.map { short($0.text) }
    }

    /// - Parameter text: as librdkafka has it: `[thrd:…]: 127.0.0.1:9092/1: Connect to … failed: Connection refused (after 0ms in …)`.
    static func short(_ text: String) -> String {
        if let words = known.first(where: { text.contains($0) }) { return words.lowercased() }
        if text.contains("timed out") { return "timed out" }
        if text.contains("Failed to resolve") { return "the name is not known" }
        let plain = LogExcerpt.plain(text)
        return plain.firstRange(of: "]: ").map { String(plain[$0.upperBound...]) } ?? plain
    }
}
