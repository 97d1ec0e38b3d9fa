/// What large messages need, beyond what a producer and a topic take by default.
struct MessageSizes {
    private let largest: Int

    init(_ messages: [RecordedMessage]) {
        largest = messages.reduce(0) { max($0, $1.size + 32 * $1.headers.count) }
    }

    /// With room for what a batch adds, in whole tens of thousands.
    private var needed: Int { (largest + 10_000) / 10_000 * 10_000 + 10_000 }

    /// `message.max.bytes` of the producer, whose default is 1 000 000; nil where that is enough.
    var producerLimit: Int? { needed > 1_000_000 ? needed : nil }

    /// `max.message.bytes` of the topic, whose default is 1 048 588; nil where that is enough.
    var topicLimit: Int? { needed > 1_048_588 ? needed : nil }
}
