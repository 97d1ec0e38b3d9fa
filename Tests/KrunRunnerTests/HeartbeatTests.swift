import KrunBroker
import KrunConnection
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

    /// What the step's own `client` says wins: one heartbeat is sent at once, the next after 5 s. Otherwise there are more, though not
    /// one every 100 ms: librdkafka looks whether one is due when something else happens to the group, or once a second.
    @Test(arguments: [("", 2...200), (#", "client": { "heartbeat.interval.ms": 5000 }"#, 0...1)])
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

    /// A member that is alone hears of a second one by its next heartbeat: 3 s after its first one, by Kafka's default.
    @Test func aSecondMemberIsHeardOfSoon() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 2)
        let waited = try await blocking {
            let kafka = try KafkaCluster(
                bootstrap: cluster.bootstrapServers, chosenBy: "--brokers", properties: [:], log: .init(),
                connect: .seconds(20), interruption: Interruption())
            let properties = kafka.consumerDefaults(members: 2).merging(kafka.mandatory).merging(["group.id": "billing"]
            )
            let (first, second) = (Assigned(), Assigned())
            let end = ContinuousClock.now + .seconds(30)
            let alone = try Consumer(properties: properties, log: ClientLog())
            try alone.subscribe(["orders"], delegate: first)
            while first.partitions < 2, .now < end { _ = alone.pollOne(timeout: .milliseconds(10)) { _ in } }
            let other = try Consumer(properties: properties, log: ClientLog())
            let start = ContinuousClock.now
            try other.subscribe(["orders"], delegate: second)
            while second.partitions < 1, .now < end {
                _ = alone.pollOne(timeout: .milliseconds(5)) { _ in }
                _ = other.pollOne(timeout: .milliseconds(5)) { _ in }
            }
            defer {
                other.close(timeout: .seconds(5))
                alone.close(timeout: .seconds(5))
            }
            return ContinuousClock.now - start
        }
        #expect(waited < .seconds(2))
    }

    private final class Assigned: ConsumerDelegate {
        var partitions = 0

        func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
            partitions.map { _ in 0 }
        }

        func didAssign(_ partitions: [TopicPartition], consumer: Consumer) { self.partitions = partitions.count }

        func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {}
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func increase() { count.add(1, ordering: .relaxed) }
    }
}
