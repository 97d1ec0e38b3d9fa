import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario
import Testing

@testable import KrunTools

/// Groups that somebody is in: how they are described, and that they are left alone.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GroupMembersTests {
    @Test func aMemberAndWhatItReads() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 2)
            try place.commit("billing", [0])
            let member = try GroupMember(of: "billing", at: place)
            defer { member.leave() }
            #expect(
                place.normalised(try GroupList.read(from: place.connection).text(.plain)) == """
                    group  state  members  assignor  coordinator
                    billing  Stable  1  range  1

                    """)
            let description = try GroupDescriptions.read(["billing"], from: place.connection)
            #expect(
                place.normalised(description.text(.plain)) == """
                    group billing: Stable, 1 member, assignor range, coordinator 1 at <address>
                      member  client id  host  partitions
                      <1>  till  /127.0.0.1  orders/0, orders/1

                      topic  partition  committed  end  lag  member
                      orders  0  0  0  0  <1>
                      orders  1  –  0  0  <1>
                      total lag 0

                    """)
            #expect(
                place.normalised(description.json.text(pretty: false))
                    == #"{"groups":[{"name":"billing","state":"Stable","assignor":"range","coordinator":{"id":1,"#
                    + #""host":"127.0.0.1","port":0},"members":[{"memberId":"<1>","clientId":"till","#
                    + #""host":"/127.0.0.1","partitions":[{"topic":"orders","partition":0},"#
                    + #"{"topic":"orders","partition":1}]}],"offsets":[{"topic":"orders","partition":0,"#
                    + #""committed":0,"end":0,"lag":0,"memberId":"<1>"},{"topic":"orders","partition":1,"#
                    + #""committed":null,"end":0,"lag":0,"memberId":"<1>"}],"lag":0}]}"#)
        }
    }

    @Test func staticMembersAndAnIdleOne() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            let members = try ["till-1", "till-2"].map {
                try GroupMember(of: "billing", at: place, ["group.instance.id": $0])
            }
            defer { members.forEach { $0.leave() } }
            let description = try GroupDescriptions.read(["billing"], from: place.connection)
            #expect(
                place.normalised(description.text(.plain)) == """
                    group billing: Stable, 2 members, assignor range, coordinator 1 at <address>
                      member  client id  host  instance id  partitions
                      <1>  till  /127.0.0.1  till-1  orders/0
                      <2>  till  /127.0.0.1  till-2  (idle)

                      topic  partition  committed  end  lag  member
                      orders  0  –  0  0  <1>
                      total lag 0

                    """)
        }
    }

    /// What a group that has committed nothing yet is behind is all that there is.
    @Test func aGroupThatHasCommittedNothingLags() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 2)
            try place.send(["a", "b", "c"], to: 1)
            let member = try GroupMember(of: "billing", at: place)
            let rows = "  orders  0  –  0  0  <1>\n  orders  1  –  3  3  <1>\n  total lag 3\n"
            let description = try GroupDescriptions.read(["billing"], from: place.connection)
            #expect(place.normalised(description.text(.plain)).hasSuffix(rows))
            #expect(
                place.normalised(description.json.text(pretty: false)).hasSuffix(
                    #""committed":null,"end":3,"lag":3,"memberId":"<1>"}],"lag":3}]}"#))
            member.leave()
        }
    }

    /// A partition that is gone has no end, and the sum is not known without it.
    @Test func aLagThatIsNotKnownIsNotZero() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 2)
            try place.send(["a"], to: 0)
            try place.commit("billing", [0, 0])
            var offsets = try OffsetFigures.read(
                of: try place.connection.groups(named: ["billing"])[0], from: place.connection)
            #expect(offsets.totalLag == 1)
            offsets.rows[1].end = nil
            #expect(offsets.totalLag == nil)
            #expect(offsets.knownLag == 1)
            #expect(OffsetFigures(rows: []).totalLag == nil)
        }
    }

    @Test func itsOffsetsAreNotReset() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            let members = try (0..<2).map { _ in try GroupMember(of: "billing", at: place) }
            defer { members.forEach { $0.leave() } }
            let order = OffsetReset.Order(
                group: "billing", topics: ["orders"], partitions: [], target: .start(.earliest))
            #expect(
                place.diagnosis { _ = try OffsetReset.plan(order, on: place.connection) } == """
                    error: group billing has 2 members: its offsets cannot be reset
                      = <1> at /127.0.0.1 has orders/0
                      = <2> at /127.0.0.1 has no partitions
                      = stop them first; one that was killed is a member until its session.timeout.ms has passed
                    """)
        }
    }

    @Test func itIsNotDeletedAndNeitherIsAnother() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            try place.commit("audit", [0])
            let member = try GroupMember(of: "billing", at: place)
            defer { member.leave() }
            #expect(
                place.diagnosis { _ = try GroupDeletion.plan(["audit", "billing"], on: place.connection) } == """
                    error: group billing has 1 member: it cannot be deleted
                      = <1> at /127.0.0.1 has orders/0
                      = stop them first; one that was killed is a member until its session.timeout.ms has passed
                      = nothing was deleted
                    """)
            #expect(try Set(place.connection.admin.listGroups(timeout: .seconds(10))) == ["audit", "billing"])
        }
    }

    /// Between the table and the typed yes.
    @Test func aMemberThatComesMeanwhileKeepsItsGroup() async throws {
        try await onThread {
            let place = try AdministrationPlace(timeout: .seconds(3))
            try place.cluster.createTopic("orders", partitions: 1)
            try place.commit("billing", [3])
            let reset = try OffsetReset.plan(
                OffsetReset.Order(group: "billing", topics: [], partitions: [], target: .start(.earliest)),
                on: place.connection)
            let deletion = try GroupDeletion.plan(["billing"], on: place.connection)
            let member = try GroupMember(of: "billing", at: place)
            defer { member.leave() }
            #expect(
                place.diagnosis { _ = try reset.carryOut(wasAsked: true) } == """
                    error: group billing has 1 member: its offsets cannot be reset
                      = <1> at /127.0.0.1 has orders/0
                      = stop them first; one that was killed is a member until its session.timeout.ms has passed
                    """)
            let outcome = try deletion.carryOut(wasAsked: false)
            #expect(outcome.text(.plain) == "")
            #expect(
                place.printed(outcome.remarks) == """
                    error: deleting group billing failed
                      = NON_EMPTY_GROUP: Broker: The group is not empty
                      = a member has joined it meanwhile
                    """)
            #expect(
                outcome.json.text(pretty: false)
                    == #"{"groups":[{"name":"billing","state":"Empty","topics":["orders"],"lag":-3,"deleted":false,"#
                    + #""error":{"name":"NON_EMPTY_GROUP","reason":"Broker: The group is not empty"}}]}"#)
        }
    }
}
