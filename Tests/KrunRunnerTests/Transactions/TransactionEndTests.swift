import Dispatch
import KrunBroker
import KrunConnection
import KrunKafka
import KrunOutcome
import Synchronization
import Testing

@testable import KrunRunner

/// However a scenario ends, no transaction is left open, and what must hold of them holds under trouble.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TransactionEndTests {
    private static let open =
        #"{ "produce": "orders", "count": 3, "producer": "till", "transaction": "open", "transactionalId": "till-1" }"#

    private func scenario(_ steps: String, timeouts: String = "{}") -> String {
        #"{ "name": "test", "timeouts": \#(timeouts), "topics": [{ "name": "orders", "existing": true }], "steps": [\#(steps)] }"#
    }

    /// Where committed records end, and where all do.
    private func ends(_ cluster: EmbeddedCluster) async throws -> [Int64] {
        try await blocking {
            try ["read_committed", "read_uncommitted"].map { isolation in
                let admin = try AdminClient(
                    properties: ["bootstrap.servers": cluster.bootstrapServers, "isolation.level": isolation],
                    log: ClientLog())
                return try admin.endOffsets([TopicPartition("orders", 0)], timeout: .seconds(20)).values.first ?? -1
            }
        }
    }

    /// Three records and the marker of their end.
    @Test(arguments: ["passes", "fails", "runs out of time"]) func nothingIsLeftOpen(how: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        let then =
            switch how {
            case "passes": #"{ "pause": "1ms" }"#
            case "fails": #"{ "consume": "orders", "expect": { "messages": 7 } }"#
            default: #"{ "consume": "orders", "until": { "messages": 7 } }"#
            }
        let outcome = try await run(
            scenario(Self.open + "," + then, timeouts: #"{ "receive": "300ms" }"#), .kafka(cluster.bootstrapServers))
        #expect(outcome.status == (how == "passes" ? .passed : .failed))
        #expect(outcome.produced(1)?.transaction == .open)
        #expect(try await ends(cluster) == [4, 4])
    }

    @Test func nothingIsLeftOpenByWhoIsInterrupted() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        let interruption = Interruption()
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.onProgress = { if $0.contains("pause") { interruption.request() } }
        let outcome = try await run(
            scenario(Self.open + #", { "pause": "1m" }"#), options, interruption: interruption)
        #expect(outcome.status == .interrupted)
        #expect(outcome.duration < .seconds(10))
        #expect(try await ends(cluster) == [4, 4])
    }

    /// Nobody answers any more: the run ends all the same, and soon.
    @Test(arguments: [RequestKind.addPartitionsToTxn, .endTxn, .initProducerId])
    func theEndComesThoughNobodyAnswers(_ request: RequestKind) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        let queue = DispatchQueue(label: "trouble")
        let observation = cluster.events.observe { event in
            guard case .faultFired = event.kind else { return }
            queue.async { _ = try? cluster.inject(FaultRule(.silence)) }
        }
        try cluster.inject(.silence(request))
        let outcome = try await run(
            scenario(
                Self.open + #", { "transaction": "till", "end": "commit" }"#,
                timeouts: #"{ "deliver": "3s", "connect": "3s" }"#),
            .kafka(cluster.bootstrapServers))
        observation.cancel()
        #expect(outcome.status == .error)
        #expect(outcome.duration < .seconds(25))
        cluster.close()
    }

    /// Brokers drop connections, refuse and delay: what is committed is read once, and what is aborted never.
    @Test(arguments: [1, 2, 3] as [UInt64]) func transactionsHoldUnderTrouble(seed: UInt64) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 3))
        try cluster.createTopic("orders", partitions: 3)
        for (number, request) in [RequestKind.produce, .addPartitionsToTxn, .endTxn, .fetch].enumerated() {
            for skipping in 0..<4 {
                try cluster.inject(.disconnect(request, times: 1, skipping: Int(seed) + 3 * skipping + number))
            }
            try cluster.inject(.delay(request, by: .milliseconds(30), times: 5, skipping: Int(seed) * 2))
        }
        let rounds = """
            { "repeat": 6, "steps": [
              { "produce": "orders", "count": 60, "key": "user-{{index % 7}}", "value": "{{round}}", "producer": "good",
                "transaction": "commit" },
              { "produce": "orders", "count": 30, "key": "user-{{index % 7}}", "value": "never", "producer": "bad",
                "transaction": "abort" } ] }
            """
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "receive": "60s", "deliver": "60s" },
              "topics": [{ "name": "orders", "existing": true, "partitions": 3 }],
              "steps": [
                { "together": [
                  \(rounds),
                  [{ "pause": "200ms" }, { "consume": "orders", "group": "beside", "isolation": "read_committed" }] ] },
                { "consume": "orders", "group": "after", "isolation": "read_committed", "expect": { "messages": 360, "lag": 0 } },
                { "consume": "orders", "isolation": "read_uncommitted" } ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(printed(outcome.allSteps.flatMap(\.diagnostics)) == "")
        #expect(outcome.consumed(2)?.messages == 360)
        #expect(outcome.consumed(3)?.messages ?? 0 >= 540)
        for invariant in [Invariant.noLoss, .abortedInvisible, .offsetOrder, .singleOwner] {
            #expect(outcome.invariants.first { $0.invariant == invariant }?.verdict == .held, "\(invariant.rawValue)")
        }
    }
}
