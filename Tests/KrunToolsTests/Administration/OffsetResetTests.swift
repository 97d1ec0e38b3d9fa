import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario
import KrunTools
import Testing

/// Resetting where somebody else is quicker, or the cluster refuses.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct OffsetResetTests {
    private static func plan(
        _ place: AdministrationPlace, group: String = "billing", topics: [String] = ["orders"],
        target: OffsetTarget = .start(.earliest)
    ) throws -> OffsetReset {
        try OffsetReset.plan(
            OffsetReset.Order(group: group, topics: topics, partitions: [], target: target), on: place.connection)
    }

    private static func place(_ partitions: Int = 2) throws -> AdministrationPlace {
        let place = try AdministrationPlace()
        try place.cluster.createTopic("orders", partitions: partitions)
        return place
    }

    @Test func aGroupThatHasMovedMeanwhileIsLeftAlone() async throws {
        try await onThread {
            let place = try Self.place()
            try place.commit("billing", [3, 4])
            let plan = try Self.plan(place)
            try place.commit("billing", [5])
            #expect(
                place.diagnosis { _ = try plan.carryOut(wasAsked: false) } == """
                    error: group billing has committed other offsets meanwhile
                      = nothing was reset: ask again to see where it stands now
                    """)
            #expect(
                try place.connection.admin.groupOffsets("billing", timeout: .seconds(10))
                    == [TopicPartition("orders", 0): 5, TopicPartition("orders", 1): 4])
        }
    }

    @Test func aGroupThatGoesMeanwhileIsNotMadeAgain() async throws {
        try await onThread {
            let place = try Self.place()
            try place.commit("billing", [3])
            let plan = try Self.plan(place)
            _ = try place.connection.admin.deleteGroups(["billing"], timeout: .seconds(10))
            #expect(
                place.diagnosis { _ = try plan.carryOut(wasAsked: false) } == """
                    error: group billing is gone meanwhile
                      = nothing was reset: ask again to see where it stands now
                    """)
            #expect(try place.connection.admin.listGroups(timeout: .seconds(10)) == [])
        }
    }

    @Test func aGroupThatComesMeanwhileIsLeftAlone() async throws {
        try await onThread {
            let place = try Self.place()
            let plan = try Self.plan(place)
            #expect(place.printed(plan.remarks) == "warning: group billing does not exist: resetting it makes one")
            try place.commit("billing", [3])
            #expect(
                place.diagnosis { _ = try plan.carryOut(wasAsked: false) } == """
                    error: there is a group billing meanwhile
                      = nothing was reset: ask again to see where it stands now
                    """)
        }
    }

    @Test func eachPartitionThatFailsIsTold() async throws {
        try await onThread {
            let place = try Self.place()
            try place.commit("billing", [3, 4])
            let plan = try Self.plan(place)
            try place.cluster.inject(
                .fail(.offsetCommit, with: "TOPIC_AUTHORIZATION_FAILED", topic: "orders", partition: 1))
            let outcome = try plan.carryOut(wasAsked: false)
            #expect(outcome.text(.plain) == "reset group billing in 1 partition\n")
            #expect(
                place.printed(outcome.remarks) == """
                    error: orders/1 of group billing was not reset
                      = TOPIC_AUTHORIZATION_FAILED: Broker: Topic authorization failed
                    """)
            #expect(
                outcome.json.text(pretty: false)
                    == #"{"group":"billing","offsets":[{"topic":"orders","partition":0,"committed":3,"offset":0,"#
                    + #""first":0,"end":0,"reset":true},{"topic":"orders","partition":1,"committed":4,"offset":0,"#
                    + #""first":0,"end":0,"reset":false,"error":{"name":"TOPIC_AUTHORIZATION_FAILED","#
                    + #""reason":"Broker: Topic authorization failed"}}]}"#)
        }
    }

    @Test func aMemberThatComesInTheLastMomentIsTold() async throws {
        try await onThread {
            let place = try Self.place(1)
            try place.commit("billing", [3])
            let plan = try Self.plan(place)
            try place.cluster.inject(.fail(.offsetCommit, with: "UNKNOWN_MEMBER_ID"))
            let outcome = try plan.carryOut(wasAsked: false)
            #expect(outcome.text(.plain) == "")
            #expect(
                place.printed(outcome.remarks) == """
                    error: orders/0 of group billing was not reset
                      = UNKNOWN_MEMBER_ID: Broker: Unknown member
                      = a member has joined the group meanwhile
                    """)
        }
    }

    /// Brokers leave it out of the list of groups, unless that has just changed.
    @Test(arguments: [false, true]) func aGroupThatMayNotBeSeenIsToldSo(_ isListed: Bool) async throws {
        try await onThread {
            let place = try Self.place(1)
            if isListed { try place.commit("billing", [3]) }
            let kind: RequestKind = isListed ? .describeGroups : .offsetFetch
            try place.cluster.inject(.fail(kind, with: "GROUP_AUTHORIZATION_FAILED"))
            let text = """
                error: describing group billing failed
                  = GROUP_AUTHORIZATION_FAILED: Broker: Group authorization failed
                """
            #expect(place.diagnosis { _ = try Self.plan(place) } == text)
            #expect(
                place.diagnosis { _ = try GroupDescriptions.read(["billing"], from: place.connection) } == text)
        }
    }

    @Test func aGroupThatCommittedNothingNeedsATopic() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            // A static member stays in its group after it has left, until its session ends.
            let member = try GroupMember(
                of: "billing", at: place, ["group.instance.id": "till-1", "session.timeout.ms": "500"])
            member.leave()
            let deadline = ContinuousClock.now + .seconds(20)
            var state = ""
            while state != "Empty", .now < deadline {
                state = try place.connection.admin.describeGroups(["billing"], timeout: .seconds(10))[0].state
            }
            #expect(
                place.diagnosis { _ = try Self.plan(place, topics: []) } == """
                    error: group billing has committed nothing
                      = name the topic that it is to read: --topic NAME
                    """)
            #expect(
                place.normalised(try GroupDescriptions.read(["billing"], from: place.connection).text(.plain)) == """
                    group billing: Empty, 0 members, coordinator 1 at <address>
                      it has committed nothing

                    """)
        }
    }

    @Test func aPartitionWithoutALeaderCannotBeReset() async throws {
        try await onThread {
            let place = try AdministrationPlace(brokers: 2)
            _ = try TopicCreation.carryOut(
                TopicCreation.Order(
                    names: ["orders"], partitions: 2, replicationFactor: 1, configs: [:], ifNotExists: false),
                on: place.connection)
            let leader = try place.connection.admin.metadata(timeout: .seconds(10)).topics[0].partitions[1].leader
            try place.cluster.moveCoordinator(ofGroup: "billing", to: 3 - leader)
            try place.commit("billing", [0])
            try place.cluster.stopBroker(leader)
            #expect(
                place.diagnosis { _ = try Self.plan(place) } == """
                    error: orders/1 has no leader
                      = nobody can say which offsets it has; nothing was reset
                    """)
            #expect(
                try GroupDescriptions.read(["billing"], from: place.connection).text(.plain).contains("total lag 0\n"))
        }
    }
}
