import KrunWire

@testable import KrunBroker

/// What the reference model keeps of a group: nothing that can be worked out from the rest.
struct ModelGroup {
    struct Member {
        var id: String
        var instance: String?
        var client: String
        var session: Duration
        var rebalance: Duration
        var protocols: [MemberProtocol]
        var assignment: [UInt8] = []
        var join: ReplyToken?
        var sync: ReplyToken?
        var isFresh: Bool
        var owesSync = false
    }

    struct Due {
        var at: Duration
        var order: Int
    }

    struct Opening {
        var step: Duration
        var left: Duration
        var newcomer: Bool
    }

    struct Offset {
        var committed: CommittedOffset
        var order: Int
    }

    struct Pending {
        var producer: Int64
        var partition: GroupPartition
        var offset: Offset
    }

    var phase = GroupState.empty
    var since: Int64
    var generation: Int32 = 0
    var type: String?
    var assignor: String?
    var leader: String?
    var members: [Member] = []
    var told: [String] = []
    var sessions: [String: Due] = [:]
    var joinDue: Due?
    var syncDue: Due?
    var opening: Opening?
    var topics: Set<String>?
    var committed: [GroupPartition: Offset] = [:]
    var pending: [Pending] = []
    /// Producers whose transactions brought offsets, if only to be forgotten again.
    var producers: Set<Int64> = []

    init(since: Int64) {
        self.since = since
    }

    func position(_ id: String) -> Int? { members.firstIndex { $0.id == id } }

    func member(_ id: String) -> Member? { members.first { $0.id == id } }

    var allHere: Bool { told.isEmpty && members.allSatisfy { $0.join != nil } }

    var patience: Duration { members.map(\.rebalance).reduce(.zero, max) }

    /// Names of protocols that everyone knows.
    var common: Set<String> {
        guard let first = members.first else { return [] }
        return members.reduce(into: Set(first.protocols.map(\.name))) { $0.formIntersection($1.protocols.map(\.name)) }
    }

    func fits(type: String, protocols: [MemberProtocol]) -> Bool {
        let names = protocols.map(\.name)
        if phase == .empty { return !type.isEmpty && !names.isEmpty }
        return self.type == type && (members.isEmpty ? !names.isEmpty : !common.isDisjoint(with: names))
    }

    var favourite: String? {
        let votes = members.compactMap { member in member.protocols.map(\.name).first(where: common.contains) }
        let most = votes.map { vote in votes.count { $0 == vote } }.max()
        return votes.first { vote in votes.count { $0 == vote } == most }
    }

    func wrong(_ id: String, _ instance: String?) -> ErrorCode? {
        if let instance {
            guard let owner = members.first(where: { $0.instance == instance }) else { return .unknownMemberId }
            if owner.id != id { return .fencedInstanceId }
        }
        return member(id) == nil ? .unknownMemberId : nil
    }

    func news(for id: String) -> JoinAnswer {
        JoinAnswer(
            error: .none, memberId: id, generation: generation, protocolType: type, protocolName: assignor,
            leader: leader ?? "",
            members: leader != id
                ? []
                : members.map { member in
                    .init(
                        memberId: member.id, instanceId: member.instance,
                        metadata: member.protocols.first { $0.name == assignor }!.metadata)
                })
    }

    func reads(_ topic: String) -> Bool {
        topics.map { $0.contains(topic) } ?? (type == "consumer")
    }

    func isOpen(_ partition: GroupPartition) -> Bool {
        pending.contains { $0.partition == partition }
    }
}
