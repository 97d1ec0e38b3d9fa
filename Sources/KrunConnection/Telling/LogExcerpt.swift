package import KrunKafka

/// What of librdkafka's log is worth showing around a failure.
package enum LogExcerpt {
    private static let limit = 10

    /// The last warnings and errors, each said once.
    package static func text(of lines: [ClientLog.Line]) -> [String] {
        var seen: Set<String> = []
        // Syslog's 4 is a warning. CONFWARN says that a property is for the other kind of client; -X is for both.
        return lines.filter { $0.level <= 4 && $0.facility != "CONFWARN" }
            .map { "\($0.facility): \(plain($0.text))" }
            .filter { seen.insert($0).inserted }
            .suffix(limit)
    }

    /// A text without what only librdkafka's authors can use: states, and how often it was said.
    package static func plain(_ text: String) -> String {
        text.replacing(/\ \(after \d+ms in state .*$/, with: "")
    }
}

extension KafkaError {
    package var plainReason: String { LogExcerpt.plain(reason) }
}
