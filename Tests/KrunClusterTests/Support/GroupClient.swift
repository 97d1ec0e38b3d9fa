import KrunWire
import NIOConcurrencyHelpers

@testable import KrunBroker

/// A member of a group with a connection of its own.
final class GroupClient: Sendable {
    let client: TestClient
    private let group: String
    private let instance: String?
    private let session: Int32
    private let member = NIOLockedValueBox("")
    /// What `settle` got.
    let assignment = NIOLockedValueBox<[UInt8]>([])

    init(_ cluster: EmbeddedCluster, _ group: String, instance: String? = nil, session: Int32 = 60_000) async throws {
        client = try await cluster.client(of: cluster.coordinator(ofGroup: group))
        self.group = group
        self.instance = instance
        self.session = session
    }

    /// Asks for a member id (KIP-394).
    func greet() async throws {
        let answer = try await client.send(Ask.join(group, session: session), version: 9)
        member.withLockedValue { $0 = answer.memberId }
    }

    func join() async throws -> JoinGroupResponse {
        let id = member.withLockedValue { $0 }
        let answer = try await client.send(
            Ask.join(group, member: id, instance: instance, session: session), version: 9)
        if answer.errorCode == .memberIdRequired {
            member.withLockedValue { $0 = answer.memberId }
            return try await join()
        }
        member.withLockedValue { $0 = answer.memberId }
        return answer
    }

    func sync(_ joined: JoinGroupResponse, assignments: [String: [UInt8]] = [:]) async throws -> SyncGroupResponse {
        try await client.send(
            Ask.sync(
                group, member: joined.memberId, generation: joined.generationId, assignments: assignments,
                instance: instance), version: 5)
    }

    /// Joins until the group has so many members and this one its assignment: the place of its id among all of them, from 1.
    func settle(among count: Int) async throws -> JoinGroupResponse {
        while true {
            let joined = try await join()
            let ids = joined.members.map(\.memberId).sorted()
            if joined.leader == joined.memberId, ids.count < count {
                // The others came too late for this generation.
                while try await heartbeat(joined) != .rebalanceInProgress { await Task.yield() }
                continue
            }
            let assignments = Dictionary(uniqueKeysWithValues: zip(ids, (1...).lazy.map { [UInt8($0)] }))
            let synced = try await sync(joined, assignments: assignments)
            if synced.errorCode == .rebalanceInProgress { continue }
            assignment.withLockedValue { $0 = synced.assignment }
            return joined
        }
    }

    func heartbeat(_ joined: JoinGroupResponse) async throws -> ErrorCode {
        try await client.send(
            Ask.heartbeat(group, member: joined.memberId, generation: joined.generationId), version: 4
        ).errorCode
    }

    func leave(_ joined: JoinGroupResponse) async throws -> LeaveGroupResponse {
        try await client.send(
            with(LeaveGroupRequest()) { request in
                request.groupId = group
                request.members = [with(LeaveGroupRequest.MemberIdentity()) { $0.memberId = joined.memberId }]
            }, version: 5)
    }
}
