import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// How scenarios end, on the embedded broker.
@Suite(.timeLimit(.minutes(1))) struct VerdictTests {
    @Test func stepsGoOnAfterAFailedExpectation() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 3 }],
              "steps": [
                { "produce": "orders", "messages": [{ "key": "alice", "value": "espresso" }],
                  "expect": { "messages": 2, "keys": { "alice": { "partition": 2 } } } },
                { "consume": "orders", "expect": { "messages": 1 } }
              ] }
            """)
        #expect(outcome.status == .failed)
        #expect(outcome.stepStatuses == [.failed, .passed])
        #expect(
            outcome.printedDiagnostics == """
                error: another number of messages was acknowledged than expected
                 --> test.json:4:31
                  |
                  | produce orders                                                step 1 of 2
                4 |       "expect": { "messages": 2, "keys": { "alice": { "partition": 2 } } } },
                  |                               ^ actual: 1

                error: key "alice" is on another partition than expected
                 --> test.json:4:68
                  |
                  | produce orders                                                step 1 of 2
                4 |       "expect": { "messages": 2, "keys": { "alice": { "partition": 2 } } } },
                  |                                                                    ^ actual: 0
                  |
                  = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random
                  = consistent_random (crc32) and fnv1a_random would have given 2: is one of them what produced the value you expected?
                """)
    }

    /// A text of so many bytes and a hundred more, of which a file tells ten: only the first of two messages has no more.
    private func growing(_ count: Int) -> String {
        String(repeating: "x", count: count) + String(repeating: "{{index * 1000000007}}", count: 10)
    }

    @Test func stepsStopAfterARunTimeError() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "client": { "message.max.bytes": 1000 },
              "steps": [
                { "produce": "orders",
                  "messages": [{ "value": "x" }, { "value": "\(growing(880))", "count": 2 }] },
                { "produce": "orders", "messages": [{ "value": "y" }] }
              ] }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.error])
        #expect(outcome.stepCount == 2)
        #expect(outcome.produced(1)?.messages == 2)
        #expect(outcome.produced(1)?.errors == ["MSG_SIZE_TOO_LARGE": 1])
        #expect(
            outcome.printedDiagnostics == """
                error: 1 of 3 messages to orders were not acknowledged
                 --> test.json:3:18
                  |
                  | produce orders                                                step 1 of 2
                3 |     { "produce": "orders",
                  |                  ^^^^^^^^
                  |
                  = after <time>: 2 acknowledged, 1 × MSG_SIZE_TOO_LARGE from the client
                  = the client measures a message before compression, against message.max.bytes in "client" \
                (1000000 where it is not set)
                  = a step that is meant to fail says so: "expect": { "failed": 1 }
                """)
    }

    @Test func aStepThatIsMeantToFailDoes() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "client": { "message.max.bytes": 1000 },
              "steps": [
                { "produce": "orders", "messages": [{ "value": "x" }, { "value": { "bytes": 2000 } }],
                  "expect": { "messages": 1, "failed": 1 } },
                { "consume": "orders", "expect": { "messages": 1 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.stepStatuses == [.passed, .passed])
    }

    @Test func anotherNumberOfFailuresThanExpectedIsAFailure() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "client": { "message.max.bytes": 1000 },
              "steps": [
                { "produce": "orders", "messages": [{ "value": { "bytes": 2000 } }],
                  "expect": { "failed": 2 } }
              ] }
            """)
        #expect(outcome.status == .failed)
        #expect(
            outcome.printedDiagnostics == """
                error: another number of messages failed than expected
                 --> test.json:4:29
                  |
                  | produce orders                                                step 1 of 1
                4 |       "expect": { "failed": 2 } }
                  |                             ^ actual: 1
                  |
                  = 1 failed with MSG_SIZE_TOO_LARGE from the client
                """)
    }

    /// The same error from the broker, which measures what compression left.
    @Test func tooLargeForTheBrokerIsAnotherThingThanForTheClient() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "config": { "max.message.bytes": 2000 } }],
              "steps": [
                { "produce": "orders", "client": { "message.max.bytes": 10000, "linger.ms": 0, "batch.num.messages": 1 }, "compression": "gzip",
                  "messages": [
                    { "value": { "bytes": 5000 } }, { "value": "\(growing(9880))", "count": 2 }, { "value": { "bytes": 5000 } }
                  ] }
              ] }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.produced(1)?.errors == ["MSG_SIZE_TOO_LARGE": 3])
        #expect(outcome.produced(1)?.refusedByClient == ["MSG_SIZE_TOO_LARGE": 1])
        #expect(
            outcome.printedDiagnostics.hasSuffix(
                """
                  = after <time>: 1 acknowledged, 2 × MSG_SIZE_TOO_LARGE from the broker, 1 × MSG_SIZE_TOO_LARGE from the client
                  = the client measures a message before compression, against message.max.bytes in "client" \
                (1000000 where it is not set)
                  = the broker measures a batch after compression, against max.message.bytes in the topic's "config" \
                (1048588 where it is not set)
                  = a step that is meant to fail says so: "expect": { "failed": 3 }
                """))
    }

    /// A topic's config is the broker's to judge, as on any Kafka.
    @Test func aTopicConfigIsInForce() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "config": { "max.message.bytes": 2000 } }],
              "steps": [
                { "produce": "orders", "messages": [{ "value": { "bytes": 1000 } }, { "value": { "bytes": 5000 } }],
                  "client": { "linger.ms": 0, "batch.num.messages": 1 },
                  "expect": { "messages": 1, "failed": 1 } },
                { "consume": "orders", "expect": { "messages": 1 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.produced(1)?.errors == ["MSG_SIZE_TOO_LARGE": 1])
    }

    @Test func anExistingTopicIsNotThere() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "steps": [{ "consume": "orders" }] }
            """)
        #expect(outcome.status == .error)
        #expect(
            outcome.printedDiagnostics == """
                error: there is no topic orders on this broker
                 --> test.json:1:62
                  |
                1 | { "name": "test", "topics": [{ "name": "orders", "existing": true }],
                  |                                                              ^^^^
                  |
                  = the embedded broker is always new: leave out "existing", or use --brokers host:port
                """)
    }

    @Test func moreReplicasThanBrokersAreRefused() async throws {
        let outcome = try await run(
            """
            { "name": "test", "embedded": { "brokers": 3 },
              "topics": [{ "name": "orders", "replicationFactor": 3 }],
              "steps": [{ "consume": "orders" }] }
            """, RunOptions(broker: BrokerChoice(.embedded(brokers: 1), chosenBy: "--embedded")))
        #expect(outcome.status == .error)
        #expect(
            outcome.printedDiagnostics == """
                error: topic orders asks for 3 replicas of each partition
                 --> test.json:2:55
                  |
                2 |   "topics": [{ "name": "orders", "replicationFactor": 3 }],
                  |                                                       ^ this cluster has 1 broker
                  |
                  = leave out replicationFactor for the broker's default, or declare "requires": ["brokers>=N"]
                """)
    }

    @Test(arguments: [
        (#""skip": "the ticket is open","#, "the ticket is open"),
        (#""requires": ["real-broker"],"#, "requires a real broker: --brokers host:port"),
        (#""requires": ["brokers>=4"],"#, "requires brokers>=4, this cluster has 3"),
        (
            #""requires": ["librdkafka>=99.1"],"#,
            "requires librdkafka>=99.1, this is librdkafka \(KafkaLibrary.version)"
        ),
    ])
    func aScenarioThatCannotRunHereIsSkippedWithTheReason(_ field: String, _ reason: String) async throws {
        let outcome = try await run(
            """
            { "name": "test", \(field) "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x" }] }] }
            """)
        #expect(outcome.status == .skipped)
        #expect(outcome.skipReason == reason)
        #expect(outcome.steps == [])
        #expect(outcome.diagnostics == [])
    }

    @Test func aRequirementThatIsMetIsNoReason() async throws {
        let outcome = try await run(
            """
            { "name": "test", "requires": ["brokers>=3", "librdkafka>=2.0.2"], "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x" }] }] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
    }
}
