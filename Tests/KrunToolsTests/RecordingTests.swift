import KrunBroker
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario
import Testing

@testable import KrunTools

/// Recording where something is in the way.
@Suite(.timeLimit(.minutes(1)))
struct RecordingTests {
    private func record(_ cluster: EmbeddedCluster, timeout: Duration) throws -> Recording {
        let kafka = try KafkaConnection.open(
            KafkaConnection.Address(
                bootstrap: cluster.bootstrapServers, chosenBy: "test", properties: [:], timeout: timeout))
        return try Recording.make(Recording.Request(topics: ["orders"]), on: kafka)
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

@Suite(.timeLimit(.minutes(1)))
struct PayloadTextTests {
    @Test(
        arguments: [
            ("", ""), ("{", "{"), ("{{", "{{{{"), ("{{{", "{{{{{"), ("{{{{", "{{{{{{{{"), ("{a{{b}}{", "{a{{{{b}}{"),
            ("{ {", "{ {"), ("}}", "}}"),
        ])
    func bracesAreDoubled(text: String, escaped: String) {
        #expect(LiteralText.escaped(text) == escaped)
    }

    /// All texts of up to six of these characters come out of the language as they were.
    @Test func theLanguageReadsWhatWasMeant() throws {
        let alphabet = Array("{}x\"".utf8)
        var texts: [[UInt8]] = [[]]
        for _ in 0..<6 {
            texts += texts.filter { $0.count == texts.last?.count }.flatMap { text in alphabet.map { text + [$0] } }
        }
        let messages = texts.map { JSONValue.object([JSONValue.Member("value", PayloadText.json($0))]) }
        let scenario = JSONValue.object([
            JSONValue.Member("name", .string("test")),
            JSONValue.Member("topics", .array([.object([JSONValue.Member("name", .string("t"))])])),
            JSONValue.Member(
                "steps",
                .array([
                    .object([JSONValue.Member("produce", .string("t")), JSONValue.Member("messages", .array(messages))])
                ])),
        ])
        let decoded = try Scenario.decode(Array(scenario.text(pretty: false).utf8), file: "test.json")
        guard case .produce(let step) = decoded.steps[0].action else { throw Missing() }
        #expect(step.messages.count == texts.count && texts.count > 5000)
        for (message, text) in zip(step.messages, texts) {
            guard case .constant(let bytes) = message.value else { throw Missing() }
            #expect(bytes == text)
        }
    }

    private struct Missing: Error {}
}
