import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// What a consume step's records come to, one anomaly at a time.
@Suite struct ConsumeLedgerTests {
    /// `orders` with alice at 0/0 and 0/1 and bob at 1/0.
    private func scenario(createdHere: Bool = true, failing: Bool = false) -> ScenarioLedger {
        let scenario = ScenarioLedger(seed: 1)
        let topic = scenario.addTopic("orders", partitions: 2, createdHere: createdHere)
        let produce = scenario.beginProduce(topic: topic, partitioner: .murmur2Random, acks: .all)
        produce.acknowledge([
            Sent(partition: 0, offset: 0, key: "alice", value: "espresso"), Sent(partition: 1, offset: 0, key: "bob"),
            Sent(partition: 0, offset: 1, key: "alice", value: "croissant"),
        ])
        if failing { produce.fail(key: "bob", value: "lost") }
        _ = produce.finish(duration: .zero, allow: [])
        return scenario
    }

    private func begin(
        _ scenario: ScenarioLedger, group: String? = "baristas", members: Int = 2, judgesLoss: Bool = true
    ) -> ConsumeLedger {
        let ledger = scenario.beginConsume(
            group: group, topics: [0], members: members, judgesLoss: judgesLoss,
            keeping: [KeptValues(named: [], keys: [Array("alice".utf8)], nullKey: false)])
        ledger.starts(at: [[0, 0]])
        if group != nil {
            ledger.assign(0, [0])
            ledger.assign(1, [1])
            ledger.stable()
        }
        return ledger
    }

    private func ending(_ committed: [Int64?] = [2, 1], ends: [Int64?] = [2, 1]) -> ConsumeEnding {
        var ending = ConsumeEnding()
        ending.committed = [committed]
        ending.ends = [ends]
        ending.logStarts = [[0, 0]]
        return ending
    }

    private func readAll(_ ledger: ConsumeLedger) {
        ledger.read(by: 0, 0, 0, key: "alice", value: "espresso")
        ledger.read(by: 1, 1, 0, key: "bob")
        ledger.read(by: 0, 0, 1, key: "alice", value: "croissant")
    }

