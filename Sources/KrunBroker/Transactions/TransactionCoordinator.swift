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
    /// When something is due for a transactional id.
    var deadlines = DeadlineQueue<ExactName>()
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
    package var nextDeadline: Duration? { deadlines.next }

    /// The markers that were asked for and not reported written: to be tried again when a partition came back.
    package var pendingMarkers: [TransactionMarkers] {
        transactions.values.filter(\.state.isPreparing).map { $0.markers(coordinatorEpoch: coordinatorEpoch) }
            .sorted { $0.number < $1.number }
    }

    /// Aborts transactions whose timeout passed, fencing their producers, and forgets transactional ids unused for too long.
    package mutating func expire(now: Now) -> [TransactionAction] {
        var actions: [TransactionAction] = []
        while let id = deadlines.popDue(at: now.uptime)?.text {
            guard let transaction = transactions[id] else { continue }
            if transaction.state == .ongoing {
                fence(id, cause: .timedOut, now: now, actions: &actions)
            } else {
                move(id, to: .dead, cause: .expired, now: now, actions: &actions)
                transactions[id] = nil
                deadlines.remove(ExactName(id))
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
        deadlines.set(ExactName(id), to: transactions[id]?.deadline(settings))
    }

    /// The error as a client of an older version knows it (protocol guide: PRODUCER_FENCED came later than the requests).
    static func fenced(knownSince version: Int16, asked apiVersion: Int16) -> ErrorCode {
        apiVersion < version ? .invalidProducerEpoch : .producerFenced
    }
}

// MARK: - Init producer id

extension TransactionCoordinator {
    /// Gives a producer its id and epoch (protocol guide, InitProducerId v0 to v5; KIP-98, KIP-360).
    ///
    /// An ongoing transaction of the same transactional id is aborted first, and the producer told CONCURRENT_TRANSACTIONS until it
    /// asks again after the markers are written.
    /// - Parameters:
    ///   - transactionalId: nil for a producer that is idempotent only: it always gets a new producer id.
    ///   - producerId: what the producer holds and wants bumped, with its epoch; both -1 when it starts anew.
    package mutating func initProducerId(
        transactionalId: String?, timeoutMilliseconds: Int32, producerId: Int64 = -1, producerEpoch: Int16 = -1,
        apiVersion: Int16, now: Now
    ) -> InitProducerIdAnswer {
        guard (producerId == -1) == (producerEpoch == -1) else {
            return InitProducerIdAnswer(errorCode: .invalidRequest)
        }
        guard let id = transactionalId else {
            return InitProducerIdAnswer(errorCode: .none, producerId: producerIds.allocate(), producerEpoch: 0)
        }
        if id.isEmpty { return InitProducerIdAnswer(errorCode: .invalidRequest) }
        guard timeoutMilliseconds > 0, timeoutMilliseconds <= settings.maximumTimeoutMilliseconds else {
            return InitProducerIdAnswer(errorCode: .invalidTransactionTimeout)
        }
        let held: Held? = producerId == -1 ? nil : (producerId, producerEpoch)
        let known =
            transactions[id]
            ?? Transaction(
                transactionalId: id, producerId: producerIds.allocate(), timeoutMilliseconds: timeoutMilliseconds)
        let fenced = InitProducerIdAnswer(errorCode: Self.fenced(knownSince: 4, asked: apiVersion))
        guard known.admits(held) else { return fenced }

        var answer = InitProducerIdAnswer(errorCode: .concurrentTransactions)
        switch known.state {
        case .prepareCommit, .prepareAbort, .dead, .prepareEpochFence:
            return answer
        case .ongoing:
            fence(id, cause: .fenced, now: now, actions: &answer.actions)
            return answer
        case .empty, .completeCommit, .completeAbort:
            var next = known
            if let bumped = known.bumped(held?.epoch) {
                (next.producerEpoch, next.lastProducerEpoch) = bumped
            } else if known.isEpochExhausted, held.map({ $0.epoch == known.producerEpoch }) ?? true {
                next.producerId = producerIds.allocate()
                next.producerEpoch = 0
                next.lastProducerEpoch = held == nil ? -1 : known.producerEpoch
            } else {
                return fenced
            }
            next.previousProducerId = known.producerId
            next.timeoutMilliseconds = timeoutMilliseconds
            transactions[id] = next
            move(id, to: .empty, cause: .initialized, now: now, actions: &answer.actions)
            (answer.errorCode, answer.producerId, answer.producerEpoch) = (.none, next.producerId, next.producerEpoch)
            return answer
        }
    }
}

/// What a producer says it holds when it asks for a bump.
private typealias Held = (id: Int64, epoch: Int16)

extension Transaction {
    /// Whether a producer that holds `held` may ask for a bump: it holds the present producer id, or asks again after the answer that
    /// replaced its exhausted id was lost; a transactional id that expired meanwhile admits any.
    fileprivate func admits(_ held: Held?) -> Bool {
        guard let held, producerEpoch != -1 else { return true }
        return held.id == producerId || (held.id == previousProducerId && held.epoch >= Self.lastEpoch)
    }

    /// The next epoch and the one before it for a producer that holds `epoch` (nil: it starts anew); nil when it is fenced or no epoch is
    /// left.
    ///
    /// Asking again with the epoch before the present one repeats the answer: nobody else was given an epoch in between, or the last
    /// one would be -1. Kafka fails with UNKNOWN_SERVER_ERROR when that happens at the very last epoch; here it is repeated as well.
    fileprivate func bumped(_ epoch: Int16?) -> (epoch: Int16, last: Int16)? {
        guard let epoch, producerEpoch != -1 else { return isEpochExhausted ? nil : (producerEpoch + 1, -1) }
        if epoch == producerEpoch { return isEpochExhausted ? nil : (producerEpoch + 1, producerEpoch) }
        return epoch == lastProducerEpoch ? (producerEpoch, lastProducerEpoch) : nil
    }
}

/// Hands out producer ids in sequence, each once.
///
/// A broker of Kafka's own takes them in blocks of a thousand from the controller; one cluster in one process needs no blocks.
package struct ProducerIdAllocator: Equatable, Sendable {
    /// The id that is handed out next.
    package private(set) var next: Int64

    package init(next: Int64 = 0) {
        self.next = next
    }

    package mutating func allocate() -> Int64 {
        defer { next &+= 1 }
        return next
    }
}
