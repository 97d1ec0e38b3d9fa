import KrunWire
import Synchronization
import Testing

@testable import KrunBroker

/// A coordinator under a hand-driven clock, and every answer and event it gave.
struct GroupBench {
    var coordinator: GroupCoordinator
    var now = Now(uptime: .zero, wallMilliseconds: 1_700_000_000_000)
    var joined: [ReplyToken: JoinAnswer] = [:]
    var synced: [ReplyToken: SyncAnswer] = [:]
    var events: [GroupEvent] = []
    private var tokens: UInt64 = 0

    /// The ids it gives end with 1, 2, 3 and so on.
    init(_ change: (inout GroupConfiguration) -> Void = { _ in }) {
        var configuration = GroupConfiguration()
        change(&configuration)
        coordinator = GroupCoordinator(configuration: configuration, uniqueText: Self.counter())
    }

    static func counter() -> @Sendable () -> String {
        let count = Box()
        return { count.next() }
    }

    private final class Box: Sendable {
        private let value = Mutex(0)

        func next() -> String {
            value.withLock {
                $0 += 1
                return "\($0)"
            }
        }
    }

    mutating func token() -> ReplyToken {
        tokens += 1
        return ReplyToken(tokens)
    }

    mutating func take(_ actions: [GroupAction]) {
        for action in actions {
            switch action {
            case .answerJoin(let token, let answer):
                #expect(joined.updateValue(answer, forKey: token) == nil, "answered twice")
            case .answerSync(let token, let answer):
                #expect(synced.updateValue(answer, forKey: token) == nil, "answered twice")
            case .event(let event): events.append(event)
            }
        }
    }

    mutating func advance(milliseconds: Int) {
        now = now.advanced(by: .milliseconds(milliseconds))
        take(coordinator.expire(now: now))
    }

    /// When something is next due, in milliseconds from now.
    var due: Int? {
        coordinator.nextDeadline.map { Int(($0 - now.uptime) / .milliseconds(1)) }
    }

    // MARK: Requests

    /// Joins with the protocol `range`, without the round trip for a member id unless `known`.
    mutating func join(
        _ memberId: String = "", group: String = "g", instance: String? = nil, client: String = "c",
        session: Int = 10_000, rebalance: Int = 60_000, type: String = "consumer",
        protocols: [(String, String)] = [("range", "t")], known: Bool = false, skipping: Bool = true
    ) -> ReplyToken {
        let token = token()
        let request = JoinRequest(
            token: token, groupId: group, memberId: memberId, instanceId: instance, clientId: client,
            clientHost: "/127.0.0.1", sessionTimeout: .milliseconds(session),
            rebalanceTimeout: .milliseconds(rebalance),
            protocolType: type, protocols: protocols.map { MemberProtocol(name: $0.0, metadata: Array($0.1.utf8)) },
            requireKnownMemberId: known, supportsSkippingAssignment: skipping, reason: "because")
        take(coordinator.join(request, now: now))
        return token
    }

    mutating func sync(
        _ memberId: String, group: String = "g", generation: Int32, instance: String? = nil, type: String? = "consumer",
        name: String? = "range", assigning assignments: [String: String] = [:]
    ) -> ReplyToken {
        let token = token()
        let request = SyncRequest(
            token: token, groupId: group, generation: generation, memberId: memberId, instanceId: instance,
            protocolType: type, protocolName: name,
            assignments: assignments.sorted { $0.key < $1.key }
                .map { .init(memberId: $0.key, assignment: Array($0.value.utf8)) })
        take(coordinator.sync(request, now: now))
        return token
    }

    mutating func heartbeat(
        _ memberId: String, group: String = "g", generation: Int32, instance: String? = nil
    ) -> ErrorCode {
        coordinator.heartbeat(
            MemberHeartbeat(groupId: group, generation: generation, memberId: memberId, instanceId: instance), now: now)
    }

    mutating func leave(_ memberIds: String..., group: String = "g") -> [ErrorCode] {
        leave(memberIds.map { LeaveRequest.Member(memberId: $0) }, group: group).members.map(\.error)
    }

    mutating func leave(_ members: [LeaveRequest.Member], group: String = "g") -> LeaveAnswer {
        let (answer, actions) = coordinator.leave(LeaveRequest(groupId: group, members: members), now: now)
        take(actions)
        return answer
    }

