import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(3)))
struct GroupTests {
    @Test func committedAndLagAreExact() async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "orders", "partitions": 3 }],
              "steps": [
                { "produce": "orders", "count": 30, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "orders", "group": "billing", "until": { "messages": 12 }, "expect": { "lag": 18 } },
                { "consume": "orders", "group": "billing", "commit": "none", "expect": { "messages": 18, "lag": 18 } },
                { "consume": "orders", "group": "billing",
                  "expect": { "messages": 18, "lag": 0, "committed": { "0": 15, "1": 15 } } },
                { "produce": "orders", "count": 7, "partition": 2, "value": "x" },
                { "consume": "orders", "group": "billing", "from": "latest",
                  "expect": { "messages": 0, "lag": 0, "committed": { "0": 15, "1": 15, "2": 7 } } },
                { "consume": "orders", "group": "billing", "from": "earliest",
                  "expect": { "messages": 37, "lag": 0, "committed": { "0": 15, "1": 15, "2": 7 } } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        let first = try #require(outcome.consumed(2)?.topics["orders"]?.partitions)
        #expect(first.values.reduce(0) { $0 + ($1.committed ?? 0) } == 12)
        #expect(first[2] == PartitionOutcome(messages: 0, first: nil, last: nil, committed: 0, lag: 0))
        #expect(outcome.verdict(.commitNotAhead, step: 7) == .held)
        try await expectNothingLeft(by: outcome)
    }

    @Test(arguments: ["range", "roundrobin", "cooperative-sticky"])
    func fiveMembersOnThreePartitions(_ assignor: String) async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "orders", "partitions": 3 }],
              "steps": [
                { "produce": "orders", "count": 3000, "partition": "{{index % 3}}", "value": "x" },
                { "consume": "orders", "group": "billing", "members": 5, "assignor": "\(assignor)",
                  "expect": { "messages": 3000, "idle": 2, "rebalances": 0, "lag": 0 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        let members = try #require(outcome.consumed(2)?.members)
        #expect(members.map(\.messages).sorted() == [0, 0, 1000, 1000, 1000])
        #expect(members.flatMap(\.partitions).sorted() == ["orders/0", "orders/1", "orders/2"])
        try await expectNothingLeft(by: outcome)
    }

    /// A stranger comes while krun's members read, and leaves or crashes: krun's take over where they stood.
    @Test(arguments: [false, true], ["range", "cooperative-sticky"])
    func aStrangerThatComesAndGoes(_ crashes: Bool, _ assignor: String) async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        try await blocking { try SharedKafka.create(NewTopic(name: topic, partitions: 4)) }
        let text = """
            { "name": "test", \(patience), "topics": [{ "name": "\(topic)", "existing": true }],
              "groups": [{ "name": "\(group)", "existing": true }],
              "client": { "session.timeout.ms": 6000, "heartbeat.interval.ms": 200 },
              "steps": [
                { "produce": "\(topic)", "count": 4000, "partition": "{{index % 4}}", "value": "x" },
                { "consume": "\(topic)", "group": "\(group)", "members": 2, "assignor": "\(assignor)",
                  "until": { "messages": 8000 } }
              ] }
            """
        let (lines, continuation) = AsyncStream.makeStream(of: Void.self)
        let options = SharedKafka.options {
            $0.properties["debug"] = "fetch"
            $0.onLogLine = { line in
                if line.text.contains("at offset 1000") { continuation.yield() }
            }
        }
        async let running = run(text, options)
        // Members have read all there is and wait for more.
        for await _ in lines { break }
        try await blocking {
            let stranger = try Stranger(
                group: group, topic: topic,
                properties: [
                    "session.timeout.ms": "6000", "heartbeat.interval.ms": "200",
                    "partition.assignment.strategy": assignor,
                ])
            if crashes { stranger.crash() } else { try stranger.leave() }
            let producer = try Producer(
                properties: SharedKafka.properties.merging(["bootstrap.servers": SharedKafka.addresses]),
                log: ClientLog()
            )
            let orders = try producer.topic(topic, partitioner: "random")
            try producer.waitForMetadata(orders, timeout: .seconds(30))
            for number in 0..<4000 {
                _ = try producer.send(to: orders, partition: Int32(number % 4), key: nil, value: nil)
            }
            var reported = 0
            let deadline = ContinuousClock.now + .seconds(60)
            while reported < 4000, .now < deadline { reported += producer.serveReports(timeout: .seconds(1)) { _ in } }
            #expect(reported == 4000)
        }
        let outcome = try await running
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.messages == 8000)
        #expect(consumed.rebalances >= 2)
        let partitions = consumed.topics[topic]?.partitions ?? [:]
        for number in Int32(0)..<4 {
            #expect(
                partitions[number] == PartitionOutcome(messages: 2000, first: 0, last: 1999, committed: 2000, lag: 0))
        }
        for invariant in [Invariant.noDuplicates, .offsetOrder, .assignedOnly] {
            #expect(outcome.verdict(invariant, step: 2) == .held, "\(invariant.rawValue)")
        }
        // One that has gone again before the step looks was never seen; what is wrong is to say that they are broken.
        for invariant in [Invariant.singleOwner, .commitNotAhead] {
            let verdict = try #require(outcome.verdict(invariant, step: 2))
            #expect([.held, SharedKafka.sharedGroup].contains(verdict), "\(invariant.rawValue)")
        }
        try await blocking { try SharedKafka.delete(topics: [topic], groups: [group]) }
    }

    /// A group that others are in: what they own is theirs, and loss is nobody's to judge.
    @Test func aGroupThatIsSharedWithAStranger() async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        let stranger = try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: 4))
            return try Stranger(group: group, topic: topic)
        }
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "\(topic)", "existing": true }],
              "groups": [{ "name": "\(group)", "existing": true }],
              "steps": [
                { "produce": "\(topic)", "count": 400, "partition": "{{index % 4}}", "value": "x" },
                { "consume": "\(topic)", "group": "\(group)", "until": { "idle": "1s" } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.messages == 200)
        #expect(consumed.members.map(\.partitions.count) == [2])
        #expect(consumed.lag == 200)
        #expect(
            outcome.verdict(.singleOwner, step: 2)
                == .notJudged("members that are not this scenario's share the group"))
        try await blocking {
            try stranger.leave()
            try SharedKafka.delete(topics: [topic], groups: [group])
        }
    }

    /// A Kafka whose group.min.session.timeout.ms is its default of 6 s refuses it; one that allows it passes.
    @Test func aSessionTimeoutBelowTheBrokersLeastIsTold() async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "orders" }],
              "steps": [
                { "consume": "orders", "group": "billing",
                  "client": { "session.timeout.ms": 100, "heartbeat.interval.ms": 30 } }
              ] }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.error])
        #expect(outcome.printedDiagnostics.hasPrefix("error: cannot consume orders\n"))
        #expect(outcome.printedDiagnostics.contains("  = INVALID_SESSION_TIMEOUT while consuming as billing-krun-"))
        #expect(
            outcome.printedDiagnostics.contains(
                "  = a real broker refuses session.timeout.ms below group.min.session.timeout.ms, usually <time>"))
        try await expectNothingLeft(by: outcome)
    }
}
