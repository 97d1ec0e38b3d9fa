internal import CRdKafka

/// The strings of Kafka's protocol, whose length is a signed 16-bit number.
enum ProtocolString {
    static let maximumBytes = 32767

    /// Throws for a string that cannot be sent: brokers close the connection, and all one sees is that time is up.
    /// The string itself is not in the error.
    static func check(_ string: String, _ what: String, _ activity: @autoclosure () -> String) throws(KafkaError) {
        let count = string.utf8.count
        guard count > maximumBytes else { return }
        try KafkaError.fail(
            RD_KAFKA_RESP_ERR__INVALID_ARG, activity(),
            reason: "\(what) has \(count) bytes, and Kafka takes \(maximumBytes) at most")
    }

    static func check(topics: some Sequence<String>, _ activity: String) throws(KafkaError) {
        for topic in topics { try check(topic, "the name of a topic", activity) }
    }

    static func check(groups: some Sequence<String>, _ activity: String) throws(KafkaError) {
        for group in groups { try check(group, "the name of a group", activity) }
    }
}
