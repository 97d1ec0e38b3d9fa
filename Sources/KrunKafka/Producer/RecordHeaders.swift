/// Headers made ready once for many messages; each message gets librdkafka's copy of them.
public final class RecordHeaders: Sendable {
    public init(_ headers: [RecordHeader]) {
        fatalError("not built yet")
    }
}
