internal import CRdKafka

/// Messages that a broker did not take and that librdkafka sends again.
///
/// A delivery report says only how it ended for a message, so this is read from librdkafka's log, which tells of each
/// request that failed where `debug` has `msg`; it costs some lines a request, not a message.
public struct ProduceRetry: Hashable, Sendable {
    public let topic: String
    public let partition: Int32
    /// How many messages; of these, some may fail instead, whose `retries` are used up.
    public let messages: Int
    /// The error's name, such as `NOT_ENOUGH_REPLICAS`; nil for a text that belongs to none.
    public let errorName: String?
    /// The error's text, such as `Broker: Not enough in-sync replicas`.
    public let errorReason: String

    /// The context of `debug` that has such lines.
    public static let debugContext = "msg"

    /// Nil for a line that tells of something else.
    public init?(_ line: ClientLog.Line) {
        // [thrd:…]: …: orders [0]: MessageSet with 5 message(s) (MsgId 1, BaseSeq -1) encountered error: … (actions Retry,…)
        guard line.facility == "MSGSET", let failed = line.text.firstRange(of: ") encountered error: "),
            let batch = line.text[..<failed.lowerBound].firstRange(of: "]: MessageSet with "),
            let actions = line.text[failed.upperBound...].firstRange(of: " (actions ")
        else { return nil }
        let names = line.text[actions.upperBound...].prefix { $0 != ")" }.split(separator: ",")
        // To look for the leader again implies to send again.
        guard names.contains("Retry") || names.contains("Refresh") else { return nil }
        let place = line.text[..<batch.lowerBound]
        guard let bracket = place.lastIndex(of: "["), let partition = Int32(place[place.index(after: bracket)...]),
            let messages = Int(line.text[batch.upperBound...].prefix { $0.isNumber })
        else { return nil }
        let topic = place[..<bracket].dropLast()
        self.topic = String(topic.lastIndex(of: " ").map { topic[topic.index(after: $0)...] } ?? topic)
        self.partition = partition
        self.messages = messages
        errorReason = String(line.text[failed.upperBound..<actions.lowerBound])
        errorName = Self.names[errorReason]
    }

    /// Whether a line is there only because of `debugContext`.
    public static func isOfDebugContext(_ line: ClientLog.Line) -> Bool {
        line.level == 7 && facilities.contains(line.facility)
    }

    private static let facilities: Set<String> = [
        "MSGSET", "PRODUCE", "IMPLICITACK", "TIMEOUT", "ERRPID", "ERRSEQ", "DUPSEQ", "UNKPID", "LZ4COMPR", "ZSTD",
        "ZSTDCOMPR",
    ]

    /// The names of librdkafka's errors by their texts.
    private static let names: [String: String] = {
        var descriptions: UnsafePointer<rd_kafka_err_desc>?
        var count = 0
        rd_kafka_get_err_descs(&descriptions, &count)
        return UnsafeBufferPointer(start: descriptions, count: count).reduce(into: [:]) { names, description in
            guard let name = description.name, let text = description.desc else { return }
            names[String(cString: text)] = String(cString: name)
        }
    }()
}
