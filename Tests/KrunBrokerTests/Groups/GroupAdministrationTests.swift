import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupAdministrationTests {
    private func member(_ id: String, metadata: String = "", assignment: String = "") -> GroupSummary.Member {
        .init(
            memberId: id, instanceId: nil, clientId: "c", clientHost: "/127.0.0.1", metadata: Array(metadata.utf8),
            assignment: Array(assignment.utf8))
    }

    /// What members subscribe to is told only while it is settled, as Kafka does.
    @Test
    func aGroupIsDescribedInEachState() {
        var bench = GroupBench.stable(2)
        func described() -> [GroupSummary] { bench.coordinator.describe(groups: ["g"], knowsGroupIdNotFound: true) }
        #expect(
            described() == [
                GroupSummary(
                    groupId: "g", state: .stable, protocolType: "consumer", protocolName: "range",
                    members: [
                        member("c-1", metadata: "t", assignment: "a1"), member("c-2", metadata: "t", assignment: "a2"),
                    ])
            ])
        _ = bench.join("c-1")
        #expect(
            described() == [
                GroupSummary(
                    groupId: "g", state: .preparingRebalance, protocolType: "consumer",
                    members: [member("c-1", assignment: "a1"), member("c-2", assignment: "a2")])
            ])
        _ = bench.join("c-2")
        #expect(described()[0].state == .completingRebalance)
        _ = bench.leave("c-1", "c-2")
        #expect(described() == [GroupSummary(groupId: "g", state: .empty, protocolType: "consumer")])
    }

    @Test
    func aGroupThatDoesNotExistIsDead() {
        let bench = GroupBench()
        #expect(
            bench.coordinator.describe(groups: ["x", ""], knowsGroupIdNotFound: false) == [
                GroupSummary(groupId: "x", state: .dead), GroupSummary(groupId: "", state: .dead),
            ])
        #expect(
            bench.coordinator.describe(groups: ["x"], knowsGroupIdNotFound: true) == [
                GroupSummary(error: .groupIdNotFound, groupId: "x", state: .dead)
            ])
        #expect(
            GroupState.allCases.map(\.rawValue) == [
                "Empty", "PreparingRebalance", "CompletingRebalance", "Stable", "Dead",
            ])
    }

    @Test
    func groupsAreListedByStateAndType() {
        var bench = GroupBench.stable(1)
        _ = bench.join(group: "h", type: "connect")
        _ = bench.commit([0: 1], group: "e")
        let empty = GroupOverview(groupId: "e", protocolType: "", state: .empty, type: "classic")
        let stable = GroupOverview(groupId: "g", protocolType: "consumer", state: .stable, type: "classic")
        let preparing = GroupOverview(
            groupId: "h", protocolType: "connect", state: .preparingRebalance, type: "classic")
        #expect(bench.coordinator.list() == [empty, stable, preparing])
        #expect(bench.coordinator.list(states: ["STABLE", "preparingrebalance"]) == [stable, preparing])
        #expect(bench.coordinator.list(states: ["Dead", "nonsense"]) == [])
        #expect(bench.coordinator.list(states: ["Empty"], types: ["Classic"]) == [empty])
        #expect(bench.coordinator.list(types: ["consumer", "nonsense"]) == [])
    }

    @Test
    func onlyEmptyGroupsCanBeDeleted() {
        var bench = GroupBench.stable(1)
        _ = bench.commit([0: 1], group: "e")
        _ = bench.commit([0: 2], group: "e", producer: 70)
        let (errors, actions) = bench.coordinator.delete(groups: ["g", "e", "x", "e"], now: bench.now)
        #expect(errors == [.nonEmptyGroup, .none, .groupIdNotFound, .groupIdNotFound])
        #expect(actions == [.event(.groupDeleted(group: "e"))])
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.coordinator.groupIds == ["g"])
        _ = bench.leave("c-1")
        #expect(bench.coordinator.delete(groups: ["g"], now: bench.now).errors == [.none])
        #expect(bench.due == nil)
    }

    @Test
    func whatWasDueInADeletedGroupIsNotDueInItsSuccessor() {
        var bench = GroupBench()
        _ = bench.join(session: 100, known: true)
        #expect(bench.coordinator.delete(groups: ["g"], now: bench.now).errors == [.none])
        #expect(bench.due == nil)
        let token = bench.join("c-1", known: true)
        #expect(bench.joined[token] == JoinAnswer(error: .unknownMemberId, memberId: "c-1"))
    }

    @Test
    func theFormationOfAGroupIsTold() {
        var bench = GroupBench()
        _ = bench.join(client: "reader", known: true)
        _ = bench.join("reader-1", client: "reader")
        bench.advance(milliseconds: 20)
        _ = bench.sync("reader-1", generation: 1, assigning: ["reader-1": "x"])
        #expect(
            bench.events == [
                .memberIdGiven(group: "g", memberId: "reader-1"),
                .memberJoined(
                    group: "g", memberId: "reader-1", instanceId: nil, clientId: "reader", reason: "because"),
                .rebalanceStarted(
                    group: "g", generation: 0, cause: .memberJoined(memberId: "reader-1", reason: "because")),
                .stateChanged(group: "g", from: .empty, to: .preparingRebalance, generation: 0),
                .stateChanged(group: "g", from: .preparingRebalance, to: .completingRebalance, generation: 1),
                .generationStarted(
                    group: "g", generation: 1, assignor: "range", leader: "reader-1", members: ["reader-1"]),
                .assigned(
                    group: "g", generation: 1,
                    assignments: [.init(memberId: "reader-1", assignment: Array("x".utf8))]),
                .stateChanged(group: "g", from: .completingRebalance, to: .stable, generation: 1),
            ])
    }

    /// A step costs what happens in its group, and not what there is in others.
    @Test
    func aThousandGroupsFormAndStayWithoutBeingLookedThrough() {
        var bench = GroupBench()
        for group in 0..<1000 {
            for _ in 0..<3 { _ = bench.join(group: "\(group)") }
        }
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined.values.count { $0.generation == 1 } == 3000)
        for (token, answer) in bench.joined.sorted(by: { $0.key.number < $1.key.number }) {
            _ = bench.sync(answer.memberId, group: "\((token.number - 1) / 3)", generation: 1)
        }
        #expect(bench.coordinator.list(states: ["stable"]).count == 1000)
        #expect(bench.due == 10_000)
    }
}
