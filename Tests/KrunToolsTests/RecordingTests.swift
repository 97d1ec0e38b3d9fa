import KrunBroker
import KrunDiagnostics
import KrunKafka
import Testing

@testable import KrunTools

/// Recording where something is in the way.
@Suite(.timeLimit(.minutes(1)))
struct RecordingTests {
    private func record(_ cluster: EmbeddedCluster, timeout: Duration) throws -> Recording {
        let kafka = try KafkaConnection.open(
            KafkaConnection.Address(
                bootstrap: cluster.bootstrapServers, chosenBy: "test", properties: [:], timeout: timeout))
        return try Recording.make(RecordRequest(topics: ["orders"]), on: kafka)
    }

    private func cluster() throws -> EmbeddedCluster {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        let producer = try Producer(
            properties: ["bootstrap.servers": cluster.bootstrapServers], log: ClientLog())
        let topic = try producer.topic("orders", partitioner: "random")
        _ = try producer.send(to: topic, partition: 0, key: nil, value: nil)
        let reports = producer.serveReports(timeout: .seconds(20)) { _ in }
        #expect(reports == 1)
        return cluster
    }

    @Test func configsThatMayNotBeSeen() throws {
        let cluster = try cluster()
        defer { cluster.close() }
        try cluster.inject(.fail(.describeConfigs, with: "TOPIC_AUTHORIZATION_FAILED"))
        let recording = try record(cluster, timeout: .seconds(20))
        #expect(
            recording.remarks == [
                Diagnostic(
                    .warning, "the configs of orders could not be read",
                    notes: ["the scenario's topic has the broker's defaults"])
            ])
        #expect(recording.summary == ["orders: 1 message, 1 partition"])
    }

    @Test func aTopicOfWhichNothingComes() throws {
        let cluster = try cluster()
        defer { cluster.close() }
        try cluster.inject(.delay(.fetch, by: .seconds(30)))
        #expect(
            throws: Diagnostic(
                .runtime, "nothing more came of topic orders within 2 s",
                notes: ["the end of partition 0 was not reached; --timeout gives it longer"])
        ) { try record(cluster, timeout: .seconds(2)) }
    }
}
