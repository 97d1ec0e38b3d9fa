import KrunBroker
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// A committed offset that the log does not have.
@Suite(.timeLimit(.minutes(1))) struct OutOfRangeTests {
    private func commit(_ offsets: [Int64], on cluster: EmbeddedCluster) throws {
        let admin = try AdminClient(
            properties: ["bootstrap.servers": cluster.bootstrapServers], log: ClientLog())
        let numbered = offsets.enumerated().map { (TopicPartition("orders", Int32($0)), $1) }
        let answers = try admin.alterGroupOffsets(
            "billing", to: Dictionary(uniqueKeysWithValues: numbered), timeout: .seconds(20))
        #expect(answers.values.allSatisfy { $0 == nil })
    }

    private let steps = """
        "topics": [{ "name": "orders", "existing": true }], "groups": [{ "name": "billing", "existing": true }],
          "steps": [
            { "produce": "orders", "count": 6, "partition": "{{index % 2}}", "value": "x" },
            { "consume": "orders", "group": "billing", "expect": { "messages": 4 } }
          ] }
        """

    /// As after a topic was made anew: the group begins at its beginning, and krun says so.
    @Test func readingBeginsAtTheBeginningAndThatIsSaid() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 2)
        try await blocking { try commit([50, 2], on: cluster) }
        let outcome = try await run("{ \"name\": \"test\", \(steps)", .kafka(cluster.bootstrapServers))
        #expect(outcome.status == .passed)
        #expect(outcome.stepStatuses == [.passed, .passed])
        #expect(
            outcome.printedDiagnostics == """
                warning: what billing had committed is out of range: the earliest record there is where reading began
                 --> test.json:4:37
                  |
                  | consume orders as billing                                     step 2 of 2
                4 |     { "consume": "orders", "group": "billing", "expect": { "messages": 4 } }
                  |                                     ^^^^^^^^^
                  |
                  = orders/0: offset 50 is committed, and the log has the offsets 0 to 2: reading began at offset 0 (was the topic made anew?)
                """)
        #expect(
            outcome.consumed(2)?.topics["orders"]?.partitions == [
                0: PartitionOutcome(
                    messages: 3, first: 0, last: 2, committed: 3, lag: 0,
                    reset: OffsetOutOfRange(committed: 50, logStart: 0, end: 3, start: 0)),
                1: PartitionOutcome(messages: 1, first: 2, last: 2, committed: 3, lag: 0),
            ])
    }

    /// What is committed where the log ends is where a group that has read everything stands.
    @Test func theEndIsInRange() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 2)
        try await blocking { try commit([3, 2], on: cluster) }
        let outcome = try await run(
            "{ \"name\": \"test\", \(steps)".replacing("\"messages\": 4", with: "\"messages\": 1"),
            .kafka(cluster.bootstrapServers))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
    }
}
