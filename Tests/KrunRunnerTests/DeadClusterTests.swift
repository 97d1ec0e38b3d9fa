import Dispatch
import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import Synchronization
import Testing

@testable import KrunRunner

/// A Kafka that answers nothing more from the first request of a kind on: the run ends soon, and says what it had done.
@Suite(.serialized, .timeLimit(.minutes(4))) struct DeadClusterTests {
    private static let scenario = """
        { "name": "test",
          "timeouts": { "connect": "2s", "join": "2s", "receive": "2s", "deliver": "2s" },
          "topics": [{ "name": "orders", "partitions": 2 }],
          "steps": [
            { "produce": "orders", "count": 6, "partition": "{{index % 2}}", "value": "x" },
            { "consume": "orders", "group": "billing", "members": 2 },
            { "consume": "orders" }
          ] }
        """

    private struct Run {
        let outcome: ScenarioOutcome
        /// From the last answer, or from Ctrl+C.
        let duration: Duration
        let notices: [ClusterNotice]
    }

    /// - Parameter interruptsAfter: how long after the last answer somebody wants the end; nil for nobody.
    private func run(
        deadFrom request: RequestKind, interruptsAfter delay: Duration? = nil, skipping: Int = 0
    ) async throws -> Run {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let interruption = Interruption()
        let start = Mutex<ContinuousClock.Instant?>(nil)
        let notices = Mutex<[ClusterNotice]>([])
        let queue = DispatchQueue(label: "trouble")
        let observation = cluster.events.observe { event in
            guard case .faultFired(_, _, request, _) = event.kind else { return }
            let isFirst = start.withLock { start in
                defer { start = start ?? .now }
                return start == nil
            }
            guard isFirst else { return }
            // Not here: a cluster is not told what to do by what observes it. On a queue of its own: tests that block keep those shared by
            // all waiting.
            queue.async { _ = try? cluster.inject(FaultRule(.silence)) }
            guard let delay else { return }
            queue.asyncAfter(deadline: .now() + .milliseconds(Int(delay / .milliseconds(1)))) {
                start.withLock { $0 = .now }
                interruption.request()
            }
        }
        try cluster.inject(.silence(request, skipping: skipping))
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.onNotice = { notice in notices.withLock { $0.append(notice) } }
        let scenario = try decode(Self.scenario)
        let (outcome, end) = try await blocking { [options] in
            let outcome = ScenarioExecution(scenario, options: options, interruption: interruption).run()
            return (outcome, ContinuousClock.now)
        }
        observation.cancel()
        let began = try #require(start.withLock { $0 })
        return Run(outcome: outcome, duration: began.duration(to: end), notices: notices.withLock { $0 })
    }

    /// The time that a loaded machine takes is in the bound.
    @Test(arguments: [
        RequestKind.createTopics, .produce, .findCoordinator, .joinGroup, .syncGroup, .fetch, .offsetCommit,
        .leaveGroup,
        .deleteGroups,
    ]) func theEndComesWithinTwoSeconds(_ request: RequestKind) async throws {
        let run = try await run(deadFrom: request, interruptsAfter: .milliseconds(500))
        #expect(run.duration < .milliseconds(2_500))
        #expect(run.outcome.cleanup.left.contains { $0.kind == "topic" && $0.name.hasPrefix("orders-krun-") })
    }

    @Test func committingInVain() async throws {
        let run = try await run(deadFrom: .offsetCommit)
        // The rest of the budget of reading, 5 s for the step and 5 s for clean-up.
        #expect(run.duration < .seconds(12))
        #expect(run.outcome.status == .error)
        #expect(run.outcome.stepStatuses == [.passed, .error])
        // Nothing of what was done is lost.
        #expect(run.outcome.consumed(2)?.messages == 6)
        #expect(run.outcome.consumed(2)?.members.count == 2)
        let notes = try #require(run.outcome.steps.last?.diagnostics.first?.notes)
        #expect(notes.contains("6 messages read; positions p0=3 p1=3; committed by this step: nothing"))
        #expect(notes.last?.contains(" has not answered for ") == true)
        #expect(!notes.joined().contains("advertised.listeners"))
        #expect(run.notices.map(\.isSilent) == [true])
        #expect(run.notices.first?.text.contains(" has not answered for 6 s (since ") == true)
        #expect(run.outcome.cleanup.left.count == 2)
        #expect(run.outcome.cleanup.left.allSatisfy { $0.reason.contains(" has not answered for ") })
    }

    @Test func lookingUpInVain() async throws {
        let run = try await run(deadFrom: .offsetFetch, skipping: 1)
        #expect(run.duration < .seconds(12))
        #expect(run.outcome.stepStatuses == [.passed, .error])
        #expect(run.outcome.consumed(2)?.messages == 6)
        let diagnostic = try #require(run.outcome.steps.last?.diagnostics.first)
        #expect(diagnostic.title == "cannot look up what the group committed")
        #expect(
            diagnostic.notes.contains(
                "6 messages read; positions p0=3 p1=3; committed by this step: p0=3 p1=3"))
    }

    @Test func readingInVain() async throws {
        let run = try await run(deadFrom: .fetch)
        #expect(run.duration < .seconds(12))
        #expect(run.outcome.stepStatuses == [.passed, .error])
        #expect(run.outcome.consumed(2)?.messages == 0)
        let diagnostic = try #require(run.outcome.steps.last?.diagnostics.first)
        #expect(diagnostic.title == "reading ended before it was done: timeouts.receive ran out")
        #expect(diagnostic.notes.contains("0 messages read; committed by this step: nothing"))
    }

    @Test func deliveringInVain() async throws {
        let run = try await run(deadFrom: .produce)
        #expect(run.duration < .seconds(12))
        #expect(run.outcome.stepStatuses == [.error])
        #expect(run.outcome.produced(1)?.failed == 6)
        #expect(run.outcome.steps.first?.diagnostics.first?.notes.last?.contains("has not answered for") == false)
    }

    @Test func anAnswerIsToldToo() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let (notices, continuation) = AsyncStream.makeStream(of: ClusterNotice.self)
        let watch = ClusterWatch(
            bootstrap: cluster.bootstrapServers, properties: ["bootstrap.servers": cluster.bootstrapServers],
            interruption: Interruption()
        ) { continuation.yield($0) }
        defer { watch.stop() }
        let silence = try cluster.inject(FaultRule(.silence))
        var told: [ClusterNotice] = []
        for await notice in notices {
            told.append(notice)
            if told.count == 1 {
                #expect(watch.isSilent(for: Silence.patience))
                _ = try cluster.remove(silence)
            } else {
                break
            }
        }
        #expect(told.map(\.isSilent) == [true, false])
        #expect(told[0].text.hasPrefix("\(cluster.bootstrapServers) has not answered for 6 s (since "))
        #expect(told[0].text.hasSuffix("): no answer to requests"))
        #expect(told[1].text.hasPrefix("\(cluster.bootstrapServers) answers again, after "))
        #expect(watch.sentence == nil)
    }

    /// Nothing else is to be done when a message is too large for the queue, alone.
    @Test func aMessageLargerThanTheQueueIsRefusedAtOnce() async throws {
        var options = RunOptions.embedded
        options.properties["queue.buffering.max.kbytes"] = "1"
        let outcome = try await KrunRunnerTests.run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "produce": "orders", "messages": [{ "value": "a" }, { "value": { "bytes": "4KiB" } }, { "value": "b" }],
                  "expect": { "messages": 2, "failed": 1 } },
                { "produce": "orders", "messages": [{ "value": { "bytes": "4KiB" } }] }
              ] }
            """, options)
        #expect(outcome.stepStatuses == [.passed, .error])
        #expect(outcome.produced(1)?.errors == ["_QUEUE_FULL": 1])
        #expect(outcome.duration < .seconds(10))
        #expect(
            outcome.steps[1].diagnostics.first?.notes.contains(
                "_QUEUE_FULL: a message alone is larger than librdkafka's queue (queue.buffering.max.kbytes)") == true)
    }
}
