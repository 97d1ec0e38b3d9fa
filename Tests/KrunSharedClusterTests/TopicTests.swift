import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

@Suite(.serialized, .timeLimit(.minutes(3)))
struct TopicTests {
    @Test func isMadeAsTheFileSays() async throws {
        let brokers = try await blocking { try SharedKafka.brokers() }
        let outcome = try await run(
            """
            { "name": "test", \(patience),
              "topics": [
                { "name": "orders", "partitions": 5, "replicationFactor": \(brokers),
                  "config": { "retention.ms": 3600000, "cleanup.policy": "delete", "max.message.bytes": 2000 } },
                { "name": "invoices" }
              ],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x" }] }] }
            """, SharedKafka.options { $0.keep = true })
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.broker?.brokers == brokers)
        let names = outcome.actualTopics
        #expect(outcome.cleanup.kept.sorted() == names.sorted())
        try await blocking {
            let admin = try SharedKafka.admin()
            let topics = try admin.metadata(topics: names, timeout: .seconds(20)).topics
            #expect(topics.map(\.partitions.count) == [5, 1])
            #expect(topics.first?.partitions.allSatisfy { $0.replicas.count == brokers } == true)
            let config = try admin.topicConfig(names[0], timeout: .seconds(20))
            #expect(config["retention.ms"] == "3600000")
            #expect(config["cleanup.policy"] == "delete")
            #expect(config["max.message.bytes"] == "2000")
            try SharedKafka.delete(topics: names)
        }
    }

    @Test func moreReplicasThanBrokersAreRefused() async throws {
        let brokers = try await blocking { try SharedKafka.brokers() }
        let outcome = try await run(
            """
            { "name": "test", \(patience), "embedded": { "brokers": 64 },
              "topics": [{ "name": "orders", "replicationFactor": 64 }], "steps": [{ "consume": "orders" }] }
            """)
        #expect(outcome.status == .error)
        #expect(
            outcome.printedDiagnostics == """
                error: topic orders asks for 64 replicas of each partition
                 --> test.json:2:55
                  |
                2 |   "topics": [{ "name": "orders", "replicationFactor": 64 }], "steps": [{ "consume": "orders" }] }
                  |                                                       ^^ this cluster has \(brokers) \(brokers == 1 ? "broker" : "brokers")
                  |
                  = leave out replicationFactor for the broker's default, or declare "requires": ["brokers>=N"]
                """)
        #expect(outcome.cleanup == CleanupOutcome())
    }

    @Test func aConfigThatTheBrokerRefusesIsTold() async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), "requires": "real-broker",
              "topics": [{ "name": "orders", "config": { "remote.storage.enable": true } }],
              "steps": [{ "consume": "orders" }] }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.printedDiagnostics.contains("error: cannot create topic orders"))
        #expect(outcome.printedDiagnostics.contains("  = INVALID_CONFIG: "))
        #expect(outcome.printedDiagnostics.contains("Tiered Storage"))
        #expect(outcome.cleanup == CleanupOutcome())
    }

    /// What was read is not lost, whatever the broker might have removed.
    @Test(arguments: [#""retention.ms": "3600000""#, #""cleanup.policy": "compact""#])
    func whatWasReadIsNotLostWhateverTheBrokerMayRemove(_ config: String) async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "orders", "config": { \(config) } }],
              "steps": [
                { "produce": "orders", "count": 10, "key": "{{index}}", "value": "x" },
                { "consume": "orders", "expect": { "messages": 10 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.noLoss, step: 2) == .held)
        try await expectNothingLeft(by: outcome)
    }

    @Test func whatTheBrokerFindsTooLargeFails() async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience),
              "topics": [{ "name": "orders", "config": { "max.message.bytes": 2000 } }],
              "steps": [
                { "produce": "orders", "messages": [{ "value": { "bytes": 5000 } }],
                  "expect": { "messages": 0, "failed": 1 } },
                { "produce": "orders", "messages": [{ "value": "small" }] },
                { "produce": "orders", "messages": [{ "value": { "bytes": 5000 } }], "compression": "gzip" },
                { "consume": "orders" }
              ] }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.passed, .passed, .error])
        #expect(outcome.produced(1)?.errors == ["MSG_SIZE_TOO_LARGE": 1])
        #expect(
            outcome.printedDiagnostics.hasPrefix("error: 1 of 1 messages to orders were not acknowledged\n"))
        #expect(
            outcome.printedDiagnostics.contains(
                "  = after <time>: 0 acknowledged, 1 × MSG_SIZE_TOO_LARGE from the broker\n"))
        try await expectNothingLeft(by: outcome)
    }

    /// Nothing of an existing topic is made, altered or deleted; its partitions are asserted.
    @Test func anExistingOneIsUsedAndStays() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking { try SharedKafka.create(NewTopic(name: name, partitions: 2)) }
        func scenario(partitions: Int) -> String {
            """
            { "name": "test", \(patience),
              "topics": [{ "name": "\(name)", "existing": true, "partitions": \(partitions) }],
              "steps": [
                { "produce": "\(name)", "count": 10, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "\(name)", "group": "readers", "from": "earliest", "expect": { "lag": 0 } }
              ] }
            """
        }
        let outcome = try await run(scenario(partitions: 2))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.consumed(2)?.messages == 10)
        #expect(outcome.topics.map(\.actualName) == [name])
        #expect(outcome.topics.map(\.existing) == [true])
        #expect(outcome.cleanup.deletedTopics == [])
        #expect(outcome.cleanup.deletedGroups == outcome.actualGroups)
        #expect(outcome.verdict(.noLoss, step: 2) == .held)
        #expect(try await blocking { try SharedKafka.present(topics: [name]) } == [name])

        let other = try await run(scenario(partitions: 3))
        #expect(other.status == .failed)
        #expect(other.steps == [])
        #expect(
            other.printedDiagnostics.contains(
                "error: topic \(name) has another number of partitions than the file says\n"))
        #expect(other.printedDiagnostics.contains("^ actual: 2"))
        #expect(try await blocking { try SharedKafka.present(topics: [name]) } == [name])
        try await blocking { try SharedKafka.delete(topics: [name]) }
    }

    @Test func anExistingOneThatIsNotThereIsNotMade() async throws {
        let name = SharedKafka.freshName("missing")
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "\(name)", "existing": true }],
              "steps": [{ "consume": "\(name)" }] }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.printedDiagnostics.hasPrefix("error: there is no topic \(name) on this broker\n"))
        #expect(
            outcome.printedDiagnostics.hasSuffix(
                "\n  = create it first, or leave out \"existing\" and krun creates one for this run"))
        #expect(try await blocking { try SharedKafka.present(topics: [name]) } == [])
    }
}
