import Dispatch
import KrunBroker
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// Invariants broken on purpose, by a fault, a crash or somebody who resets offsets, and found; and the same trouble with which they hold.
///
/// Here are `per-key-order` and `commit-not-ahead`; `no-duplicates` and `single-owner` are in `FaultStepTests`, the others in the suites beside this
/// one.
@Suite(.serialized, .timeLimit(.minutes(2))) struct InvariantsBrokenTests {
    /// Somebody commits for the group while it is between two steps: what that passes over nobody reads.
    @Test(arguments: [(Int64(8), false), (2, true)]) func somebodyElseCommits(offset: Int64, holds: Bool) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.exactNames = true
        let bootstrap = cluster.bootstrapServers
        options.onProgress = { text in
            guard text.contains("step 3") else { return }
            DispatchQueue(label: "somebody").async {
                let admin = try? AdminClient(properties: ["bootstrap.servers": bootstrap], log: ClientLog())
                _ = try? admin?.alterGroupOffsets(
                    "kitchen", to: [TopicPartition("orders", 0): offset], timeout: .seconds(5))
            }
        }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 10, "value": "{{index}}" },
              { "consume": "orders", "group": "kitchen", "until": { "messages": 4 } },
              { "pause": "1s" },
              { "consume": "orders", "group": "kitchen" } ] }
            """, options)
        let ahead = InvariantOutcome.Verdict.broken(
            count: 1,
            cases: ["orders/0 offset 8 was committed before the step, but kitchen had read only up to 4"],
            allowed: false)
        #expect(outcome.verdict(.commitNotAhead, step: 4) == (holds ? .held : ahead))
        #expect(outcome.consumed(4)?.messages == (holds ? 8 : 2))
        #expect(outcome.consumed(4)?.redelivered == (holds ? 2 : 0))
        #expect(outcome.status == (holds ? .passed : .failed))
    }

    /// A batch that is refused and sent again is overtaken; with idempotence those behind it wait.
    @Test(arguments: [false, true]) func aBatchIsOvertaken(idempotent: Bool) async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "producer": "till", "idempotent": \(idempotent), "linger": "0ms",
                "client": { "batch.num.messages": 1, "max.in.flight.requests.per.connection": 5 },
                "messages": [{ "key": "anna", "value": "first" }] },
              { "fault": "fail", "request": "Produce", "error": "NOT_ENOUGH_REPLICAS", "client": "till", "times": 1 },
              { "fault": "delay", "request": "Produce", "by": "100ms", "client": "till", "times": 1 },
              { "produce": "orders", "producer": "till", "idempotent": \(idempotent), "linger": "0ms",
                "client": { "batch.num.messages": 1, "max.in.flight.requests.per.connection": 5 },
                "count": 5, "key": "anna", "value": "{{index}}" },
              { "consume": "orders" } ] }
            """)
        #expect(outcome.status == (idempotent ? .passed : .failed))
        let verdict = try #require(outcome.verdict(.perKeyOrder, step: 4))
        #expect(verdict == .held || !idempotent)
        if !idempotent, case .broken(let count, let cases, _) = verdict {
            #expect(count == 1)
            #expect(
                cases == [
                    "orders/0 key \"anna\": message 4 stands at offset 4, before message 0 at offset 5, which was sent earlier"
                ])
        } else {
            #expect(idempotent)
        }
    }

    /// A member that crashes gives up its partitions without a word: they have one owner after the other all the same.
    @Test func aCrashIsNoSecondOwner() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }], "steps": [
              { "produce": "orders", "count": 10, "key": "{{index}}" },
              { "group": "kitchen", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range",
                "client": { "session.timeout.ms": 1000, "heartbeat.interval.ms": 100 } },
              { "consume": "orders", "group": "kitchen", "commit": "none" },
              { "group": "kitchen", "crash": "ann" },
              { "consume": "orders", "group": "kitchen" } ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        for invariant in [Invariant.singleOwner, .assignedOnly, .noLoss, .commitNotAhead, .offsetOrder] {
            #expect(outcome.verdict(invariant, step: 5) == .held)
        }
    }
}
