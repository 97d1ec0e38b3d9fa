import KrunDiagnostics
import KrunOutcome
import KrunRunner
import Testing

/// Topics that change while a scenario runs.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TopicStepTests {
    private func changing(_ steps: String, topics: String = #"{ "name": "orders", "partitions": 3 }"#) async throws
        -> ScenarioOutcome
    {
        try await run(#"{ "name": "test", "topics": [\#(topics)], "steps": [\#(steps)] }"#)
    }

    @Test func aTopicComesAndGoesAndComesAgain() async throws {
        let outcome = try await changing(
            """
            { "topic": "invoices", "create": { "partitions": 2, "replicationFactor": 1, "config": { "retention.ms": 60000 } },
              "expect": { "partitions": 2, "replicas": 1, "config": { "retention.ms": 60000, "cleanup.policy": "delete" },
                          "offsets": { "0": { "first": 0, "end": 0 } } } },
            { "produce": "invoices", "count": 10, "key": "{{index}}" },
            { "consume": "invoices", "group": "billing", "expect": { "messages": 10 } },
            { "topic": "invoices", "create": {}, "expect": { "error": "TOPIC_ALREADY_EXISTS", "partitions": 2 } },
            { "topic": "invoices", "delete": true },
            { "topic": "invoices", "delete": true, "expect": { "error": "UNKNOWN_TOPIC_OR_PART" } },
            { "topic": "invoices", "create": { "partitions": 1 }, "expect": { "partitions": 1 } },
            { "produce": "invoices", "count": 4, "expect": { "partitions": { "0": { "first": 0, "last": 3 } } } },
            { "consume": "invoices", "group": "billing", "expect": { "messages": 4, "redelivered": 0, "lag": 0 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.topic(1)?.change == .create)
        #expect(outcome.topic(4)?.error == "TOPIC_ALREADY_EXISTS")
        #expect(outcome.topic(5)?.partitions == nil)
        #expect(outcome.verdict(.noLoss, step: 9) == .held)
        #expect(outcome.verdict(.noDuplicates, step: 9) == .held)
        #expect(outcome.topics.map(\.name) == ["orders", "invoices"])
        #expect(outcome.topics.map(\.partitions) == [3, 1])
    }

    /// Of the keys some move, as their partition is the hash modulo the number of partitions; that is nobody's fault, and told.
    @Test func keysMoveWithThePartitions() async throws {
        let outcome = try await changing(
            """
            { "produce": "orders", "count": 10, "key": "user-{{index}}", "expect": { "movedKeys": 0 } },
            { "topic": "orders", "partitions": 6, "expect": { "partitions": 6, "offsets": { "5": { "end": 0 } } } },
            { "produce": "orders", "count": 10, "key": "user-{{index}}",
              "expect": { "movedKeys": 5, "keys": { "user-8": { "partition": 3 } } } },
            { "produce": "orders", "count": 10, "key": "user-{{index}}", "expect": { "movedKeys": 0 } },
            { "consume": "orders", "group": "billing",
              "expect": { "messages": 30, "keys": { "user-8": { "partitions": 2, "messages": 3 }, "user-0": { "partitions": 1 } } } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.topic(2)?.partitionsBefore == 3)
        let moved = try #require(outcome.produced(3)?.movedKeys)
        #expect(
            moved.first.map { "\(String(decoding: $0.key, as: UTF8.self)) \($0.from)>\($0.to)" }
                == ["user-3 2>5", "user-5 1>4", "user-6 2>5", "user-8 0>3", "user-9 2>5"])
        for step in [3, 4, 5] { #expect(outcome.verdict(.keyAffinity, step: step) == .held) }
        #expect(outcome.verdict(.perKeyOrder, step: 4) == .held)
        #expect(
            outcome.verdict(.perKeyOrder, step: 5)
                == .notJudged(
                    "key \"user-3\" moved when partitions were added to orders: between its partitions there is no order"
                ))
        #expect(outcome.verdict(.noLoss, step: 5) == .held)
    }

    /// With two partitioners at work nobody can tell why a key moved.
    @Test func twoPartitionersAreNotJudged() async throws {
        let outcome = try await changing(
            """
            { "produce": "orders", "count": 10, "key": "user-{{index}}" },
            { "topic": "orders", "partitions": 6 },
            { "produce": "orders", "count": 10, "key": "user-{{index}}", "partitioner": "consistent" }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(
            outcome.verdict(.keyAffinity, step: 3)
                == .notJudged("several partitioners were used on orders: consistent and murmur2_random"))
        #expect(outcome.produced(3)?.movedKeys.count == 0)
    }

    /// A key that moves without partitions having been added is broken affinity, before and after.
    @Test func aMoveWithoutAReasonIsBroken() async throws {
        let outcome = try await changing(
            """
            { "topic": "orders", "partitions": 6 },
            { "produce": "orders", "count": 10, "key": "user-{{index}}" },
            { "consume": "orders", "group": "billing", "expect": { "messages": 10 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.keyAffinity, step: 2) == .held)
        #expect(outcome.verdict(.perKeyOrder, step: 3) == .held)
    }

    /// Members that stay are given the new partitions, and a step reads those from their beginning.
    @Test(arguments: ["range", "cooperative-sticky"])
    func liveMembersGetNewPartitions(assignor: String) async throws {
        let outcome = try await changing(
            """
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "\(assignor)" },
            { "produce": "orders", "count": 300, "key": "{{index}}" },
            { "consume": "orders", "group": "billing", "expect": { "messages": 300 } },
            { "topic": "orders", "partitions": 8 },
            { "produce": "orders", "count": 800, "key": "{{index}}" },
            { "group": "billing", "expect": { "members": { "ann": { "partitions": 4 }, "bob": { "partitions": 4 } } } },
            { "consume": "orders", "group": "billing",
              "expect": { "messages": 800, "redelivered": 0, "partitions": { "7": { "first": 0 } }, "lag": 0 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(try #require(outcome.membership(6)).duration < .seconds(5))
        for step in [6, 7] { #expect(outcome.verdict(.singleOwner, step: step) == .held) }
        for invariant in [Invariant.noLoss, .noDuplicates, .commitNotAhead, .assignedOnly] {
            #expect(outcome.verdict(invariant, step: 7) == .held)
        }
    }

    /// A step that is reading when they are added reads them, too, from their beginning; it is not to wait for what is in them.
    @Test func partitionsAddedWhileReading() async throws {
        let outcome = try await changing(
            """
            { "together": [
              { "consume": "orders", "group": "billing", "members": 2, "until": { "messages": 40 }, "expect": { "messages": 40 } },
              [{ "produce": "orders", "count": 10, "partition": 0 },
               { "topic": "orders", "partitions": 5 },
               { "produce": "orders", "count": 30, "partition": "{{3 + index % 2}}" }]
            ] },
            { "consume": "orders", "group": "billing", "expect": { "messages": 0, "committed": { "0": 10, "3": 15, "4": 15 } } }
            """)
        #expect(outcome.printedDiagnostics == "")
        let read = try #require(outcome.steps.first?.lists.first?.first)
        guard case .consume(let consumed)? = read.result else {
            Issue.record("nothing was read")
            return
        }
        #expect(consumed.extents.map(\.messages) == [10, 0, 0, 15, 15])
        #expect(consumed.extents.map(\.first) == [0, nil, nil, 0, 0])
        #expect(read.invariants.allSatisfy { if case .broken = $0.verdict { false } else { true } })
    }

    @Test func recordsAreDeleted() async throws {
        let outcome = try await changing(
            """
            { "produce": "orders", "count": 10, "partition": 0 },
            { "produce": "orders", "count": 4, "partition": 1 },
            { "topic": "orders", "deleteRecords": { "0": 6, "1": "latest" },
              "expect": { "offsets": { "0": { "first": 6, "end": 10 }, "1": { "first": 4, "end": 4 }, "2": { "first": 0, "end": 0 } } } },
            { "topic": "orders", "deleteRecords": { "0": 11 },
              "expect": { "error": "OFFSET_OUT_OF_RANGE", "offsets": { "0": { "first": 6 } } } },
            { "consume": "orders", "group": "billing", "expect": { "messages": 5 } }
            """)
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .passed, .failed])
        #expect(
            outcome.steps[4].diagnostics.flatMap(\.notes) == [
                "10 acknowledged messages had been removed from orders/0 and orders/1 before they were read",
                "step 4 deleted records of orders",
            ])
        #expect(
            outcome.verdict(.noLoss, step: 5)
                == .notJudged("acknowledged records before offset 6 of orders/0 were removed before they were read"))
    }

    @Test func configsAreSetAndTakenBack() async throws {
        let outcome = try await changing(
            """
            { "topic": "orders", "config": { "retention.ms": 1000000, "max.message.bytes": 2000 },
              "expect": { "config": { "retention.ms": 1000000, "max.message.bytes": 2000, "segment.bytes": "1000000" } } },
            { "topic": "orders", "config": { "max.message.bytes": null },
              "expect": { "config": { "retention.ms": 1000000, "max.message.bytes": { "min": 1000000 }, "no.such": null } } },
            { "topic": "orders", "config": { "retention.ms": -7 }, "expect": { "error": "INVALID_CONFIG" } }
            """, topics: #"{ "name": "orders", "config": { "segment.bytes": 1000000 } }"#)
        #expect(outcome.printedDiagnostics == "")
        #expect(
            outcome.topic(1)?.config == [
                "retention.ms": "1000000", "max.message.bytes": "2000", "segment.bytes": "1000000",
            ])
    }

    /// What retention removes counts as removed, and the sentence is about the config that the step has set.
    @Test func retentionIsSetByAStep() async throws {
        let outcome = try await changing(
            """
            { "produce": "orders", "count": 5, "value": "x", "timestamp": "2001-01-01T00:00:00Z" },
            { "topic": "orders", "config": { "retention.ms": 1000 } },
            { "consume": "quiet", "until": { "idle": "3s" } },
            { "consume": "orders", "group": "billing", "expect": { "messages": 5 } }
            """, topics: #"{ "name": "orders", "config": { "retention.ms": -1 } }, { "name": "quiet" }"#)
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .failed])
        #expect(
            outcome.steps[3].diagnostics.flatMap(\.notes) == [
                "5 acknowledged messages had been removed from orders/0 before they were read",
                "retention.ms of orders is 1000: a message whose timestamp is older is removed; \"config\": { \"retention.ms\": \"-1\" } on the topic keeps it",
            ])
    }

    @Test func compactionLeavesTheLastOfEachKey() async throws {
        let outcome = try await changing(
            """
            { "produce": "orders", "messages": [
              { "key": "a", "value": "1" }, { "key": "b", "value": "1" }, { "key": "a", "value": "2" }, { "key": "b", "value": null } ] },
            { "consume": "orders", "group": "billing", "until": { "messages": 1 } },
            { "topic": "orders", "compact": true, "expect": { "offsets": { "0": { "first": 0, "end": 4 } } } },
            { "consume": "orders", "group": "billing",
              "expect": { "messages": 2, "partitions": { "0": { "first": 2, "last": 3 } }, "keys": { "b": { "values": [null] } } } }
            """, topics: #"{ "name": "orders", "config": { "cleanup.policy": "compact" } }"#)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.noLoss, step: 4) == .notJudged("the cleanup.policy of orders is compact"))
    }

    @Test func whatKafkaRefusesEndsTheScenario() async throws {
        let outcome = try await changing(
            """
            { "topic": "orders", "deleteRecords": { "0": 5 } },
            { "consume": "orders" }
            """)
        #expect(outcome.stepStatuses == [.error])
        #expect(outcome.steps[0].diagnostics.map(\.title) == ["cannot delete records of topic orders"])
        #expect(
            outcome.steps[0].diagnostics.flatMap(\.notes)
                == ["OFFSET_OUT_OF_RANGE while deleting records: Broker: Offset out of range"])
    }

    @Test func aDifferenceIsAFailure() async throws {
        let outcome = try await changing(
            """
            { "topic": "orders", "partitions": 4, "expect": { "partitions": 5, "replicas": 2, "offsets": { "0": { "end": 1 } } } }
            """)
        #expect(
            outcome.steps[0].diagnostics.map(\.title) == [
                "orders has another number of partitions than expected",
                "the partitions of orders have another number of replicas than expected",
                "the end offset of partition 0 of orders is not as expected",
            ])
    }

    /// Rounds may raise it again and again.
    @Test func roundByRound() async throws {
        let outcome = try await changing(
            """
            { "repeat": 3, "steps": [
              { "topic": "orders", "partitions": "{{(round + 2) * 3}}", "expect": { "partitions": "{{(round + 2) * 3}}" } },
              { "produce": "orders", "count": 1, "partition": "{{(round + 2) * 3 - 1}}" }
            ] },
            { "consume": "orders", "expect": { "partitions": { "5": { "messages": 1 }, "8": { "messages": 1 }, "11": { "messages": 1 } } } }
            """)
        #expect(outcome.printedDiagnostics == "")
    }

    @Test func membersOutliveADeletedTopic() async throws {
        let outcome = try await changing(
            """
            { "group": "billing", "subscribe": ["orders", "quiet"], "members": 2 },
            { "topic": "orders", "delete": true },
            { "group": "billing", "expect": { "state": "Stable", "idle": 1 } },
            { "produce": "quiet", "count": 3 },
            { "group": "billing", "members": [] },
            { "consume": "quiet", "group": "billing", "expect": { "messages": 3 } }
            """, topics: #"{ "name": "orders", "partitions": 3 }, { "name": "quiet" }"#)
        #expect(outcome.printedDiagnostics == "")
    }
}
