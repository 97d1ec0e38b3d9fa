import KrunNames
public import KrunOutcome
public import KrunScenario
import Synchronization

/// A transaction that a producer of the scenario has begun.
struct TransactionMemory: Sendable {
    /// As a report names it.
    let producer: String
    let transactionalId: String
    var state = TransactionFate.open
}

/// Which acknowledged records of a topic belong to a transaction.
struct TransactionRecords: Sendable {
    /// In `ScenarioLedger.State.transactions`.
    let number: Int
    /// By partition.
    var offsets: [Int: IntervalSet] = [:]
}

/// Whether a producer is the last one with its transactional id. May be used from any thread.
public final class ProducerStanding: Sendable {
    let producer: String
    let transactionalId: String
    private let fenced = Atomic(false)
    private let commits = Mutex(CaseList())

    init(producer: String, transactionalId: String) {
        self.producer = producer
        self.transactionalId = transactionalId
    }

    /// Whether another producer with its transactional id has got ready.
    public var isFenced: Bool { fenced.load(ordering: .acquiring) }

    func fence() { fenced.store(true, ordering: .releasing) }

    /// To be called when a commit has succeeded that began after the producer was fenced.
    public func committedAfterFencing() {
        commits.withLock { $0.add("a transaction of producer \(producer) was committed after it was fenced") }
    }

    /// Judges what happened since it did last.
    ///
    /// - Parameter acknowledged: messages that were sent after the producer was fenced, and acknowledged.
    func conclude(_ acknowledged: CaseList, allow: Set<Invariant>) -> InvariantOutcome {
        var finding = Finding(cases: acknowledged)
        commits.withLock { commits in
            finding.cases.add(commits)
            commits = CaseList()
        }
        if !isFenced { finding.hasNothing("no producer was fenced") }
        return InvariantOutcome(.fencedSilent, finding.verdict(allowed: allow.contains(.fencedSilent)))
    }

    /// The same of a step that sends nothing.
    public func conclude(allow: Set<Invariant>) -> InvariantOutcome { conclude(CaseList(), allow: allow) }
}

extension ScenarioLedger {
    /// A producer has got ready for transactions: from now on those before it with its transactional id are fenced, and what they had
    /// open is aborted. To be called as soon as it has.
    ///
    /// - Parameter producer: as a report names it.
    public func initialized(producer: String, transactionalId: String) -> ProducerStanding {
        let standing = ProducerStanding(producer: producer, transactionalId: transactionalId)
        state.withLock { state in
            state.standings.updateValue(standing, forKey: transactionalId)?.fence()
            for number in state.transactions.indices where state.transactions[number].transactionalId == transactionalId
            {
                if state.transactions[number].state == .open { state.transactions[number].state = .aborted }
            }
        }
        return standing
    }

    /// Returns the number of the transaction that the producer begins.
    public func beginTransaction(of standing: ProducerStanding) -> Int {
        state.withLock { state in
            state.transactions.append(
                TransactionMemory(producer: standing.producer, transactionalId: standing.transactionalId))
            return state.transactions.count - 1
        }
    }

    /// How the transaction ended, as its producer was told.
    public func endTransaction(_ number: Int, as end: TransactionFate) {
        state.withLock { $0.transactions[number].state = end }
    }

    /// How the transaction stands; open until the producer was told that it ended.
    public func transactionState(_ number: Int) -> TransactionFate { state.withLock { $0.transactions[number].state } }

    /// Whether a record of the transaction was acknowledged.
    public func hasRecords(_ transaction: Int) -> Bool {
        state.withLock { $0.topics.contains { $0.transactions.contains { $0.number == transaction } } }
    }

    /// Where the transaction's first record stands in each partition, but for partitions in which another open one stands before it: no
    /// end of committed records tells there whether it is over.
    public func firstRecords(of transaction: Int) -> [(topic: Int, partition: Int32, offset: Int64)] {
        state.withLock { state in
            state.topics.indices.flatMap { topic -> [(topic: Int, partition: Int32, offset: Int64)] in
                let open = state.firstOpen(topic: topic, but: transaction)
                let records = state.topics[topic].transactions.first { $0.number == transaction }
                return (records?.offsets ?? [:]).compactMap { partition, offsets in
                    guard let first = offsets.first, open[partition] ?? .max > first else { return nil }
                    return (topic, Int32(partition), first)
                }
            }
        }
    }

    /// Per partition the end of what was acknowledged to this scenario and can be read with that isolation, as it is now; 0 where there is
    /// nothing.
    public func acknowledgedEnds(topic: Int, isolation: ConsumeStep.Isolation = .readUncommitted) -> [Int64] {
        state.withLock { $0.readableEnds(topic: topic, isolation) }
    }
}

extension ScenarioLedger.State {
    /// By partition the offset of the first record of a transaction that is not known to have ended.
    ///
    /// - Parameter but: one that does not count.
    func firstOpen(topic: Int, but excluded: Int? = nil) -> [Int: Int64] {
        var first: [Int: Int64] = [:]
        for records in topics[topic].transactions
        where records.number != excluded && [.open, .unknown].contains(transactions[records.number].state) {
            for (partition, offsets) in records.offsets {
                if let offset = offsets.first { first[partition] = min(first[partition] ?? .max, offset) }
            }
        }
        return first
    }

    /// By partition the records of transactions in one of these states.
    func records(topic: Int, in states: Set<TransactionFate>) -> [Int: IntervalSet] {
        topics[topic].transactions.reduce(into: [:]) { all, records in
            guard states.contains(transactions[records.number].state) else { return }
            // Transactions mostly stand one behind the other: each is put to the end.
            for (partition, offsets) in records.offsets {
                for run in offsets.ranges { all[partition, default: IntervalSet()].insert(run) }
            }
        }
    }

    func readableEnds(topic: Int, _ isolation: ConsumeStep.Isolation) -> [Int64] {
        let all = topics[topic].acknowledged
        guard isolation == .readCommitted, !topics[topic].transactions.isEmpty else {
            return all.map { ($0.last ?? -1) + 1 }
        }
        let hidden = records(topic: topic, in: [.open, .aborted, .unknown])
        let open = firstOpen(topic: topic)
        return all.enumerated().map { partition, acknowledged in
            let seen = hidden[partition].map { acknowledged.subtracting($0) } ?? acknowledged
            return min((seen.last ?? -1) + 1, open[partition] ?? .max)
        }
    }
}
