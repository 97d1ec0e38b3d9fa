import KrunConnection

extension ConnectionTrouble.Words {
    /// For a run.
    static let scenario = ConnectionTrouble.Words(
        budget: "timeouts.connect",
        nothingListens: [
            "nothing listens there: start the broker, or check host and port",
            "without --brokers and KRUN_BROKERS krun runs on its embedded broker",
        ])
}
