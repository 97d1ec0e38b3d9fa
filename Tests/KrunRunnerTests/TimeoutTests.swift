import KrunBroker
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// Each budget that runs out says which one it was and how far it had come.
@Suite(.timeLimit(.minutes(1))) struct TimeoutTests {
    @Test func joining() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.inject(.fail(.joinGroup, with: "COORDINATOR_LOAD_IN_PROGRESS"))
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "join": "500ms" }, "topics": [{ "name": "orders" }],
              "steps": [
                { "consume": "orders", "group": "billing", "members": 2 },
                { "consume": "orders" }
              ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.error])
        #expect(
            outcome.printedDiagnostics == """
                error: group billing did not become stable in time
                 --> test.json:3:18
                  |
                  | consume orders as billing                                     step 1 of 2
                3 |     { "consume": "orders", "group": "billing", "members": 2 },
                  |                  ^^^^^^^^
                  |
                  = after <time> (timeouts.join) 0 of 2 members had an assignment; nothing was read
                """)
        #expect(outcome.consumed(1)?.joinDuration == nil)
        #expect(outcome.consumed(1)?.messages == 0)
    }

    @Test func receivingSoManyMessages() async throws {
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "receive": "700ms" }, "topics": [{ "name": "orders", "partitions": 2 }],
              "steps": [
                { "produce": "orders", "count": 5, "partition": 1, "value": "x" },
                { "consume": "orders", "group": "billing", "until": { "messages": 9 } },
                { "consume": "orders", "group": "billing" }
              ] }
            """)
        #expect(outcome.status == .failed)
        #expect(outcome.stepStatuses == [.passed, .failed, .passed])
        #expect(
            outcome.printedDiagnostics == """
                error: reading ended before it was done: timeouts.receive ran out
                 --> test.json:4:18
                  |
                  | consume orders as billing                                     step 2 of 3
                4 |     { "consume": "orders", "group": "billing", "until": { "messages": 9 } },
                  |                  ^^^^^^^^
                  |
                  = joined after <time>; 5 of 9 received in <time>
                  = end offsets p1=5; positions p1=5
                """)
        #expect(outcome.consumed(2)?.messages == 5)
        #expect(outcome.consumed(2)?.committed == [0, 5])
        #expect(outcome.consumed(3)?.messages == 0)
    }

    @Test func receivingUntilNothingComes() async throws {
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "receive": "700ms" }, "topics": [{ "name": "orders", "partitions": 2 }],
              "steps": [
                { "produce": "orders", "count": 5, "partition": 1, "value": "x" },
                { "consume": "orders", "until": { "idle": "5s" } }
              ] }
            """)
        #expect(outcome.stepStatuses == [.passed, .failed])
        #expect(
            outcome.printedDiagnostics == """
                error: reading ended before it was done: timeouts.receive ran out
                 --> test.json:4:18
                  |
                  | consume orders                                                step 2 of 2
                4 |     { "consume": "orders", "until": { "idle": "<time>" } }
                  |                  ^^^^^^^^
                  |
                  = 5 received in <time>, never <time> without another
                  = end offsets p1=5; positions p1=5
                """)
    }

    /// The broker names a leader that never hands anything out.
    @Test func receivingToTheEnd() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 3)
        try cluster.inject(.fail(.fetch, with: "NOT_LEADER_OR_FOLLOWER"))
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "receive": "700ms" }, "topics": [{ "name": "orders", "existing": true }],
              "steps": [
                { "produce": "orders", "count": 6, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "orders" }
              ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.stepStatuses == [.passed, .failed])
        #expect(
            outcome.printedDiagnostics == """
                error: reading ended before it was done: timeouts.receive ran out
                 --> test.json:4:18
                  |
                  | consume orders                                                step 2 of 2
                4 |     { "consume": "orders" }
                  |                  ^^^^^^^^
                  |
                  = 0 of 6 received in <time>
                  = end offsets p0=3 p1=3; positions p0=0 p1=0
                """)
    }

    /// Every attempt is refused as one that may be repeated.
    @Test func delivering() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        try cluster.inject(.fail(.produce, with: "NOT_LEADER_OR_FOLLOWER"))
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "deliver": "1s" }, "topics": [{ "name": "orders", "existing": true }],
              "steps": [
                { "produce": "orders", "count": 5, "value": "x" },
                { "consume": "orders" }
              ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.error])
        #expect(outcome.produced(1)?.messages == 0)
        #expect(outcome.produced(1)?.failed == 5)
        let text = outcome.printedDiagnostics.replacing(/× _\w+/, with: "× <error>")
        #expect(
            text == """
                error: 5 of 5 messages to orders were not acknowledged
                 --> test.json:3:18
                  |
                  | produce orders                                                step 1 of 2
                3 |     { "produce": "orders", "count": 5, "value": "x" },
                  |                  ^^^^^^^^
                  |
                  = after <time>: 0 acknowledged, 5 × <error>
                  = timeouts.deliver is <time>
                  = a step that is meant to fail says so: "expect": { "failed": 5 }
                """)
    }

    /// With this property librdkafka says nothing of messages that arrived: nobody knows whether they did.
    @Test func reportsThatNeverCome() async throws {
        var options = RunOptions.embedded
        options.properties["delivery.report.only.error"] = "true"
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "deliver": "1s" }, "topics": [{ "name": "orders" }],
              "steps": [
                { "produce": "orders", "count": 5, "value": "x", "expect": { "messages": 5, "failed": 0 } },
                { "consume": "orders" }
              ] }
            """, options)
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.error])
        #expect(outcome.produced(1)?.messages == 0)
        #expect(outcome.produced(1)?.failed == 0)
        #expect(
            outcome.printedDiagnostics == """
                error: 5 of 5 messages to orders were not acknowledged
                 --> test.json:3:18
                  |
                  | produce orders                                                step 1 of 2
                3 |     { "produce": "orders", "count": 5, "value": "x", "expect": { "messages": 5, "failed": 0 } },
                  |                  ^^^^^^^^
                  |
                  = after <time>: 0 acknowledged, 5 not sent or without an answer
                  = timeouts.deliver is <time>
                """)
    }

    @Test func connecting() async throws {
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "connect": "700ms" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """, .kafka("127.0.0.1:1"))
        #expect(outcome.status == .error)
        #expect(outcome.broker == nil)
        #expect(outcome.duration < .seconds(10))
        let text = outcome.printedDiagnostics.replacing(/_TRANSPORT: .*/, with: "_TRANSPORT: …")
        #expect(
            text == """
                error: no broker answers at 127.0.0.1:<port>
                  = _TRANSPORT: …
                  = waited <time> (timeouts.connect) with security.protocol plaintext
                  = nothing listens there: start the broker, or check host and port
                  = without --brokers and KRUN_BROKERS krun runs on its embedded broker
                """)
    }

    @Test func aPropertyThatDoesNotExistIsRefusedBeforeAnythingIsMade() async throws {
        var options = RunOptions.embedded
        options.properties["sasl.pasword"] = "secret"
        let outcome = try await run(
            #"{ "name": "test", "topics": [{ "name": "orders" }], "steps": [{ "consume": "orders" }] }"#, options)
        #expect(outcome.status == .error)
        #expect(outcome.printedDiagnostics.contains("sasl.pasword"))
        #expect(!outcome.printedDiagnostics.contains("\"secret\""))
    }
}
