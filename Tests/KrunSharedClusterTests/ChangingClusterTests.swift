import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// The topic and the group change under krun's members.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ChangingClusterTests {
    /// Looks for new partitions often. With its metadata's age left at three times that, librdkafka 2.0 may find its metadata
    /// too old at each attempt to rejoin, until the group goes on without that member and both read.
    private let oftenRefreshed: ClientProperties = [
        "topic.metadata.refresh.interval.ms": "100", "metadata.max.age.ms": "60000",
    ]

    /// Options that tell when librdkafka's log has a line that holds each of these texts.
    private func watched(
        _ texts: String..., properties: ClientProperties
    ) -> (options: RunOptions, signs: [AsyncStream<Void>]) {
        let streams = texts.map { text in (text, AsyncStream.makeStream(of: Void.self)) }
        let options = SharedKafka.options {
            $0.properties = $0.properties.merging(properties).merging(["debug": "cgrp,fetch"])
            $0.onLogLine = { line in
                for (text, stream) in streams where line.text.contains(text) { stream.continuation.yield() }
            }
        }
        return (options, streams.map(\.1.stream))
    }

    private func first(_ signs: AsyncStream<Void>) async {
        for await _ in signs { break }
    }

    /// The step ends as if they were not there: they are not its own.
    @Test(arguments: ["range", "cooperative-sticky"])
    func partitionsThatAreAddedWhileMembersJoin(_ assignor: String) async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        try await blocking { try SharedKafka.create(NewTopic(name: topic, partitions: 2)) }
        let (options, signs) = watched("join with", properties: oftenRefreshed)
        async let running = run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "\(topic)", "existing": true }],
              "groups": [{ "name": "\(group)", "existing": true }],
              "steps": [
                { "produce": "\(topic)", "count": 200, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "\(topic)", "group": "\(group)", "members": 2, "assignor": "\(assignor)" }
              ] }
            """, options)
        await first(signs[0])
        try await blocking { try SharedKafka.addPartitions(to: topic, total: 7) }
        let outcome = try await running
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.consumed(2)?.messages == 200)
        #expect(
            outcome.consumed(2)?.topics[topic]?.partitions == [
                0: PartitionOutcome(messages: 100, first: 0, last: 99, committed: 100, lag: 0),
                1: PartitionOutcome(messages: 100, first: 0, last: 99, committed: 100, lag: 0),
            ])
        try await blocking { try SharedKafka.delete(topics: [topic], groups: [group]) }
    }

    /// Members are given them, and what stands in them is not counted.
    @Test(arguments: ["range", "cooperative-sticky"])
    func partitionsThatAreAddedWhileMembersRead(_ assignor: String) async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        try await blocking { try SharedKafka.create(NewTopic(name: topic, partitions: 2)) }
        let (options, signs) = watched(
            "at offset 100", "Fetch topic \(topic) [4] at offset",
            properties: oftenRefreshed.merging(["heartbeat.interval.ms": "200"]))
        async let running = run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "\(topic)", "existing": true }],
              "groups": [{ "name": "\(group)", "existing": true }],
              "steps": [
                { "produce": "\(topic)", "count": 200, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "\(topic)", "group": "\(group)", "members": 2, "assignor": "\(assignor)",
                  "until": { "messages": 400 } }
              ] }
            """, options)
        await first(signs[0])
        try await blocking { try SharedKafka.addPartitions(to: topic, total: 5) }
        await first(signs[1])
        try await blocking {
            try SharedKafka.send(300, to: topic, partitions: [2, 3, 4])
            try SharedKafka.send(200, to: topic, partitions: [0, 1])
        }
        let outcome = try await running
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.rebalances >= 1)
        #expect(
            consumed.topics[topic]?.partitions == [
                0: PartitionOutcome(messages: 200, first: 0, last: 199, committed: 200, lag: 0),
                1: PartitionOutcome(messages: 200, first: 0, last: 199, committed: 200, lag: 0),
            ])
        #expect(outcome.verdict(.noDuplicates, step: 2) == .held)
        try await blocking { try SharedKafka.delete(topics: [topic], groups: [group]) }
    }

    /// Strangers come, leave and crash again and again while others produce; they read nothing.
    @Test(arguments: ["cooperative-sticky", "range"])
    func rebalancesUnderLoadLoseNothingAndReadNothingTwice(_ assignor: String) async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        let partitions = Array(Int32(0)..<6)
        try await blocking { try SharedKafka.create(NewTopic(name: topic, partitions: 6)) }
        let (options, signs) = watched("at offset 100", properties: [:])
        let (rounds, perRound) = (4, 12_000)
        let total = 600 + (rounds + 1) * perRound
        async let running = run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "\(topic)", "existing": true }],
              "groups": [{ "name": "\(group)", "existing": true }],
              "client": { "session.timeout.ms": 6000, "heartbeat.interval.ms": 200 },
              "steps": [
                { "produce": "\(topic)", "count": 600, "partition": "{{index % 6}}", "value": "x" },
                { "consume": "\(topic)", "group": "\(group)", "members": 2, "assignor": "\(assignor)",
                  "until": { "messages": \(total) } }
              ] }
            """, options)
        await first(signs[0])
        for round in 0..<rounds {
            async let sending: Void = blocking { try SharedKafka.send(perRound, to: topic, partitions: partitions) }
            try await blocking {
                let properties: ClientProperties = [
                    "session.timeout.ms": "6000", "heartbeat.interval.ms": "200",
                    "partition.assignment.strategy": assignor,
                ]
                let one = try Stranger(group: group, topic: topic, properties: properties)
                let other = try Stranger(group: group, topic: topic, properties: properties)
                try one.leave()
                if round == rounds - 1 { other.crash() } else { try other.leave() }
            }
            try await sending
        }
        try await blocking { try SharedKafka.send(perRound, to: topic, partitions: partitions) }
        let outcome = try await running
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.rebalances >= rounds)
        let each = total / 6
        let all = PartitionOutcome(
            messages: each, first: 0, last: Int64(each - 1), committed: Int64(each), lag: 0)
        #expect(
            consumed.topics[topic]?.partitions == Dictionary(uniqueKeysWithValues: partitions.map { ($0, all) }))
        for invariant in [Invariant.noDuplicates, .offsetOrder, .assignedOnly] {
            #expect(outcome.verdict(invariant, step: 2) == .held, "\(invariant.rawValue)")
        }
        // A stranger that has gone again before the step looks was never seen.
        let verdict = try #require(outcome.verdict(.commitNotAhead, step: 2))
        #expect([.held, SharedKafka.sharedGroup].contains(verdict))
        try await blocking { try SharedKafka.delete(topics: [topic], groups: [group]) }
    }
}
