import KrunBroker
import KrunKafka
import KrunNames
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

    /// As while a cluster makes its first group: librdkafka 2.0 gives up looking for the coordinator, and says nothing.
    @Test func aCoordinatorThatIsLongInComingIsFound() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 1)
            func inject() throws {
                try fixture.cluster.removeFaults()
                try fixture.cluster.inject(.fail(.findCoordinator, with: "COORDINATOR_NOT_AVAILABLE", times: 4))
            }
            try inject()
            let answers = try fixture.admin().alterGroupOffsets("billing", to: Self.offsets([3]), timeout: Self.timeout)
            #expect(answers == [TopicPartition("orders", 0): nil])
            try inject()
            #expect(try fixture.admin().describeGroups(["billing"], timeout: Self.timeout).map(\.state) == ["Empty"])
            try inject()
            #expect(try fixture.admin().groupOffsets("billing", timeout: Self.timeout) == Self.offsets([3]))
        }
    }

    /// librdkafka 2.0 writes to what it has freed when a coordinator is found after its request's time was up.
    @Test func aRequestThatFoundNoCoordinatorInTimeHarmsNoLaterOne() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 1, brokers: 3)
            let admin = try fixture.admin()
            for _ in 0..<3 {
                try fixture.cluster.inject(.fail(.findCoordinator, with: "COORDINATOR_NOT_AVAILABLE"))
                let calls: [() throws -> Void] = [
                    { _ = try admin.describeGroups(["billing"], timeout: .milliseconds(500)) },
                    {
                        let answers = try admin.deleteGroups(["billing"], timeout: .milliseconds(500))
                        if let error = answers["billing"] ?? nil { throw error }
                    },
                    { _ = try admin.groupOffsets("billing", timeout: .milliseconds(500)) },
                    { _ = try admin.alterGroupOffsets("billing", to: Self.offsets([3]), timeout: .milliseconds(500)) },
                ]
                for call in calls { #expect(throws: KafkaError.self) { try call() } }
                try fixture.cluster.removeFaults()
                _ = try admin.alterGroupOffsets("billing", to: Self.offsets([3]), timeout: Self.timeout)
                #expect(try admin.describeGroups(["billing"], timeout: Self.timeout).map(\.state) == ["Empty"])
                // Each change of a broker's state has librdkafka look at what waits for coordinators.
                for broker in try admin.brokers(timeout: Self.timeout).map(\.id) {
                    try fixture.cluster.stopBroker(broker)
                    try fixture.cluster.startBroker(broker)
                    _ = try admin.metadata(timeout: Self.timeout)
                }
                #expect(try admin.deleteGroups(["billing"], timeout: Self.timeout) == ["billing": nil])
            }
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
