import KrunBroker
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Synchronization
import Testing

/// Somebody ends a run in the middle of something; librdkafka's own log tells when it is there.
@Suite(.timeLimit(.minutes(1))) struct InterruptionTests {
    /// Requests the end when librdkafka's log has so many lines that contain `text`.
    private func interrupted(
        _ scenario: String, debug: String, at text: String, times: Int = 1
    ) async throws -> ScenarioOutcome {
        let interruption = Interruption()
        let found = Atomic(0)
        var options = RunOptions.embedded
        options.properties["debug"] = debug
        options.onLogLine = { line in
            guard line.text.contains(text) else { return }
            if found.add(1, ordering: .relaxed).newValue == times { interruption.request() }
        }
        let outcome = try await run(scenario, options, interruption: interruption)
        #expect(interruption.isRequested)
        return outcome
    }

    @Test func whileJoining() async throws {
        let outcome = try await interrupted(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "timeouts": { "join": "60s" },
              "steps": [
                { "consume": "orders", "group": "billing", "members": 3, "until": { "idle": "1m" },
                  "note": "to be interrupted" }
              ] }
            """, debug: "cgrp", at: "join with")
        #expect(outcome.status == .interrupted)
        #expect(outcome.stepStatuses == [.interrupted])
        #expect(outcome.steps.map(\.note) == ["to be interrupted"])
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.duration < .seconds(20))
    }

    @Test func whileReading() async throws {
        let outcome = try await interrupted(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "timeouts": { "receive": "60s" },
              "steps": [
                { "produce": "orders", "messages": [{ "value": "x" }] },
                { "consume": "orders", "until": { "messages": 2 } },
                { "produce": "orders", "messages": [{ "value": "y" }] } ] }
            """, debug: "fetch", at: "Fetch topic orders [0] at offset 1", times: 2)
        #expect(outcome.status == .interrupted)
        #expect(outcome.stepStatuses == [.passed, .interrupted])
        #expect(outcome.stepCount == 3)
        #expect(outcome.printedDiagnostics == "")
        // What it had read is kept, and told.
        #expect(outcome.consumed(2)?.extents == [PartitionOutcome(messages: 1, first: 0, last: 0)])
        #expect(outcome.duration < .seconds(20))
    }

    @Test func whileAGroupReads() async throws {
        let outcome = try await interrupted(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "timeouts": { "receive": "60s" },
              "steps": [
                { "produce": "orders", "messages": [{ "value": "x" }] },
                { "consume": "orders", "group": "billing", "members": 2, "until": { "idle": "1m" } } ] }
            """, debug: "fetch", at: "Fetch topic orders [0] at offset 1", times: 2)
        #expect(outcome.status == .interrupted)
        #expect(outcome.stepStatuses == [.passed, .interrupted])
        #expect(outcome.printedDiagnostics == "")
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.messages == 1)
        #expect(consumed.members.map(\.messages).sorted() == [0, 1])
        #expect(consumed.joinDuration != nil)
        #expect(outcome.duration < .seconds(30))
    }

    @Test func whileProducing() async throws {
        let outcome = try await interrupted(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 24 }],
              "steps": [
                { "produce": "orders", "count": 3000000, "key": "{{index}}", "value": null },
                { "consume": "orders" } ] }
            """, debug: "msg", at: "Produce MessageSet")
        #expect(outcome.status == .interrupted)
        #expect(outcome.stepStatuses == [.interrupted])
        #expect(outcome.printedDiagnostics == "")
        let produced = try #require(outcome.produced(1))
        #expect(produced.messages < 3_000_000)
        #expect(produced.records.partitions.values.reduce(0) { $0 + $1.messages } == produced.messages)
        #expect(outcome.duration < .seconds(20))
    }

    @Test func beforeAnythingBegan() async throws {
        let interruption = Interruption()
        interruption.request()
        let outcome = try await run(
            #"{ "name": "test", "topics": [{ "name": "orders" }], "steps": [{ "consume": "orders" }] }"#,
            interruption: interruption)
        #expect(outcome.status == .interrupted)
        #expect(outcome.steps == [])
        #expect(outcome.broker == nil)
    }

    @Test func aBrokerThatDoesNotAnswerIsNotWaitedFor() async throws {
        let interruption = Interruption()
        // Nothing listens on port 1; the first refused connection is the sign.
        var options = RunOptions.kafka("127.0.0.1:1")
        options.onLogLine = { _ in interruption.request() }
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "connect": "60s" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """, options, interruption: interruption)
        #expect(outcome.status == .interrupted)
        #expect(outcome.steps == [])
        #expect(outcome.broker == nil)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.duration < .seconds(20))
    }

    /// There is a connection and no answer.
    @Test func aPortThatSaysNothingIsNotWaitedFor() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.inject(.silence(.metadata))
        let interruption = Interruption()
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.properties["debug"] = "protocol"
        options.onLogLine = { line in
            if line.text.contains("Sent MetadataRequest") { interruption.request() }
        }
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "connect": "60s" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """, options, interruption: interruption)
        #expect(interruption.isRequested)
        #expect(outcome.status == .interrupted)
        #expect(outcome.steps == [])
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.duration < .seconds(20))
    }

    @Test func aCancelledTaskEndsItsRun() async throws {
        let (lines, continuation) = AsyncStream.makeStream(of: Void.self)
        var options = RunOptions.embedded
        options.properties["debug"] = "cgrp"
        options.onLogLine = { line in
            if line.text.contains("join with") { continuation.yield() }
        }
        let task = Task { [options] in
            try await run(
                """
                { "name": "test", "topics": [{ "name": "orders" }],
                  "steps": [{ "consume": "orders", "group": "billing", "until": { "idle": "1m" } }] }
                """, options)
        }
        for await _ in lines { break }
        task.cancel()
        let outcome = try await task.value
        #expect(outcome.status == .interrupted)
        #expect(outcome.stepStatuses == [.interrupted])
    }
}
