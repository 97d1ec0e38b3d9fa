internal import CRdKafka

/// What a group's coordinator knows a member by at one moment: the group, the member's id and the generation.
public final class GroupMetadata: Sendable {
    fileprivate let object: CObject

    init(_ pointer: OpaquePointer) {
        object = CObject(pointer, keeping: nil) { rd_kafka_consumer_group_metadata_destroy($0) }
    }
}

/// Transactions of a producer that was made with `transactional.id`.
///
/// What blocks in librdkafka is asked in short attempts, of which each goes on where the one before it ended, so that the client's `isOver`
/// is looked at meanwhile: once it is true, an error is thrown whose `isCancelled` is true. An error says by `isFatal` that the producer can
/// do nothing any more, as after it was fenced, and by `requiresAbort` that its transaction can only be aborted.
extension Producer {
    private static let attempt = Duration.milliseconds(500)

    /// Makes this producer the only one with its `transactional.id`: an older one is fenced, and its open transaction aborted. To be
    /// called once, before the first transaction; it may be called again after it was given up.
    public func initTransactions(timeout: Duration) throws(KafkaError) {
        try attempting("getting ready for transactions", timeout) { rd_kafka_init_transactions($0, $1) }
    }

    /// What is sent from now on belongs to a transaction. The cluster is not asked.
    public func beginTransaction() throws(KafkaError) {
        try KafkaError.check(consuming: rd_kafka_begin_transaction(client.pointer), "beginning a transaction")
    }

    /// Commits offsets (the next ones to be read) for a member's group with the open transaction; they count once that is committed.
    ///
    /// Logical offsets are left out. Throws, too, where the group's coordinator does not know the member by this metadata any more.
    public func sendOffsets(
        _ offsets: [TopicPartitionOffset], of member: GroupMetadata, timeout: Duration
    ) throws(KafkaError) {
        try attempting("putting offsets into a transaction", timeout) { pointer, milliseconds in
            let list = PartitionList(offsets)
            return rd_kafka_send_offsets_to_transaction(pointer, list.pointer, member.object.pointer, milliseconds)
        }
    }

    /// Commits the open transaction, once all that was sent in it has been acknowledged.
    ///
    /// - Parameter serving: called now and then on this thread, to serve delivery reports: without that there is no end.
    public func commitTransaction(timeout: Duration, serving: () -> Void = {}) throws(KafkaError) {
        try attempting("committing a transaction", timeout, meanwhile: serving) { rd_kafka_commit_transaction($0, $1) }
    }

    /// Aborts the open transaction; what was not acknowledged yet is given up.
    ///
    /// A commit that was given up before it was over is brought to its end first, and is then all there is to do.
    ///
    /// - Parameter serving: as in `commitTransaction`.
    public func abortTransaction(timeout: Duration, serving: () -> Void = {}) throws(KafkaError) {
        let deadline = CallDeadline(after: timeout)
        do {
            try attempting("aborting a transaction", timeout, meanwhile: serving, givesUpConflicts: true) {
                rd_kafka_abort_transaction($0, $1)
            }
        } catch  where error.code == RD_KAFKA_RESP_ERR__CONFLICT.rawValue {
            do {
                try commitTransaction(timeout: deadline.remaining, serving: serving)
            } catch  where error.requiresAbort {
                try attempting("aborting a transaction", deadline.remaining, meanwhile: serving) {
                    rd_kafka_abort_transaction($0, $1)
                }
            }
        }
    }

    /// Why this producer can do nothing any more; nil while it can.
    public var fatalError: KafkaError? {
        let (code, text) = withErrorText { text, size in rd_kafka_fatal_error(client.pointer, text, size) }
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(
            code: code.rawValue, activity: "producing", reason: client.sink.clean(text), isFatal: true)
    }

    /// Calls librdkafka until it is done, something else than time is wrong, or the deadline has passed.
    ///
    /// - Parameter givesUpConflicts: whether that another call has to be brought to its end first is an error.
    private func attempting(
        _ activity: String, _ timeout: Duration, meanwhile: () -> Void = {}, givesUpConflicts: Bool = false,
        _ call: @escaping @Sendable (_ client: OpaquePointer, _ milliseconds: Int32) -> OpaquePointer?
    ) throws(KafkaError) {
        let deadline = CallDeadline(after: timeout)
        let client = client
        while true {
            let milliseconds = min(deadline.remaining, Self.attempt).timeoutMilliseconds
            do throws(KafkaError) {
                return try LongCall.run(activity: activity) { () throws(KafkaError) in
                    meanwhile()
                    try client.checkOver(activity)
                } _: { () throws(KafkaError) in
                    try KafkaError.check(consuming: call(client.pointer, milliseconds), activity)
                }
            } catch {
                let isConflict = error.code == RD_KAFKA_RESP_ERR__CONFLICT.rawValue
                guard error.isRetriable, !error.isFatal, !error.requiresAbort, !deadline.hasPassed,
                    !(isConflict && givesUpConflicts)
                else { throw error }
            }
            meanwhile()
            // A refusal may come at once.
            try client.pause(.milliseconds(20), until: deadline, activity: activity)
        }
    }
}
