import KrunBroker
import KrunKafka
import KrunOutcome
import Synchronization
import Testing

@testable import KrunRunner

/// On a Kafka that others use too members hear of each other by a heartbeat, of which Kafka's default is one every 3 s.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HeartbeatTests {
    @Test(arguments: [(1, "100"), (2, "100"), (20, "100"), (40, "200"), (600, "3000"), (5_000, "3000")])
    func asOftenAsIsNoLoad(members: Int, interval: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        let kafka = try await blocking {
            try KafkaCluster(
                bootstrap: cluster.bootstrapServers, chosenBy: "--brokers", properties: [:], log: .init(),
                connect: .seconds(20), interruption: Interruption())
        }
        #expect(kafka.consumerDefaults(members: members) == ["heartbeat.interval.ms": interval])
    }

    /// What the step's own `client` says wins: one heartbeat is sent at once, the next after 5 s.
    @Test(arguments: [("", 4...200), (#", "client": { "heartbeat.interval.ms": 5000 }"#, 0...1)])
    func aUsersOwnIntervalWins(client: String, heartbeats: ClosedRange<Int>) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        let served = Counter()
        let observation = cluster.events.observe { event in
            if case .requestServed(let request) = event.kind, request.request == .heartbeat {
                served.increase()
            }
        }
        defer { observation.cancel() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true, "partitions": 1 }],
              "steps": [{ "consume": "orders", "group": "billing", "until": { "idle": "1s" }\(client) }] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.printedDiagnostics == "")
        #expect(heartbeats.contains(served.value))
    }

    /// Each of these groups would take up to 3 s, and two thirds of them more than one.
    @Test func severalMembersSettleSoon() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 6)
        let steps = (1...5).map { #"{ "consume": "orders", "group": "g\#($0)", "members": 4 }"# }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true, "partitions": 6 }],
              "steps": [\(steps.joined(separator: ", "))] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.printedDiagnostics == "")
        let joined = (1...5).compactMap { outcome.consumed($0)?.joinDuration }
        #expect(joined.count == 5)
        #expect(joined.reduce(.zero, +) < .seconds(5))
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func increase() { count.add(1, ordering: .relaxed) }
    }
}
