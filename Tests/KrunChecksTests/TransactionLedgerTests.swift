import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// What is known of transactions, and what is made of it when somebody reads.
@Suite struct TransactionLedgerTests {
    private let ledger = ScenarioLedger(seed: 1)

    init() {
        _ = ledger.addTopic("orders", partitions: 1, createdHere: true)
    }

    private func ready(_ producer: String, _ id: String = "till-1") -> ProducerStanding {
        ledger.initialized(producer: producer, transactionalId: id)
    }

    /// Sends to these offsets, in a transaction or without one.
    @discardableResult
    private func send(_ offsets: [Int64], in transaction: Int? = nil) -> ProduceLedger {
        let step = ledger.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .all)
        if let transaction { step.belongs(to: transaction) }
        step.acknowledge(offsets.map { Sent(partition: 0, offset: $0, key: "alice") })
        return step
    }

    /// Reads these offsets up to a position, as the only reader.
    private func read(
        _ offsets: [Int64], to end: Int64, _ isolation: ConsumeStep.Isolation = .readCommitted
    ) -> [InvariantOutcome] {
        let step = ledger.beginConsume(group: nil, topics: [0], members: 1, judgesLoss: true, isolation: isolation)
        step.starts(at: [[0]])
        for offset in offsets { step.read(0, offset, key: "alice") }
        step.reached(.init(topic: 0, partition: 0), offset: end)
        var ending = ConsumeEnding()
        (ending.ends, ending.logStarts) = ([[end]], [[0]])
        return step.conclude(ending).invariants
    }

    private func ends(_ isolation: ConsumeStep.Isolation) -> [Int64] {
        ledger.acknowledgedEnds(topic: 0, isolation: isolation)
    }

    /// Offsets 0 and 1 committed, 3 and 4 aborted, 6 without a transaction, 7 and 8 open.
    private func history() -> (ProducerStanding, open: Int) {
        let till = ready("till")
        let committed = ledger.beginTransaction(of: till)
        send([0, 1], in: committed)
        ledger.endTransaction(committed, as: .committed)
        let aborted = ledger.beginTransaction(of: till)
        send([3, 4], in: aborted)
        ledger.endTransaction(aborted, as: .aborted)
        send([6])
        let open = ledger.beginTransaction(of: till)
        send([7, 8], in: open)
        return (till, open)
    }

    @Test func whoReadsCommittedRecordsReadsTheseAndNoOthers() {
        _ = history()
        #expect(ends(.readCommitted) == [7])
        #expect(ends(.readUncommitted) == [9])
        let invariants = read([0, 1, 6], to: 7)
        #expect(invariants[.noLoss] == .held)
        #expect(invariants[.noDuplicates] == .held)
        #expect(invariants[.abortedInvisible] == .held)
    }

    @Test func whoReadsAllMissesNothing() {
        _ = history()
        let all = read([0, 1, 3, 4, 6, 7, 8], to: 9, .readUncommitted)
        #expect(all[.noLoss] == .held)
        #expect(all[.noDuplicates] == .held)
        #expect(all[.abortedInvisible] == .nothingToJudge("with read_uncommitted all is read"))
        // Also what was aborted stands in the log.
        #expect(
            read([0, 1, 6, 7, 8], to: 9, .readUncommitted)[.noLoss]
                == .broken(
                    count: 2, cases: ["orders/0 offsets 3 to 4 were acknowledged but not read"], allowed: false))
    }

    @Test func anAbortedRecordThatIsReadIsSeen() {
        _ = history()
        #expect(
            read([0, 1, 4, 6, 7, 8], to: 9)[.abortedInvisible]
                == .broken(
                    count: 3,
                    cases: [
                        "orders/0 offset 4 of an aborted transaction of producer till was read",
                        "orders/0 offsets 7 to 8 of an open transaction of producer till were read",
                    ], allowed: false))
    }

    @Test func aCommittedRecordThatIsNotReadIsMissed() {
        _ = history()
        let invariants = read([0, 6], to: 7)
        #expect(
            invariants[.abortedInvisible]
                == .once("orders/0 offset 1 of a committed transaction of producer till was not read"))
        #expect(invariants[.noLoss] == .once("orders/0 offset 1 was acknowledged but not read"))
        // What is in no transaction is lost, and no more.
        let other = read([0, 1], to: 7)
        #expect(other[.abortedInvisible] == .held)
        #expect(other[.noLoss] == .once("orders/0 offset 6 was acknowledged but not read"))
    }

    @Test func whatIsCommittedLaterIsReadThen() {
        let (_, open) = history()
        #expect(ledger.transactionState(open) == .open)
        #expect(ledger.firstRecords(of: open).map(\.offset) == [7])
        ledger.endTransaction(open, as: .committed)
        #expect(ends(.readCommitted) == [9])
        #expect(read([0, 1, 6, 7, 8], to: 10)[.abortedInvisible] == .held)
        guard case .broken(count: 2, _, _)? = read([0, 1, 6], to: 10)[.abortedInvisible] else {
            Issue.record("offsets 7 and 8 were committed, and not read")
            return
        }
    }

    /// What was committed while the step read, behind the place where it ended, is not missed.
    @Test func whatIsCommittedMeanwhileIsNotMissed() {
        let (_, open) = history()
        let step = ledger.beginConsume(group: nil, topics: [0], members: 1, judgesLoss: true, isolation: .readCommitted)
        step.starts(at: [[0]])
        for offset in [0, 1, 6] as [Int64] { step.read(0, offset, key: "alice") }
        ledger.endTransaction(open, as: .committed)
        let invariants = step.conclude(ConsumeEnding()).invariants
        #expect(invariants[.noLoss] == .held)
        #expect(invariants[.abortedInvisible] == .held)
    }

    @Test func whatNobodySaidIsNotJudged() {
        let (_, open) = history()
        ledger.endTransaction(open, as: .unknown)
        let reason = InvariantOutcome.Verdict.notJudged("nobody said how a transaction of producer till ended")
        let invariants = read([0, 1, 6], to: 7)
        #expect(invariants[.abortedInvisible] == reason)
        #expect(invariants[.noLoss] == reason)
        #expect(ends(.readCommitted) == [7])
    }

    @Test func thereIsNothingToJudgeWithoutTransactions() {
        send([0, 1])
        #expect(read([0, 1], to: 2)[.abortedInvisible] == .nothingToJudge("no step writes in a transaction"))
    }

    /// No end of committed records tells of a transaction that begins behind another open one.
    @Test func anOpenTransactionHidesWhatComesBehind() {
        let (one, two) = (ready("one", "a"), ready("two", "b"))
        let (first, second) = (ledger.beginTransaction(of: one), ledger.beginTransaction(of: two))
        send([0], in: first)
        send([1], in: second)
        #expect(ledger.firstRecords(of: first).map(\.offset) == [0])
        #expect(ledger.firstRecords(of: second).isEmpty)
        ledger.endTransaction(second, as: .committed)
        #expect(ends(.readCommitted) == [0])
        ledger.endTransaction(first, as: .aborted)
        #expect(ends(.readCommitted) == [2])
    }

    // MARK: Fencing

    @Test func whoGetsReadyAbortsWhatIsOpen() {
        let (one, other) = (ready("one"), ready("other", "till-2"))
        let (open, others) = (ledger.beginTransaction(of: one), ledger.beginTransaction(of: other))
        let two = ready("two")
        #expect(one.isFenced)
        #expect(!two.isFenced)
        #expect(!other.isFenced)
        #expect(ledger.transactionState(open) == .aborted)
        #expect(ledger.transactionState(others) == .open)
    }

    @Test func aFencedProducerIsToldNothing() {
        let one = ready("one")
        let before = send([0], in: ledger.beginTransaction(of: one))
        #expect(before.conclude(allow: [], standing: one)[.fencedSilent] == .nothingToJudge("no producer was fenced"))
        _ = ready("two")
        let after = ledger.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .all)
        after.fenced(from: 0)
        after.fail(key: "alice", value: "v", error: "INVALID_PRODUCER_EPOCH")
        #expect(after.conclude(allow: [], standing: one)[.fencedSilent] == .held)
    }

    /// What was sent before is not held against anybody; what was sent after and is acknowledged is.
    @Test func anAcknowledgementAfterFencingIsSeen() {
        let one = ready("one")
        _ = ready("two")
        let step = ledger.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .all)
        step.acknowledge(Sent(partition: 0, offset: 5, key: "alice"), sequence: 0)
        step.fenced(from: 1)
        step.fenced(from: 9)
        step.acknowledge(Sent(partition: 0, offset: 6, key: "alice"), sequence: 1)
        let verdict = InvariantOutcome.Verdict.once(
            "orders/0 offset 6, key \"alice\", was acknowledged after its producer was fenced")
        #expect(step.conclude(allow: [], standing: one)[.fencedSilent] == verdict)
        #expect(
            step.conclude(allow: [.fencedSilent], standing: one)[.fencedSilent]
                == .broken(
                    count: 1,
                    cases: ["orders/0 offset 6, key \"alice\", was acknowledged after its producer was fenced"],
                    allowed: true))
    }

    @Test func aCommitAfterFencingIsSeen() {
        let one = ready("one")
        _ = ready("two")
        one.committedAfterFencing()
        #expect(
            one.conclude(allow: []).verdict
                == .once("a transaction of producer one was committed after it was fenced"))
        // Once is enough.
        #expect(one.conclude(allow: []).verdict == .held)
    }
}
