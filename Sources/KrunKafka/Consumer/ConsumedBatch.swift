/// The events of one poll, valid only during the call that hands it out; to be gone through once.
public struct ConsumedBatch: ~Copyable {
    let consumer: Consumer
    let count: Int

    /// Hands out each event in the order in which librdkafka had it; returns how many were no longer this consumer's
    /// to see and so dropped.
    @discardableResult
    public func forEach(_ body: (borrowing ConsumedEvent) -> Void) -> Int {
        count - consumer.handOutBatch(count, body)
    }
}
