import KrunKafka

extension KafkaError {
    /// The reason without what only librdkafka's authors can use: states, and how often it was said.
    var plainReason: String {
        reason.replacing(/\ \(after \d+ms in state .*$/, with: "")
    }
}
