import KrunBroker
import KrunChecks
import KrunKafka
import KrunOutcome
import KrunScenario
import Testing

@testable import KrunRunner

/// `offset-order` and `assigned-only` broken on purpose; and the same trouble with which they hold.
///
/// No cluster can make a run break `assigned-only`, nor hand out records in another order: a member's `Consumer` drops what is not its own or stands
/// below its position, whatever a broker sends; so these two are broken where a member takes records to the ledger.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ReadingBrokenTests {
    // MARK: Whole runs

    /// A log is cut while a member reads on, and its offsets begin anew; or before that member begins.
    @Test(arguments: [("3.2.1", false), ("2", true)]) func theLogIsCut(before step: String, holds: Bool) async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "receive": "60s" }, "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 6, "value": "first" },
              { "produce": "orders", "count": \(holds ? 6 : 0), "value": "again" },
              { "together": [
                { "consume": "orders", "group": "kitchen", "commit": "each", "until": { "idle": "3s" } },
                { "produce": "orders", "count": 4, "value": "second" } ] } ] }
            """,
            somebody.options([
                step: {
                    if !holds { try $0.waitUntil("kitchen", commits: 6, of: "orders") }
                    try $0.cut("orders")
                }
            ]))
        #expect(somebody.troubles == [])
        let messages = outcome.allSteps.compactMap { step -> Int? in
            if case .consume(let outcome)? = step.result { outcome.messages } else { nil }
        }
        #expect(messages == [holds ? 10 : 6])
        let fell = InvariantOutcome.Verdict.broken(
            1, "orders/0 offset 5 was read, but its log ends at offset 4: its offsets began anew")
        #expect(outcome.invariants.first { $0.invariant == .offsetOrder }?.verdict == (holds ? .held : fell))
        for invariant in [Invariant.assignedOnly, .singleOwner, .noDuplicates] {
            #expect(outcome.invariants.first { $0.invariant == invariant }?.verdict == .held, "\(invariant.rawValue)")
        }
        #expect(outcome.status == (holds ? .passed : .failed))
    }

    /// A member that does not poll is thrown out while it reads: what it has fetched belongs to another one when it comes back.
    @Test func aMemberComesBackWithWhatItFetched() async throws {
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "receive": "60s" }, "topics": [{ "name": "orders", "partitions": 2 }], "steps": [
              { "produce": "orders", "count": 600, "partition": "{{index % 2}}", "value": "{{index}}" },
              { "group": "kitchen", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range",
                "client": { "session.timeout.ms": 1000, "max.poll.interval.ms": 1500 } },
              { "together": [
                { "consume": "orders", "group": "kitchen", "rate": 100 },
                [{ "pause": "500ms" }, { "group": "kitchen", "stall": "ann", "for": "4s" }] ] } ] }
            """)
        #expect(printed(outcome.allSteps.flatMap(\.diagnostics)) == "")
        let messages = outcome.allSteps.compactMap { step -> Int? in
            if case .consume(let outcome)? = step.result { outcome.messages } else { nil }
        }
        #expect(messages == [600])
        let rebalances = outcome.allSteps.compactMap { step -> Int? in
            if case .group(let outcome)? = step.result { outcome.rebalances } else { nil }
        }
        // The first was the group's own; ann was thrown out, and came back.
        #expect(rebalances.count == 2)
        #expect(rebalances.last ?? 0 >= 1)
        for invariant in [Invariant.offsetOrder, .assignedOnly, .singleOwner, .noLoss, .noDuplicates] {
            #expect(outcome.invariants.first { $0.invariant == invariant }?.verdict == .held, "\(invariant.rawValue)")
        }
    }

    // MARK: A member and the ledger

    /// A member that is sent back to an offset reads records a second time, which is right only where it was given the partition anew.
    @Test(arguments: [false, true]) func aMemberIsSentBack(isGivenAnew: Bool) async throws {
        let verdicts = try await blocking {
            let somebody = try Somebody()
            defer { somebody.cluster.close() }
            try somebody.cluster.createTopic("orders")
            try somebody.write(4, to: "orders")
            let member = try MemberAtWork(somebody.cluster)
            member.isGiven(0)
            try member.read(4, from: 0)
            if isGivenAnew {
                member.isTaken(0)
                member.isGiven(0)
            }
            try member.read(2, from: 2)
            return member.verdicts()
        }
        let again = InvariantOutcome.Verdict.broken(
            2, "orders/0 offset 2, no key, was read by member ann after offset 3",
            "orders/0 offset 3, no key, was read by member ann after offset 3")
        #expect(verdicts[.offsetOrder] == (isGivenAnew ? .held : again))
        #expect(verdicts[.assignedOnly] == .held)
        #expect(
            verdicts[.noDuplicates]
                == .broken(
                    2, "orders/0 offset 2, no key, was read again by member ann",
                    "orders/0 offset 3, no key, was read again by member ann"))
    }

    /// A member whose partition was given to another one reads on, or stops.
    @Test(arguments: [false, true]) func aMemberReadsOn(stops: Bool) async throws {
        let verdicts = try await blocking {
            let somebody = try Somebody()
            defer { somebody.cluster.close() }
            try somebody.cluster.createTopic("orders")
            try somebody.write(4, to: "orders")
            let member = try MemberAtWork(somebody.cluster)
            member.isGiven(0)
            try member.read(2, from: 0)
            member.isTaken(0)
            member.isGiven(1)
            if !stops { try member.read(2, from: 2) }
            return member.verdicts()
        }
        let trespass = InvariantOutcome.Verdict.broken(
            2, "orders/0 offset 2, no key, was read by member ann, which did not own the partition",
            "orders/0 offset 3, no key, was read by member ann, which did not own the partition")
        #expect(verdicts[.assignedOnly] == (stops ? .held : trespass))
        #expect(verdicts[.offsetOrder] == .held)
        #expect(verdicts[.singleOwner] == .held)
    }
}