    mutating func commit(
        _ offsets: [Int32: Int64], topic: String = "t", group: String = "g", member: String = "",
        generation: Int32 = -1,
        producer: Int64? = nil
    ) -> [ErrorCode] {
        let request = CommitRequest(
            groupId: group, generation: generation, memberId: member,
            offsets: offsets.sorted { $0.key < $1.key }
                .map { .init(partition: GroupPartition(topic: topic, partition: $0.key), offset: $0.value) })
        return commit(request, producer: producer)
    }

    mutating func commit(_ request: CommitRequest, producer: Int64? = nil) -> [ErrorCode] {
        let (errors, actions) =
            producer.map { coordinator.commitTransactional(request, producerId: $0, now: now) }
            ?? coordinator.commit(request, now: now)
        take(actions)
        return errors
    }

    mutating func endTransaction(of producer: Int64, commit: Bool) {
        take(coordinator.completeTransaction(producerId: producer, commit: commit, now: now))
    }

    /// Committed offsets by `topic-partition`.
    func committed(group: String = "g") -> [String: Int64] {
        var all: [String: Int64] = [:]
        for fetched in coordinator.fetchOffsets(group: group, partitions: nil, requireStable: false) {
            all["\(fetched.partition.topic)-\(fetched.partition.partition)"] = fetched.committed?.offset
        }
        return all
    }

    // MARK: Whole passages

    /// Members `c-1` to `c-n` in a stable group of generation 1, assigned `a1` to `an`; the first leads.
    static func stable(_ count: Int, _ change: (inout GroupConfiguration) -> Void = { _ in }) -> GroupBench {
        var bench = GroupBench(change)
        for _ in 0..<count { _ = bench.join() }
        bench.advance(milliseconds: 20)
        if count > 1 { bench.advance(milliseconds: 20) }
        bench.syncAll(count, generation: 1)
        bench.events = []
        bench.joined = [:]
        bench.synced = [:]
        return bench
    }

    mutating func syncAll(_ count: Int, generation: Int32) {
        guard count > 0 else { return }
        for number in 1...count {
            let all = Dictionary(uniqueKeysWithValues: (1...count).map { ("c-\($0)", "a\($0)") })
            _ = sync("c-\(number)", generation: generation, assigning: number == 1 ? all : [:])
        }
    }

    /// The metadata of a consumer that subscribes to the topics.
    static func subscription(_ topics: String...) -> String {
        var bytes: [UInt8] = [0, 1, 0, 0, 0, UInt8(topics.count)]
        for topic in topics { bytes += [0, UInt8(topic.utf8.count)] + Array(topic.utf8) }
        return String(decoding: bytes, as: UTF8.self)
    }

    var state: GroupState { coordinator.describe(groups: ["g"], knowsGroupIdNotFound: false)[0].state }
    var members: [String] {
        coordinator.describe(groups: ["g"], knowsGroupIdNotFound: false)[0].members.map(\.memberId)
    }
}

extension JoinAnswer {
    /// An answer of a generation led by `leader`, with `members` and their metadata for the leader.
    static func generation(
        _ generation: Int32, _ memberId: String, leader: String, members: [(String, String)] = [],
        protocol name: String = "range", skip: Bool = false
    ) -> JoinAnswer {
        JoinAnswer(
            error: .none, memberId: memberId, generation: generation, protocolType: "consumer", protocolName: name,
            leader: leader,
            members: members.map { Member(memberId: $0.0, instanceId: nil, metadata: Array($0.1.utf8)) },
            skipAssignment: skip)
    }
}

extension SyncAnswer {
    static func assigned(_ text: String, protocol name: String = "range") -> SyncAnswer {
        SyncAnswer(error: .none, protocolType: "consumer", protocolName: name, assignment: Array(text.utf8))
    }
}

extension GroupCoordinator {
    /// The requests of the group that wait for their answers, in the order of the members.
    func waitingTokens(ofGroup group: String) -> [ReplyToken] {
        self[group]?.orderedMembers.flatMap { [$0.awaitingJoin, $0.awaitingSync].compactMap(\.self) } ?? []
    }
}
