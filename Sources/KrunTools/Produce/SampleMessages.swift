/// The messages of the first lesson, as in `scenarios/basic.json`.
enum SampleMessages {
    static let all: [(key: String, value: String)] = [
        ("alice", "Hello, Kafka!"),
        ("bob", "Is anybody there?"),
        ("carol", "Three partitions, one topic."),
        ("dave", "The offset is the place in a partition."),
        ("alice", "Goodbye, Kafka!"),
    ]
}