/// A member with its consumer, which takes what it reads of the partition `orders/0` to the ledger of a step, though nobody looks after what it owns.
private struct MemberAtWork {
    private static let place = TopicPartition("orders", 0)
    private let consumer: Consumer
    private let task: ReadingTask

    init(_ cluster: EmbeddedCluster) throws {
        let scenario = try decode(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }], "steps": [
              { "consume": "orders", "group": "kitchen", "members": ["ann", "bob"] } ] }
            """)
        guard case .consume(let consume)? = scenario.steps.first?.action else {
            throw Somebody.Trouble(text: "no step")
        }
        let properties: ClientProperties = [
            "bootstrap.servers": cluster.bootstrapServers, "auto.offset.reset": "earliest",
        ]
        let admin = try AdminClient(properties: properties, log: ClientLog())
        let plan = try ConsumePlan(
            topics: ["orders"], names: ["orders"], partitionCounts: [1], from: consume.from,
            offsets: GroupOffsets(admin: admin, group: nil, uncommitted: admin), timeout: .seconds(60))
        let scenarioLedger = ScenarioLedger(seed: 1)
        let topic = scenarioLedger.addTopic("orders", partitions: 1, createdHere: false)
        let ledger = scenarioLedger.beginConsume(
            group: "kitchen", topics: [topic], members: 2, names: consume.memberNames, judgesLoss: false)
        ledger.starts(at: plan.starts)
        let state = ConsumeState(
            group: GroupProgress(members: 2, partitions: [Self.place], sharesGroup: false),
            progress: ReadingProgress(until: consume.until, starts: plan.starts, targets: plan.ends), phase: .reading)
        consumer = try Consumer(properties: properties, log: ClientLog())
        task = ReadingTask(
            member: 0, consume: consume, plan: plan, state: state, ledger: ledger, mode: .oneByOne, stays: false,
            partitionCount: { _ in 1 }, patience: .milliseconds(10))
    }

    /// The member of that number owns the partition from now on.
    func isGiven(_ member: Int) {
        task.ledger.assigned(member: member, task.indexes(of: [Self.place]))
        task.ledger.stable()
    }

    func isTaken(_ member: Int) { task.ledger.revoked(member: member, task.indexes(of: [Self.place])) }

    /// The first member reads so many records.
    func read(_ count: Int, from offset: Int64) throws {
        try consumer.assign([TopicPartitionOffset(Self.place.topic, Self.place.partition, offset)])
        var taken = 0
        let deadline = ContinuousClock.now + .seconds(60)
        while taken < count {
            guard .now < deadline else { throw Somebody.Trouble(text: "\(taken) of \(count) records were read") }
            _ = consumer.pollOne(timeout: .milliseconds(100)) { event in
                taken += task.take(isLost: false, wasStalled: false) { body in body(event) }
            }
        }
    }

    func verdicts() -> [Invariant: InvariantOutcome.Verdict] {
        let findings = task.ledger.conclude(ConsumeEnding())
        return Dictionary(findings.invariants.map { ($0.invariant, $0.verdict) }, uniquingKeysWith: { $1 })
    }
}
