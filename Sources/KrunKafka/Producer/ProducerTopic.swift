/// A topic as one producer sees it, with its partitioner; keeps the producer's client alive.
public final class ProducerTopic: Sendable {
    public let name: String

    init(name: String) {
        self.name = name
    }
}
