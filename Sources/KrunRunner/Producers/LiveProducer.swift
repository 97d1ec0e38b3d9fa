import KrunChecks
import KrunConnection
import KrunKafka
import KrunOutcome
import Synchronization

/// A producer of the scenario's, which may outlive the step that made it: its client, and the transaction that it has open. One step
/// uses it at a time.
final class LiveProducer: Sendable {
    private struct State {
        /// nil before it got ready for transactions.
        var standing: ProducerStanding?
        /// In the ledger; nil while none is open.
        var transaction: Int?
    }

    /// As a report names it.
    let name: String
    let producer: Producer
    /// The name in the file, or one of the step's own; nil for one without transactions.
    let transactionalId: String?
    private let hold: ProducerHold
    private let state = Mutex(State())

    /// Connects to nothing yet.
    init(
        name: String, transactionalId: String?, properties: ClientProperties, log: ClientLog, interruption: Interruption
    ) throws(KafkaError) {
        self.name = name
        self.transactionalId = transactionalId
        let hold = ProducerHold(interruption)
        self.hold = hold
        producer = try Producer(properties: properties, log: log) { hold.isOver }
    }

    /// Whether it is the last one with its transactional id; nil before it got ready.
    var standing: ProducerStanding? { state.withLock { $0.standing } }

    /// The number of its open transaction in the ledger; nil while there is none.
    var transaction: Int? { state.withLock { $0.transaction } }

    // MARK: - Transactions

    /// The number of the transaction that what is sent from now on belongs to: the one that is open, or else a new one. Gets ready for
    /// transactions when it is the first.
    func begin(
        _ ledger: ScenarioLedger, among producers: ProducerRegistry, within patience: Patience
    ) throws(KafkaError) -> Int {
        if let open = transaction { return open }
        let standing: ProducerStanding
        if let known = self.standing {
            standing = known
        } else {
            let id = transactionalId ?? name
            standing = try producers.gettingReady(id, within: patience) { () throws(KafkaError) in
                try hold.with(patience) { () throws(KafkaError) in
                    try producer.initTransactions(timeout: patience.remaining)
                }
                return ledger.initialized(producer: name, transactionalId: id)
            }
            state.withLock { $0.standing = standing }
        }
        try producer.beginTransaction()
        let number = ledger.beginTransaction(of: standing)
        state.withLock { $0.transaction = number }
        return number
    }

    /// Puts a member's positions into the open transaction.
    func send(_ position: MemberPosition, _ ledger: ScenarioLedger, within patience: Patience) throws(KafkaError) {
        do throws(KafkaError) {
            try hold.with(patience) { () throws(KafkaError) in
                try producer.sendOffsets(position.offsets, of: position.metadata, timeout: patience.remaining)
            }
        } catch {
            settle(after: error, ledger, within: patience)
            throw error
        }
    }

    /// Ends the open transaction. Where it can only be aborted it is, and the error is thrown all the same.
    func end(_ end: TransactionEnd, _ ledger: ScenarioLedger, within patience: Patience) throws(KafkaError) {
        let (standing, number) = state.withLock { ($0.standing, $0.transaction) }
        let wasFenced = standing?.isFenced ?? false
        do throws(KafkaError) {
            try hold.with(patience) { () throws(KafkaError) in
                switch end {
                case .commit: try producer.commitTransaction(timeout: patience.remaining) { drop() }
                case .abort: try producer.abortTransaction(timeout: patience.remaining) { drop() }
                }
            }
        } catch {
            settle(after: error, ledger, within: patience)
            throw error
        }
        if let number { close(number, as: end == .commit ? .committed : .aborted, ledger) }
        // Of a transaction in which nothing was sent the cluster is told nothing.
        if wasFenced, end == .commit, let number, ledger.hasRecords(number) { standing?.committedAfterFencing() }
    }

    /// Throws why it can do nothing any more, if so: as after it was fenced, which a report of a message does not say.
    func check(_ ledger: ScenarioLedger, within patience: Patience) throws(KafkaError) {
        guard let error = producer.fatalError else { return }
        settle(after: error, ledger, within: patience)
        throw error
    }

    /// Aborts what is open; nothing is to be sent any more.
    func finish(_ ledger: ScenarioLedger, within patience: Patience) {
        guard let number = transaction, producer.fatalError == nil else { return }
        hold.finish(within: patience)
        let isAborted: ()? = try? producer.abortTransaction(timeout: patience.remaining) { drop() }
        close(number, as: isAborted == nil ? .unknown : .aborted, ledger)
    }

    /// After an error: who fenced it has aborted its transaction, and what can only be aborted is.
    private func settle(after error: KafkaError, _ ledger: ScenarioLedger, within patience: Patience) {
        guard let number = transaction else { return }
        if error.isFatal {
            close(number, as: ErrorName.canonical(error.name) == ErrorName.fenced ? .aborted : .unknown, ledger)
        } else if error.requiresAbort {
            let isAborted: ()? = try? hold.with(patience) { () throws(KafkaError) in
                try producer.abortTransaction(timeout: patience.remaining) { drop() }
            }
            if isAborted != nil { close(number, as: .aborted, ledger) }
        }
    }

    private func close(_ number: Int, as end: TransactionFate, _ ledger: ScenarioLedger) {
        state.withLock { $0.transaction = nil }
        ledger.endTransaction(number, as: end)
    }

    /// Serves reports that come after the step has had all of its own: of what is given up.
    private func drop() { _ = producer.serveReports(timeout: .zero) { _ in } }
}

/// Says when a producer's calls are to end: when somebody wants the end, or when they are not worth waiting for. What aborts its open
/// transaction goes on all the same.
private final class ProducerHold: Sendable {
    private struct State {
        var patience: Patience?
        var isFinishing = false
    }

    private let interruption: Interruption
    private let state = Mutex(State())

    init(_ interruption: Interruption) {
        self.interruption = interruption
    }

    var isOver: Bool {
        let state = state.withLock { $0 }
        if state.isFinishing { return state.patience?.isOverOrHurried ?? true }
        return interruption.isRequested || state.patience?.isOver ?? false
    }

    func finish(within patience: Patience) { state.withLock { $0 = State(patience: patience, isFinishing: true) } }

    /// Calls in the body end with this patience.
    func with<Value>(_ patience: Patience, _ body: () throws(KafkaError) -> Value) throws(KafkaError) -> Value {
        state.withLock { $0.patience = patience }
        defer { state.withLock { if !$0.isFinishing { $0.patience = nil } } }
        return try body()
    }
}
