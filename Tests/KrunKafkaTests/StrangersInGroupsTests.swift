import KrunBroker
import KrunBrokerTestSupport
import KrunKafka
import Synchronization
import Testing

/// Members that are not ours send whatever bytes they like: nobody who asks about their group, or is in it, comes to harm.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StrangersInGroupsTests {
    private static let timeout = Duration.seconds(20)

    private static func port(_ fixture: Fixture) throws -> Int {
        try #require(fixture.cluster.bootstrapServers.split(separator: ":").last.flatMap { Int($0) })
    }

    private static func stranger(_ fixture: Fixture, _ words: RawMember.Words) throws -> RawMember {
        try RawMember(of: "billing", port: port(fixture), words)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var assignment: [UInt8]
        var partitions: [TopicPartition] = []
        var unknown = 0
        var isUnreadable = false
    }

    static let cases: [Case] = [
        Case(testDescription: "none", assignment: []),
        Case(testDescription: "one byte", assignment: [0], isUnreadable: true),
        Case(
            testDescription: "two partitions",
            assignment: RawMember.Words.assignment(of: [("orders", [1, 0])]),
            partitions: [TopicPartition("orders", 0), TopicPartition("orders", 1)]),
        Case(
            testDescription: "-7 and 2147483647",
            assignment: RawMember.Words.assignment(of: [("orders", [-7, 1, .max])]),
            partitions: [TopicPartition("orders", 1)], unknown: 2),
        Case(
            testDescription: "100 000 that are not there",
            assignment: RawMember.Words.assignment(of: [("orders", (2..<100_002).map { $0 })]), unknown: 100_000),
        Case(
            testDescription: "the same again and again",
            assignment: RawMember.Words.assignment(of: [("orders", [0, 0, 0]), ("orders", [0])]),
            partitions: [TopicPartition("orders", 0)], unknown: 3),
        Case(
            testDescription: "another topic, with a name that is one only in Swift",
            assignment: RawMember.Words.assignment(of: [("payments", [0]), ("\u{212A}afka", [0])]), unknown: 2),
        Case(
            testDescription: "more topics than bytes",
            assignment: [0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0, 1, 0x74, 0, 0, 0, 0], isUnreadable: true),
    ]

    @Test(arguments: cases) func aMemberIsDescribed(_ example: Case) async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let words = RawMember.Words(assignment: example.assignment)
            let stranger = try Self.stranger(fixture, words)
            defer { stranger.leave() }
            let start = ContinuousClock.now
            var description = try fixture.admin().describeGroups(["billing"], timeout: Self.timeout)
            #expect(start.duration(to: .now) < .seconds(5))
            #expect(description.map(\.coordinator?.port) == [try Self.port(fixture)])
            description[0].coordinator = nil
            #expect(
                description == [
                    GroupDescription(
                        group: "billing", state: "Stable", assignor: "range",
                        members: [
                            GroupDescription.Member(
                                id: stranger.memberID, clientID: "stranger", host: "/127.0.0.1",
                                partitions: example.partitions, unknownPartitions: example.unknown,
                                hasUnreadableAssignment: example.isUnreadable,
                                subscriptionSize: words.subscription.count)
                        ])
                ])
        }
    }

    /// Nobody is told of a group that is not there, and a user who may not see it is told that.
    @Test func aGroupThatNobodyTellsOf() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let admin = try fixture.admin()
            #expect(
                try admin.describeGroups(["nobody"], timeout: Self.timeout)
                    == [GroupDescription(group: "nobody", state: "Dead", members: [])])
            try fixture.cluster.inject(.fail(.offsetFetch, with: "GROUP_AUTHORIZATION_FAILED"))
            let refused = try admin.describeGroups(["nobody"], timeout: Self.timeout)
            #expect(refused.map(\.state) == ["Dead"])
            #expect(
                refused[0].error?.description
                    == "describing group nobody: GROUP_AUTHORIZATION_FAILED: Broker: Group authorization failed")
        }
    }

    /// Every broker is asked for its groups; one that is gone, or silent, keeps nobody from hearing of those of the others.
    @Test(arguments: [false, true]) func aBrokerThatDoesNotAnswer(_ isSilent: Bool) async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 1, brokers: 3)
            let admin = try fixture.admin()
            let group = "billing"
            _ = try admin.alterGroupOffsets(group, to: [TopicPartition("orders", 0): 0], timeout: Self.timeout)
            let coordinator = try admin.describeGroups([group], timeout: Self.timeout)[0].coordinator?.id
            let other = try #require(try admin.brokers(timeout: Self.timeout).map(\.id).first { $0 != coordinator })
            if isSilent {
                try fixture.cluster.inject(FaultRule(.silence, kind: .listGroups, broker: other))
            } else {
                try fixture.cluster.stopBroker(other)
            }
            let start = ContinuousClock.now
            #expect(try admin.describeGroups([group], timeout: Self.timeout).map(\.state) == ["Empty"])
            #expect(try admin.memberThatKillsLeaders(of: group, timeout: Self.timeout) == nil)
            #expect(start.duration(to: .now) < .seconds(8))
        }
    }

    /// librdkafka would make a leader read it, and die.
    @Test(arguments: [0, 1 << 20 + 1]) func aSubscriptionThatKillsIsSeen(_ size: Int) async throws {
        try await onThread {
            // Also a bound of what members may say.
            let fixture = try Fixture(partitions: 2, configs: ["message.max.bytes": "3000000"])
            let stranger = try Self.stranger(
                fixture, RawMember.Words(subscription: [UInt8](repeating: 0, count: size)))
            defer { stranger.leave() }
            let admin = try fixture.admin()
            let member = try admin.memberThatKillsLeaders(of: "billing", timeout: Self.timeout)
            #expect(member?.id == stranger.memberID)
            #expect(member?.subscriptionSize == size)
            #expect(try admin.memberThatKillsLeaders(of: "audit", timeout: Self.timeout) == nil)
        }
    }

    /// What a stranger that leads the group gives to one of ours is taken as far as it is there.
    @Test(arguments: cases.filter { !$0.isUnreadable && !$0.assignment.isEmpty })
    func aMemberTakesWhatIsThere(_ example: Case) async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let stranger = try Self.stranger(fixture, RawMember.Words(assignment: example.assignment))
            defer { stranger.leave() }
            let consumer = try fixture.member(of: "billing", ["partition.assignment.strategy": "range"])
            let delegate = Noting()
            try consumer.subscribe(["orders"], delegate: delegate)
            let start = ContinuousClock.now
            while !delegate.isAssigned, start.duration(to: .now) < .seconds(30) {
                _ = consumer.pollOne(timeout: .milliseconds(20)) { _ in }
            }
            #expect(delegate.isAssigned)
            #expect(start.duration(to: .now) < .seconds(10))
            #expect(consumer.owned.keys.sorted { $0.partition < $1.partition } == example.partitions)
            #expect(delegate.leftOut == example.unknown)
            #expect(consumer.close(timeout: .seconds(10)))
            #expect(delegate.revoked == example.partitions)
        }
    }
}

private final class Noting: ConsumerDelegate {
    var isAssigned = false
    var leftOut = 0
    var revoked: [TopicPartition] = []

    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
        partitions.map { _ in LogicalOffset.stored }
    }

    func didAssign(_ partitions: [TopicPartition], consumer: Consumer) { isAssigned = true }

    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
        revoked = partitions.map(\.topicPartition).sorted { $0.partition < $1.partition }
    }

    func didLeaveOut(_ count: Int, consumer: Consumer) { leftOut = count }
}
