/// What `krun broker` says to people.
enum BrokerText {
    static func started(brokers: Int, at addresses: String) -> String {
        "\(brokers == 1 ? "a broker" : "\(brokers) brokers") in memory at \(addresses); Ctrl+C ends it and forgets everything\n"
    }
}
