import KrunOutcome
import Testing

@testable import KrunReports

/// What came of a step, in Kafka's terms.
@Suite struct StepSentenceTests {
    @Test func produce() {
        #expect(sentence { _ in } == "5 messages to 2 of 3 partitions, murmur2_random")
        #expect(
            sentence { outcome in
                outcome.messages = 100_000
                outcome.records.partitions[2]?.messages = 1
            } == "100 000 messages to 3 partitions, murmur2_random")
        #expect(
            sentence { outcome in
                outcome.messages = 0
                outcome.records.partitions = [:]
                outcome.failed = 1
                outcome.errors = ["MSG_SIZE_TOO_LARGE": 1]
            } == "0 messages, murmur2_random, 1 failed (MSG_SIZE_TOO_LARGE from the broker)")
        #expect(
            sentence { outcome in
                outcome.failed = 3
                outcome.errors = ["MSG_SIZE_TOO_LARGE": 3]
                outcome.refusedByClient = ["MSG_SIZE_TOO_LARGE": 2]
            } == """
                5 messages to 2 of 3 partitions, murmur2_random, 3 failed (MSG_SIZE_TOO_LARGE from the client 2, \
                MSG_SIZE_TOO_LARGE from the broker 1)
                """)
        #expect(
            sentence { outcome in
                outcome.failed = 1_004
                outcome.errors = ["_MSG_TIMED_OUT": 1_000, "NOT_LEADER_FOR_PARTITION": 2, "BROKER_NOT_AVAILABLE": 2]
            } == """
                5 messages to 2 of 3 partitions, murmur2_random, 1 004 failed (_MSG_TIMED_OUT 1 000, \
                BROKER_NOT_AVAILABLE 2, NOT_LEADER_FOR_PARTITION 2)
                """)
    }

    /// What has become of a transaction, and why.
    @Test func transactions() {
        let fates = [TransactionFate.open, .committed, .aborted, .unknown].map { state in
            sentence { $0.transaction = state }
        }
        let start = "5 messages to 2 of 3 partitions"
        #expect(
            fates == ["left open", "committed", "aborted", "end unknown"].map { "\(start), \($0)" })
        #expect(
            sentence { outcome in
                outcome.messages = 0
                outcome.records.partitions = [:]
                outcome.failed = 2
                outcome.errors = ["INVALID_PRODUCER_EPOCH": 1, "_PURGE_QUEUE": 1]
                outcome.transaction = .aborted
                outcome.failed(with: "_FENCED")
            } == "0 messages, 2 failed (PRODUCER_FENCED), aborted")
        #expect(
            sentence { outcome in
                outcome.transaction = .aborted
                outcome.failed(with: "ILLEGAL_GENERATION")
            } == "\(start), aborted (ILLEGAL_GENERATION)")
        #expect(sentence { $0.failed(with: "_FENCED") } == "\(start), failed (PRODUCER_FENCED)")
        var ended = TransactionOutcome(producer: "till", end: .abort)
        #expect(sentence(of: ended) == "aborted")
        ended.end = .commit
        #expect(sentence(of: ended) == "committed")
        ended.error = "PRODUCER\u{1B}[31m_FENCED"
        #expect(!sentence(of: ended).contains("\u{1B}"))
    }

    private func sentence(of outcome: TransactionOutcome) -> String {
        var step = Fixtures.produceOrders
        step.result = .transaction(outcome)
        return StepSentence.text(step)
    }

    /// What placed the messages, which is not always the partitioner.
    @Test func placement() {
        #expect(
            sentence { outcome in
                outcome.partitioner = nil
                outcome.namesPartitions = true
            } == "5 messages to 2 of 3 partitions, partitions as named")
        #expect(
            sentence { $0.namesPartitions = true } == "5 messages to 2 of 3 partitions, murmur2_random, some as named")
    }

    @Test func consume() {
        #expect(consumed { _ in } == "5 messages by 2 members, joined in 0.1 s, lag 0")
        #expect(
            consumed { outcome in
                outcome.members.append(MemberOutcome(name: "3", partitions: [], messages: 0))
                outcome.idle = 1
                outcome.rebalances = 2
                outcome.lag = 1_500
            } == "5 messages by 3 members (1 idle), joined in 0.1 s, 2 rebalances, lag 1 500")
        #expect(
            consumed { outcome in
                outcome.members = []
                outcome.messages = 0
                outcome.joinDuration = nil
                outcome.lag = nil
            } == "0 messages by 0 members, never all joined")
        #expect(
            consumed { outcome in
                outcome.group = nil
                outcome.members = []
                outcome.lag = nil
                outcome.joinDuration = nil
                outcome.topics["payments"] = TopicRecords(
                    partitions: [0: PartitionOutcome(messages: 0, first: nil, last: nil)])
            } == "5 messages from 4 partitions, by assignment")
    }

    /// Who has how many partitions, and what that cost.
    @Test func group() {
        var outcome = MembershipOutcome(group: "billing")
        #expect(sentence(of: outcome) == "nobody; no rebalance")
        outcome.members = [
            MemberOutcome(name: "ann", partitions: ["orders/0"], messages: 0),
            MemberOutcome(name: "bob", partitions: ["orders/1"], messages: 0),
        ]
        outcome.moves = [PartitionMove("orders/1", from: "ann", to: "bob")]
        outcome.revoked = 2
        outcome.rebalances = 1
        #expect(sentence(of: outcome) == "ann 1, bob 1; 1 moved, 2 revoked, 1 rebalance")
        outcome.away = ["ann"]
        outcome.error = "INCONSISTENT_GROUP_PROTOCOL"
        #expect(
            sentence(of: outcome)
                == "ann 1 (away), bob 1; 1 moved, 2 revoked, INCONSISTENT_GROUP_PROTOCOL, 1 rebalance")
        outcome.members += (0..<5).map { MemberOutcome(name: "\($0)", partitions: [], messages: 0) }
        (outcome.moves, outcome.revoked, outcome.error, outcome.rebalances) = ([], 0, nil, 0)
        #expect(sentence(of: outcome) == "7 members (5 idle); no rebalance")
    }

    @Test func faults() {
        func sentence(_ fault: String, _ applied: Int, isOver: Bool = true, healed: Int = 0) -> String {
            var outcome = FaultOutcome(fault: fault)
            outcome.applied = applied
            outcome.isOver = isOver
            outcome.healed = (0..<healed).map { .init(path: StepPath($0 + 1), fault: "delay", applied: 1) }
            var step = Fixtures.consumeOrders
            step.result = .fault(outcome)
            return StepSentence.text(step)
        }
        #expect(sentence("delay", 0) == "struck nobody")
        #expect(sentence("fail", 1) == "struck 1 time")
        #expect(sentence("lose-acknowledgement", 1_200, isOver: false) == "struck 1 200 times so far")
        #expect(sentence("broker-down", 1) == "")
        #expect(sentence("broker-up", 0) == "it was so already")
        #expect(sentence("heal", 0) == "nothing to heal")
        #expect(sentence("heal", 2, healed: 2) == "2 faults healed, struck 2 times")
    }

    private func sentence(of outcome: MembershipOutcome) -> String {
        var step = Fixtures.consumeOrders
        step.result = .group(outcome)
        return StepSentence.text(step)
    }

    private func sentence(_ change: (inout ProduceOutcome) -> Void) -> String {
        var step = Fixtures.produceOrders
        guard case .produce(var outcome) = step.result else { return "" }
        change(&outcome)
        step.result = .produce(outcome)
        return StepSentence.text(step)
    }

    private func consumed(_ change: (inout ConsumeOutcome) -> Void) -> String {
        var step = Fixtures.consumeOrders
        guard case .consume(var outcome) = step.result else { return "" }
        change(&outcome)
        step.result = .consume(outcome)
        return StepSentence.text(step)
    }
}
