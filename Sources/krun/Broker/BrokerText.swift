import KrunBroker
import KrunReports

/// What `krun broker` says to people, besides its log.
enum BrokerText {
    /// Without a line end.
    static func started(_ options: ClusterOptions, at addresses: String, isForCommand: Bool) -> String {
        let brokers = options.brokers == 1 ? "a broker" : "\(options.brokers) brokers"
        let login =
            options.users.isEmpty
            ? ""
            : ", for \(Amounts.count(options.users.count, "user")) who log\(options.users.count == 1 ? "s" : "") in with SASL/PLAIN"
        let end = isForCommand ? "it ends with the command" : "Ctrl+C ends it"
        return "\(brokers) in memory at \(addresses)\(login); \(end) and forgets everything"
    }

    /// Where it is controlled, without a line end.
    static func controlled(at address: String) -> String {
        "it is controlled at \(address): `krun step` and http://\(address)"
    }

    static func ended(after duration: Duration, _ summary: String) -> String {
        "ended after \(Amounts.duration(duration)); forgotten: \(summary)\n"
    }
}
