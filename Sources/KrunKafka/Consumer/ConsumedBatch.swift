/// The events of one poll, valid only during the call that hands it out.
///
/// They can be gone through once; those of a batch that nobody goes through are dropped, and not handed out again.
public struct ConsumedBatch: ~Copyable {
    let consumer: Consumer

    /// Hands out each event in the order in which librdkafka had it; returns how many were no longer this consumer's
    /// to see and so dropped. A second time there are none.
    @discardableResult
    public func forEach(_ body: (borrowing ConsumedEvent) -> Void) -> Int {
        consumer.handOutBatch(body)
    }
}
