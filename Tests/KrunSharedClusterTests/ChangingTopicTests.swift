import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// What steps do to topics and offsets on a cluster that others use too: names carry the run's suffix, and nothing is left.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ChangingTopicTests {
    private func scenario(_ steps: String) -> String {
        """
        { "name": "test", \(patience), "topics": [{ "name": "orders", "partitions": 2 }], "steps": [\(steps)] }
        """
    }

    @Test func offsetsAreResetAndLookedAt() async throws {
        let outcome = try await run(
            scenario(
                """
                { "produce": "orders", "count": 10, "partition": "{{index % 2}}" },
                { "consume": "orders", "group": "billing", "expect": { "messages": 10 } },
                { "offsets": "billing", "reset": -2, "expect": { "committed": { "0": 3, "1": 3 }, "lag": 4 } },
                { "consume": "orders", "group": "billing", "stay": true, "expect": { "messages": 4, "redelivered": 4 } },
                { "offsets": "billing", "reset": "earliest", "expect": { "error": "UNKNOWN_MEMBER_ID", "committed": { "0": 5 } } },
                { "offsets": "fresh", "topic": "orders", "reset": "latest", "expect": { "lag": 0 } }
                """))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.cleanup.deletedGroups == outcome.actualGroups)
        #expect(outcome.groups.map(\.name) == ["billing", "fresh"])
        try await expectNothingLeft(by: outcome)
    }

    @Test func aTopicOfAStepIsTheRunsOwn() async throws {
        let outcome = try await run(
            scenario(
                """
                { "topic": "invoices", "create": { "partitions": 1 }, "expect": { "partitions": 1 } },
                { "group": "billing", "subscribe": "invoices", "members": 2 },
                { "produce": "invoices", "count": 5 },
                { "topic": "invoices", "partitions": 4 },
                { "group": "billing", "expect": { "idle": 0 } },
                { "produce": "invoices", "count": 20, "partition": "{{index % 4}}" },
                { "consume": "invoices", "group": "billing", "expect": { "messages": 25, "lag": 0 } },
                { "topic": "invoices", "deleteRecords": { "0": 2 }, "expect": { "offsets": { "0": { "first": 2 } } } },
                { "topic": "invoices", "config": { "retention.ms": 3600000 }, "expect": { "config": { "retention.ms": 3600000 } } },
                { "topic": "orders", "delete": true },
                { "topic": "orders", "create": { "partitions": 3 } }
                """))
        #expect(outcome.printedDiagnostics == "")
        let names = outcome.actualTopics
        #expect(outcome.topics.map(\.name) == ["orders", "invoices"])
        #expect(outcome.topics.map(\.partitions) == [3, 4])
        #expect(names.allSatisfy { $0.contains("-krun-") })
        #expect(Set(outcome.cleanup.deletedTopics) == Set(names))
        #expect(outcome.cleanup.left == [])
        try await expectNothingLeft(by: outcome)
    }

    /// Also what a step has made goes when somebody wants the end, and what a step has deleted is not asked for again.
    @Test func nothingIsLeftAfterAnInterruption() async throws {
        let interruption = Interruption()
        let options = SharedKafka.options {
            $0.onProgress = { if $0.contains("consume invoices") { interruption.request() } }
        }
        let outcome = try await run(
            scenario(
                """
                { "topic": "invoices", "create": { "partitions": 2 } },
                { "topic": "orders", "delete": true },
                { "consume": "invoices", "group": "billing", "until": { "messages": 1 } }
                """), options, interruption: interruption)
        #expect(outcome.status == .interrupted)
        #expect(outcome.cleanup.deletedTopics == [outcome.actualTopics[1]])
        #expect(outcome.cleanup.left == [])
        try await expectNothingLeft(by: outcome)
    }

    /// With exact names a topic that the run has not made is somebody else's, whatever the file says of it.
    @Test func somebodyElsesTopicStays() async throws {
        let (own, other) = (SharedKafka.freshName("orders"), SharedKafka.freshName("invoices"))
        try await blocking { try SharedKafka.create(NewTopic(name: other, partitions: 1)) }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "\(own)" }],
              "steps": [
                { "topic": "\(other)", "create": {}, "expect": { "error": "TOPIC_ALREADY_EXISTS" } },
                { "topic": "\(other)", "delete": true, "expect": { "error": "UNKNOWN_TOPIC_OR_PART" } }
              ] }
            """, SharedKafka.options { $0.exactNames = true })
        #expect(outcome.stepStatuses == [.passed, .error])
        #expect(outcome.steps[1].diagnostics.map(\.title) == ["topic \(other) is none of this run's"])
        #expect(outcome.cleanup.deletedTopics == [own])
        #expect(try await blocking { try SharedKafka.present(topics: [other]) } == [other])
        try await blocking { try SharedKafka.delete(topics: [other]) }
    }

    /// Somebody else's topic is looked at, and nothing else.
    @Test func anExistingTopicIsLookedAt() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking { try SharedKafka.create(NewTopic(name: name, partitions: 3)) }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "\(name)", "existing": true }],
              "steps": [{ "topic": "\(name)", "expect": { "partitions": 3, "offsets": { "2": { "first": 0, "end": 0 } } } }] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.cleanup == CleanupOutcome())
        #expect(try await blocking { try SharedKafka.present(topics: [name]) } == [name])
        try await blocking { try SharedKafka.delete(topics: [name]) }
    }
}
