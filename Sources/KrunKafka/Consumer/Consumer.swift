/// Reads records, as a member of a group or by assignment; every call belongs on one thread, where it was made.
///
/// It hands out only records of partitions it owns, and each offset once: what librdkafka still delivers from before a
/// rebalance is dropped. Commit the positions from here (`enable.auto.commit` and `enable.auto.offset.store` false):
/// librdkafka stores offsets of records that are dropped here.
/// When the last reference goes without `close`, the group is not told and waits for the session to end.
public final class Consumer {
    /// Whether partitions assigned from now on wait for `resume`.
    public var startsPaused = false

    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    public init(properties: ClientProperties, log: ClientLog) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Joins the group for these topics; partitions come and go while polling. The delegate is kept until `close`.
    public func subscribe(_ topics: [String], delegate: any ConsumerDelegate) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Reads these partitions from these offsets, without a group; replaces what was assigned.
    public func assign(_ partitions: [TopicPartitionOffset]) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Stops reading partitions until `resume`; between polls only.
    public func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Goes on reading paused partitions; those that are not paused are left alone. Between polls only.
    public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Waits at most `timeout` for one event and hands it out; returns how many came, 0 or 1.
    ///
    /// Returns early with 0 when a rebalance was served or a record dropped.
    public func pollOne(timeout: Duration, body: (borrowing ConsumedEvent) -> Void) -> Int {
        fatalError("not built yet")
    }

    /// Waits at most `timeout` for a first event, then hands out what is there, at most `max`; returns how many.
    public func pollBatch(max: Int, timeout: Duration, body: (borrowing ConsumedEvent) -> Void) -> Int {
        fatalError("not built yet")
    }

    /// The partitions owned now, each with the next offset to be handed out; one of `LogicalOffset` while that is not known.
    public var owned: [TopicPartition: Int64] { fatalError("not built yet") }

    /// The name the group's coordinator gave this member; nil before it joined.
    public var memberID: String? { fatalError("not built yet") }

    /// The group's generation as this member knows it; −1 before it joined.
    public var generation: Int32 { fatalError("not built yet") }

    /// What the group committed for these partitions; nil where it committed nothing.
    public func committed(_ partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [TopicPartition:
        Int64?]
    {
        fatalError("not built yet")
    }

    /// Commits offsets (the next ones to be read) and waits for the answer; throws the first partition's error.
    public func commit(_ offsets: [TopicPartitionOffset], timeout: Duration) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Leaves the group, after the delegate was told of the revoked partitions; false when the deadline passed first.
    /// Nothing else may be called afterwards.
    @discardableResult
    public func close(timeout: Duration) -> Bool {
        fatalError("not built yet")
    }
}

@available(*, unavailable)
extension Consumer: Sendable {}
