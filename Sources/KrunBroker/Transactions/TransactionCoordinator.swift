internal import KrunNames
internal import KrunWire

/// The transaction coordinator of the whole cluster: who may write under a transactional id, and how each transaction ends.
///
/// The server decides which broker answers for which transactional id. Every change is a method that takes the time and returns
/// actions; an answer never waits for markers: EndTxn is answered as soon as the end is decided, as in Kafka, and until the server
/// reports the markers written the next transaction is told CONCURRENT_TRANSACTIONS. Follows Kafka 3.9: the epoch is bumped by
/// InitProducerId and by fencing, not by EndTxn (KIP-890 part 2 came later).
package struct TransactionCoordinator: Sendable {
    package var settings: TransactionSettings {
        didSet {
            if settings != oldValue { for id in transactions.keys { schedule(id) } }
        }
    }
    /// Written into markers; the server raises it when the coordinator moves.
    package var coordinatorEpoch: Int32
    package internal(set) var producerIds: ProducerIdAllocator
    var transactions = NameMap<Transaction>()
    var deadlines = TransactionDeadlines()
    /// How many transactions were begun.
    package internal(set) var transactionsBegun: UInt64 = 0

    package init(
        settings: TransactionSettings = TransactionSettings(), producerIds: ProducerIdAllocator = ProducerIdAllocator(),
        coordinatorEpoch: Int32 = 0
    ) {
        self.settings = settings
        self.producerIds = producerIds
        self.coordinatorEpoch = coordinatorEpoch
    }

    /// When `expire(now:)` has to be called next, in uptime; nil when nothing is awaited.
    package var nextDeadline: Duration? { deadlines.first?.deadline }

    /// How many transactional ids are remembered.
    package var count: Int { transactions.count }

    /// The markers that were asked for and not reported written: to be tried again when a partition came back.
    package var pendingMarkers: [TransactionMarkers] {
        transactions.values.filter(\.state.isPreparing).map { $0.markers(coordinatorEpoch: coordinatorEpoch) }
            .sorted { $0.number < $1.number }
    }

    /// Aborts transactions whose timeout passed, fencing their producers, and forgets transactional ids unused for too long.
    package mutating func expire(now: Now) -> [TransactionAction] {
        var actions: [TransactionAction] = []
        while let (deadline, id) = deadlines.first, deadline <= now.uptime {
            guard let transaction = transactions[id] else {
                deadlines.set(nil, for: id)
                continue
            }
            if transaction.state == .ongoing {
                fence(id, cause: .timedOut, now: now, actions: &actions)
            } else {
                move(id, to: .dead, cause: .expired, now: now, actions: &actions)
                transactions[id] = nil
                deadlines.set(nil, for: id)
            }
        }
        return actions
    }

    /// Drops a deleted topic from every transaction: no marker can be written to it, nor needs to be.
    package mutating func forget(topic: String, now: Now) -> [TransactionAction] {
        var actions: [TransactionAction] = []
        for id in transactions.keys.sorted() {
            guard let transaction = transactions[id], !transaction.partitions.isEmpty else { continue }
            let left = transaction.partitions.filter { $0.topic != topic }
            guard left.count < transaction.partitions.count else { continue }
            transactions[id]?.partitions = left
            completeIfWritten(id, now: now, actions: &actions)
        }
        return actions
    }

    // MARK: Transitions

    /// Ends the ongoing transaction of `id`: the markers are asked for, or, with nothing to mark, it is over.
    mutating func prepare(
        _ id: String, commit: Bool, cause: TransactionEvent.Cause, now: Now, actions: inout [TransactionAction]
    ) {
        move(id, to: commit ? .prepareCommit : .prepareAbort, cause: cause, now: now, actions: &actions)
        if completeIfWritten(id, now: now, actions: &actions) { return }
        if let transaction = transactions[id] {
            actions.append(.writeMarkers(transaction.markers(coordinatorEpoch: coordinatorEpoch)))
        }
    }

    /// Aborts the ongoing transaction of `id` under a new epoch that no producer was given, so that its producer is shut out.
    mutating func fence(
        _ id: String, cause: TransactionEvent.Cause, now: Now, actions: inout [TransactionAction]
    ) {
        guard let epoch = transactions[id]?.producerEpoch else { return }
        transactions[id]?.producerEpoch = epoch < .max ? epoch + 1 : epoch
        transactions[id]?.lastProducerEpoch = -1
        prepare(id, commit: false, cause: cause, now: now, actions: &actions)
    }

    @discardableResult
    mutating func completeIfWritten(_ id: String, now: Now, actions: inout [TransactionAction]) -> Bool {
        guard let transaction = transactions[id], transaction.state.isPreparing, transaction.partitions.isEmpty,
            transaction.groups.isEmpty
        else { return false }
        let state: TransactionState = transaction.state == .prepareCommit ? .completeCommit : .completeAbort
        move(id, to: state, cause: .markersWritten, now: now, actions: &actions)
        return true
    }

    mutating func move(
        _ id: String, to state: TransactionState, cause: TransactionEvent.Cause, now: Now,
        actions: inout [TransactionAction]
    ) {
        guard let old = transactions[id]?.state else { return }
        transactions[id]?.state = state
        transactions[id]?.updated = now.uptime
        schedule(id)
        guard let transaction = transactions[id] else { return }
        actions.append(
            .event(
                TransactionEvent(
                    transactionalId: id, producerId: transaction.producerId, producerEpoch: transaction.producerEpoch,
                    from: old, to: state, cause: cause)))
    }

    mutating func schedule(_ id: String) {
        deadlines.set(transactions[id]?.deadline(settings), for: id)
    }

    /// The error as a client of an older version knows it (protocol guide: PRODUCER_FENCED came later than the requests).
    static func fenced(knownSince version: Int16, asked apiVersion: Int16) -> ErrorCode {
        apiVersion < version ? .invalidProducerEpoch : .producerFenced
    }
}
