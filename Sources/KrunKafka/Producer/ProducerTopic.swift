internal import CRdKafka

/// A topic as one producer sees it, with its partitioner; keeps the producer's client alive.
public final class ProducerTopic: Sendable {
    public let name: String
    let object: CObject

    init(name: String, object: CObject) {
        self.name = name
        self.object = object
    }

    var pointer: OpaquePointer { object.pointer }
}
