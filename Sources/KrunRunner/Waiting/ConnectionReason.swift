package import KrunKafka

/// Why a connection is not there, in few words.
package enum ConnectionReason {
    /// Of the last trouble that a client noted; nil where there was none.
    package static func last(in log: ClientLog) -> String? {
        log.errors.last { $0.name != "_ALL_BROKERS_DOWN" }.map(short)
    }

    package static func short(_ error: KafkaError) -> String {
        let reason = error.plainReason
        for words in ["Connection refused", "No route to host", "Network is unreachable"] where reason.contains(words) {
            return words.lowercased()
        }
        if error.isTimeout || reason.contains("timed out") { return "timed out" }
        if error.name == "_RESOLVE" { return "the name is not known" }
        return reason
    }
}