    /// An offset that is acknowledged twice stands for two messages: one of them is gone, for whoever begins before it.
    @Test(arguments: [0, 1, 2] as [Int64]) func anOffsetIsAcknowledgedTwice(start: Int64) {
        let scenario = scenario()
        scenario.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .leader).acknowledge([
            Sent(partition: 0, offset: 1, key: "alice"), Sent(partition: 0, offset: 2, key: "alice"),
        ])
        let ledger = scenario.beginConsume(group: nil, topics: [0], members: 1, judgesLoss: true)
        ledger.starts(at: [[start, 1]])
        for offset in start...2 { ledger.read(0, offset, key: "alice") }
        let gone = InvariantOutcome.Verdict.once(
            "orders/0 offset 1 was acknowledged twice: what stood there first is gone")
        let reason = "orders/0 offset 1 was acknowledged twice: the log was cut or made anew"
        #expect(ledger.conclude(ending(ends: [3, 1])).invariants[.noLoss] == (start < 2 ? gone : .notJudged(reason)))
    }

    /// To a group that has read it before it is not.
    @Test func whatIsOverwrittenWasReadBefore() {
        let scenario = scenario()
        let first = begin(scenario)
        readAll(first)
        first.remember()
        #expect(first.conclude(ending()).invariants[.noLoss] == .held)
        scenario.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .leader).acknowledge([
            Sent(partition: 0, offset: 0, key: "alice"), Sent(partition: 0, offset: 1, key: "alice"),
        ])
        let second = begin(scenario)
        readAll(second)
        #expect(second.conclude(ending()).invariants[.noLoss] == .held)
        let other = begin(scenario, group: "cooks")
        readAll(other)
        let gone = InvariantOutcome.Verdict.broken(
            count: 2, cases: ["orders/0 offsets 0 to 1 were acknowledged twice: what stood there first is gone"],
            allowed: false)
        #expect(other.conclude(ending()).invariants[.noLoss] == gone)
    }

    /// A log that ends before what was read of it has begun anew, unless the scenario itself has made the topic anew.
    @Test(arguments: [false, true]) func theLogEndsBeforeWhatWasRead(isMadeHere: Bool) {
        let scenario = scenario()
        let ledger = begin(scenario)
        readAll(ledger)
        if isMadeHere { _ = scenario.addTopic("orders", partitions: 2, createdHere: true) }
        let findings = ledger.conclude(ending(ends: [1, nil]))
        let fell = InvariantOutcome.Verdict.once(
            "orders/0 offset 1 was read, but its log ends at offset 1: its offsets began anew")
        #expect(findings.invariants[.offsetOrder] == (isMadeHere ? .held : fell))
    }

    @Test func allIsWell() {
        let ledger = begin(scenario(), members: 3)
        #expect(ledger.messages == 0)
        readAll(ledger)
        #expect(ledger.messages == 3)
        #expect(ledger.position(StepPartition(topic: 0, partition: 0)) == 2)
        ledger.reached(StepPartition(topic: 0, partition: 0), offset: 5)
        #expect(ledger.position(StepPartition(topic: 0, partition: 0)) == 5)
        let findings = ledger.conclude(ending([2, nil], ends: [5, 1]))
        #expect(
            findings
                == ConsumeFindings(
                    messages: 3,
                    topics: [
                        "orders": TopicRecords(
                            partitions: [
                                0: PartitionOutcome(messages: 2, first: 0, last: 1, committed: 2, lag: 3),
                                1: PartitionOutcome(messages: 1, first: 0, last: 0, committed: nil, lag: 1),
                            ],
                            keys: [
                                KeyOutcome(
                                    key: Array("alice".utf8), messages: 2, partitions: [0],
                                    values: [Array("espresso".utf8), Array("croissant".utf8)]),
                                KeyOutcome(key: Array("bob".utf8), messages: 1, partitions: [1]),
                            ],
                            distinctKeys: 2)
                    ],
                    members: [
                        MemberOutcome(name: "1", partitions: ["orders/0"], messages: 2),
                        MemberOutcome(name: "2", partitions: ["orders/1"], messages: 1),
                        MemberOutcome(name: "3", partitions: [], messages: 0),
                    ],
                    idle: 1, lag: 4, invariants: Invariant.ofReading.map { InvariantOutcome($0, $0.usual) }))
    }

    @Test func withoutAGroup() {
        let ledger = begin(scenario(), group: nil, members: 1)
        ledger.read(0, 0, key: "alice")
        ledger.read(1, 0, key: "bob")
        ledger.read(0, 1, key: "alice")
        let findings = ledger.conclude(ending([], ends: [2, 1]))
        #expect(findings.members == [])
        #expect(findings.lag == nil)
        #expect(findings.topics["orders"]?.partitions[0] == PartitionOutcome(messages: 2, first: 0, last: 1))
        let unjudged: Set<Invariant> = [.singleOwner, .assignedOnly, .commitNotAhead]
        #expect(
            findings.invariants
                == Invariant.ofReading.map {
                    InvariantOutcome($0, unjudged.contains($0) ? .nothingToJudge("there is no group") : $0.usual)
                })
    }

    private func broken(_ invariants: [InvariantOutcome], _ expected: [Invariant: InvariantOutcome.Verdict]) {
        #expect(
            invariants == Invariant.ofReading.map { InvariantOutcome($0, expected[$0] ?? $0.usual) })
    }

    @Test func loss() {
        let ledger = begin(scenario())
        ledger.read(by: 0, 0, 1, key: "alice")
        let findings = ledger.conclude(ending())
        broken(
            findings.invariants,
            [
                .noLoss: .broken(
                    count: 2,
                    cases: [
                        "orders/0 offset 0 was acknowledged but not read",
                        "orders/1 offset 0 was acknowledged but not read",
                    ], allowed: false),
                .commitNotAhead: .once("orders/1 offset 1 is committed, but baristas has read only up to 0"),
            ])
    }

    @Test func whatLossIsNotJudgedFor() {
        func verdict(
            judgesLoss: Bool = true, start: [Int64?] = [0, 0], _ change: (inout ConsumeEnding) -> Void = { _ in }
        ) -> InvariantOutcome.Verdict? {
            let ledger = begin(scenario(), judgesLoss: judgesLoss)
            ledger.starts(at: [start])
            var ending = ending([nil, nil])
            change(&ending)
            return ledger.conclude(ending).invariants[.noLoss]
        }
        #expect(verdict(judgesLoss: false) == .nothingToJudge("reading was not to go on until the end"))
        #expect(verdict(start: [2, 1]) == .nothingToJudge("reading began behind all that was acknowledged"))
        #expect(verdict(start: [nil, 1]) == .notJudged("it is not known where reading of orders/0 began"))
        #expect(
            verdict { $0.foreignMembers = true }
                == .notJudged("members that are not this scenario's share the group"))
        #expect(
            verdict { $0.removalReasons = ["the cleanup.policy of orders is compact"] }
                == .notJudged("the cleanup.policy of orders is compact"))
        #expect(
            verdict { $0.logStarts = [[2, 1]] }
                == .notJudged("acknowledged records before offset 2 of orders/0 were removed before they were read"))
        #expect(
            verdict { $0.logStarts = [[1, 0]] }
                == .broken(
                    count: 2,
                    cases: [
                        "orders/0 offset 1 was acknowledged but not read",
                        "orders/1 offset 0 was acknowledged but not read",
                    ], allowed: false))
    }

    /// Compaction takes records from the middle; where all were read all the same, nothing is lost.
    @Test func whatWasReadIsNotLostWhateverMayBeRemoved() {
        let ledger = begin(scenario())
        readAll(ledger)
        var ending = ending()
        ending.removalReasons = ["the cleanup.policy of orders is compact"]
        #expect(ledger.conclude(ending).invariants[.noLoss] == .held)
    }

    /// What the log no longer holds is counted where nobody had read it.
    @Test func whatWasRemovedIsCounted() {
        let ledger = begin(scenario())
        ledger.read(by: 0, 0, 1, key: "alice")
        var ending = ending([2, 1])
        ending.logStarts = [[2, 1]]
        let partitions = ledger.conclude(ending).topics["orders"]?.partitions
        #expect(partitions?.mapValues(\.removed) == [0: 1, 1: 1])
        let later = begin(scenario(), judgesLoss: false)
        later.starts(at: [[2, 1]])
        #expect(later.conclude(ending).topics["orders"]?.partitions.mapValues(\.removed) == [0: 0, 1: 0])
    }

    /// A group that begins behind records commits past them though nobody has read them.
    @Test func commitsPastWhatNobodyRead() {
        let scenario = scenario()
        let latest = begin(scenario)
        latest.starts(at: [[2, 1]])
        let invariants = latest.conclude(ending()).invariants
        let reason = InvariantOutcome.Verdict.notJudged(
            "baristas committed offset 2 of orders/0 without reading offsets 0 to 1: \"from\" or \"reset\" passed over them"
        )
        #expect(invariants[.commitNotAhead] == reason)
        #expect(invariants[.noLoss] == .nothingToJudge("reading began behind all that was acknowledged"))
        // It is still so when the group goes on from there.
        let next = begin(scenario)
        next.starts(at: [[2, 1]])
        #expect(next.conclude(ending()).invariants[.commitNotAhead] == reason)
        // Until somebody reads them.
        let again = begin(scenario)
        readAll(again)
        #expect(again.conclude(ending()).invariants[.commitNotAhead] == .held)
    }

    @Test func beginningBehindWithoutCommittingIsNotAhead() {
        let ledger = begin(scenario())
        ledger.starts(at: [[2, 1]])
        #expect(ledger.conclude(ending([nil, nil])).invariants[.commitNotAhead] == .held)
    }

    /// What the group had committed before the scenario was read by others of it.
    @Test func beginningWhereTheGroupWasPassesOverNothing() {
        let ledger = begin(scenario())
        ledger.wasCommitted([[2, 1]])
        ledger.starts(at: [[2, 1]])
        #expect(ledger.conclude(ending()).invariants[.commitNotAhead] == .held)
    }

    /// Without offsets nobody can tell whether a record stands in the log twice.
    @Test func duplicatesInTheLogAreNotJudgedWithoutOffsets() {
        let scenario = ScenarioLedger(seed: 1)
        let topic = scenario.addTopic("orders", partitions: 2, createdHere: true)
        let produce = scenario.beginProduce(topic: topic, partitioner: .murmur2Random, acks: .none)
        produce.acknowledge([Sent(partition: 0, offset: nil, key: "alice")])
        _ = produce.finish(duration: .zero, allow: [])
        let ledger = begin(scenario)
        ledger.read(by: 0, 0, 0, key: "alice")
        ledger.read(by: 0, 0, 1, key: "alice")
        #expect(
            ledger.conclude(ending()).invariants[.noDuplicates]
                == .notJudged("the offsets of messages to orders are not known"))
    }

    /// What was not reached when the time was over is not lost; what was jumped over is.
    @Test func lossWhenReadingEndedEarly() {
        var ending = ending([nil, nil])
        ending.endedEarly = true
        let nothing = begin(scenario())
        #expect(
            nothing.conclude(ending).invariants[.noLoss] == .notJudged("reading ended before the end of orders/0"))
        let jumped = begin(scenario())
        jumped.read(by: 0, 0, 1, key: "alice")
        #expect(
            jumped.conclude(ending).invariants[.noLoss] == .once("orders/0 offset 0 was acknowledged but not read"))
    }

    @Test func aRecordReadTwice() {
        let ledger = begin(scenario())
        readAll(ledger)
        ledger.revoke(0, [0])
        ledger.assign(1, [0])
        ledger.read(by: 1, 0, 1, key: "alice")
        broken(
            ledger.conclude(ending()).invariants,
            [.noDuplicates: .once("orders/0 offset 1, key \"alice\", was read again by member 2")])
    }

    @Test func aRecordThatStandsTwiceInTheLog() {
        let ledger = begin(scenario())
        readAll(ledger)
        ledger.read(by: 1, 1, 1, key: "bob")
        broken(
            ledger.conclude(ending([2, 2], ends: [2, 2])).invariants,
            [
                .noDuplicates: .once(
                    "orders/1 offset 1, key \"bob\", was never acknowledged: it stands in the log a second time")
            ])
    }

    /// A message that was reported as failed may have been written once, no more.
    @Test func aFailedMessageMayHaveBeenWritten() {
        let once = begin(scenario(failing: true))
        readAll(once)
        once.read(by: 1, 1, 1, key: "bob", value: "lost")
        broken(once.conclude(ending([2, 2], ends: [2, 2])).invariants, [:])
        let twice = begin(scenario(failing: true))
        readAll(twice)
        twice.read(by: 1, 1, 1, key: "bob", value: "lost")
        twice.read(by: 1, 1, 2, key: "bob", value: "lost")
        #expect(twice.conclude(ending(ends: [2, 3])).invariants.brokenCounts == [.noDuplicates: 1])
    }

    @Test func strangersAreWelcomeInAnExistingTopic() {
        let ledger = begin(scenario(createdHere: false))
        readAll(ledger)
        ledger.read(by: 1, 1, 1, key: "carol")
        let reason = InvariantOutcome.Verdict.notJudged("orders existed before: others may write to it")
        broken(ledger.conclude(ending(ends: [2, 2])).invariants, [.keyAffinity: reason, .perKeyOrder: reason])
    }

    @Test func offsetsThatFall() {
        let ledger = begin(scenario())
        ledger.read(by: 1, 1, 0, key: "bob")
        ledger.read(by: 0, 0, 1, key: "alice")
        ledger.read(by: 0, 0, 0, key: "alice")
        broken(
            ledger.conclude(ending()).invariants,
            [
                .offsetOrder: .once("orders/0 offset 0, key \"alice\", was read by member 1 after offset 1"),
                .perKeyOrder: .once("orders/0 offset 0, key \"alice\", was read after offset 1 of that key"),
            ])
    }

    @Test func aKeyReadFromAnotherPartition() {
        let ledger = begin(scenario())
        readAll(ledger)
        ledger.read(by: 1, 1, 1, key: "alice")
        let invariants = ledger.conclude(ending([2, 2], ends: [2, 2])).invariants
        #expect(invariants[.keyAffinity] == .once("key \"alice\" was placed on orders/0 but read from orders/1"))
        #expect(invariants.brokenCounts == [.keyAffinity: 1, .noDuplicates: 1])
    }

    @Test func owners() {
        let ledger = begin(scenario())
        readAll(ledger)
        ledger.assign(1, [0])
        ledger.revoke(0, [0])
        ledger.revoke(1, [1])
        ledger.stable()
        ledger.read(by: 0, 0, 2, key: nil)
        let findings = ledger.conclude(ending())
        #expect(
            findings.invariants[.singleOwner]
                == .broken(
                    count: 2,
                    cases: [
                        "orders/0 was given to member 2 while member 1 owned it",
                        "orders/1 had no owner though the group was stable",
                    ], allowed: false))
        #expect(
            findings.invariants[.assignedOnly]
                == .once("orders/0 offset 2, no key, was read by member 1, which did not own the partition"))
        // What the outcome shows is the group as it was when it was first stable.
        #expect(findings.members.map(\.partitions) == [["orders/0"], ["orders/1"]])
    }

    @Test func foreignMembersMayOwnTheRest() {
        let ledger = begin(scenario())
        ledger.revoke(1, [1])
        ledger.stable()
        var ending = ending([nil, nil])
        ending.foreignMembers = true
        #expect(
            ledger.conclude(ending).invariants[.singleOwner]
                == .notJudged("members that are not this scenario's share the group"))
    }

    /// What a group read is remembered from step to step, also when a later step starts over.
    @Test func commitsOfEarlierStepsCount() {
        let scenario = scenario()
        let first = begin(scenario)
        readAll(first)
        _ = first.conclude(ending())
        let second = begin(scenario, judgesLoss: false)
        second.read(by: 0, 0, 0, key: "alice")
        broken(
            second.conclude(ending()).invariants, [.noLoss: .nothingToJudge("reading was not to go on until the end")])
        let other = begin(scenario, group: "others", judgesLoss: false)
        let verdict = other.conclude(ending([2, nil])).invariants[.commitNotAhead]
        #expect(verdict == .once("orders/0 offset 2 is committed, but others has read only up to 0"))
    }

    @Test func commitsFromBeforeTheScenarioAreNotOurs() {
        let ledger = begin(scenario(), judgesLoss: false)
        ledger.wasCommitted([[2, nil]])
        #expect(ledger.conclude(ending([2, nil])).invariants[.commitNotAhead] == .held)
        let unknown = begin(scenario(), judgesLoss: false)
        #expect(
            unknown.conclude(ConsumeEnding()).invariants[.commitNotAhead]
                == .notJudged("the committed offsets are not known"))
    }

    @Test func theWorstFewCasesAreNamed() {
        let ledger = begin(scenario())
        readAll(ledger)
        for _ in 0..<20 { ledger.read(by: 1, 1, 0, key: nil) }
        var ending = ending()
        ending.allow = [.noDuplicates, .offsetOrder]
        let invariants = ledger.conclude(ending).invariants
        #expect(
            invariants[.noDuplicates]
                == .broken(
                    count: 20,
                    cases: Array(repeating: "orders/1 offset 0, no key, was read again by member 2", count: 5),
                    allowed: true))
    }
}
