import KrunBroker
import KrunKafka
import Testing

/// What a cluster that is not well does to commits for a group.
@Suite(.serialized, .timeLimit(.minutes(1))) struct GroupOffsetsTests {
    private static let timeout = Duration.seconds(10)

    private static func offsets(_ numbers: [Int64]) -> [TopicPartition: Int64] {
        Dictionary(uniqueKeysWithValues: numbers.enumerated().map { (TopicPartition("orders", Int32($0)), $1) })
    }

    /// librdkafka 2.0 dies of some of these when it asks for committed offsets, but not when it commits.
    @Test(
        arguments: [
            "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS", "REQUEST_TIMED_OUT",
        ] as [KafkaErrorName])
    func whatMayPassIsTriedAgain(_ error: KafkaErrorName) async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let admin = try fixture.admin()
            try fixture.cluster.inject(.fail(.offsetCommit, with: error, times: 2))
            let answers = try admin.alterGroupOffsets("billing", to: Self.offsets([3, 4]), timeout: Self.timeout)
            #expect(Set(answers.keys) == Set(fixture.allPartitions))
            #expect(answers.values.allSatisfy { $0 == nil })
            #expect(try admin.groupOffsets("billing", timeout: Self.timeout) == Self.offsets([3, 4]))
        }
    }

    @Test func eachPartitionHasItsError() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let admin = try fixture.admin()
            try fixture.cluster.inject(
                .fail(.offsetCommit, with: "TOPIC_AUTHORIZATION_FAILED", topic: "orders", partition: 1))
            let answers = try admin.alterGroupOffsets("billing", to: Self.offsets([3, 4]), timeout: Self.timeout)
            #expect(answers[TopicPartition("orders", 0)] == .some(nil))
            #expect(
                answers[TopicPartition("orders", 1)]??.description
                    == "committing offsets for group billing: TOPIC_AUTHORIZATION_FAILED: Broker: Topic authorization failed"
            )
            #expect(try admin.groupOffsets("billing", timeout: Self.timeout) == Self.offsets([3]))
        }
    }

    @Test func aConnectionThatBreaksIsMadeAgain() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 1, brokers: 3)
            let admin = try fixture.admin()
            try fixture.cluster.inject(.disconnect(.offsetCommit, times: 1))
            let answers = try admin.alterGroupOffsets("billing", to: Self.offsets([3]), timeout: Self.timeout)
            #expect(answers == [TopicPartition("orders", 0): nil])
        }
    }

    @Test func silenceEndsAtTheDeadline() async throws {
        try await onThread {
            let fixture = try Fixture()
            let admin = try fixture.admin()
            try fixture.cluster.inject(.silence(.offsetCommit))
            let error = #expect(throws: KafkaError.self) {
                _ = try admin.alterGroupOffsets("billing", to: Self.offsets([3]), timeout: .milliseconds(300))
            }
            #expect(error?.isTimeout == true)
            #expect(error?.activity == "committing offsets for group billing")
        }
    }
}
