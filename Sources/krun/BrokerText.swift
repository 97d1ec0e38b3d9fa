import KrunBroker
import KrunReports

/// What `krun broker` says to people, besides its log.
enum BrokerText {
    /// Without a line end.
    static func started(_ options: ClusterOptions, at addresses: String) -> String {
        let brokers = options.brokers == 1 ? "a broker" : "\(options.brokers) brokers"
        let login =
            options.users.isEmpty
            ? ""
            : ", for \(Amounts.count(options.users.count, "user")) who log\(options.users.count == 1 ? "s" : "") in with SASL/PLAIN"
        return "\(brokers) in memory at \(addresses)\(login); Ctrl+C ends it and forgets everything"
    }

    static func ended(after duration: Duration, _ summary: String) -> String {
        "ended after \(Amounts.duration(duration)); forgotten: \(summary)\n"
    }
}
