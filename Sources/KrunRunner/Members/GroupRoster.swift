import KrunKafka

/// Who of the scenario's members is in a group, and who owns what, over all steps; a pure state machine: members report, steps ask.
struct GroupRoster {
    struct Member {
        let name: String
        /// What it subscribes to.
        let topics: [String]
        /// Of all that.
        var partitions: Set<TopicPartition>
        var owned: Set<TopicPartition> = []
        var generation: Int32?
        /// Given by the coordinator.
        var id: String?
        /// Whether it polls.
        var isStalled = false
        /// Whether it is a static member that was closed: the group keeps its place, with what it owned, until its session ends.
        var isAway = false
    }

    /// What has changed since the group was last settled.
    struct Change {
        /// From whom to whom they went.
        var moved: [TopicPartition: (from: String, to: String)] = [:]
        var revoked: Set<TopicPartition> = []
        var rebalances = 0
    }

    /// In the order in which they came.
    private(set) var members: [Member] = []
    /// Who owned what when the group was last settled.
    private var settledOwners: [TopicPartition: String] = [:]
    private var settledGeneration: Int32?
    private var revoked: Set<TopicPartition> = []
    /// Topics that are not there any more.
    private var gone: Set<String> = []
    private var firstGeneration: Int32?
    private var lastGeneration: Int32?

    var present: [Member] { members.filter { !$0.isAway } }
    var away: [Member] { members.filter(\.isAway) }

    private func index(of name: String) -> Int? { members.firstIndex { $0.name == name } }

    mutating func join(_ name: String, topics: [String] = [], partitions: Set<TopicPartition>) {
        let member = Member(name: name, topics: topics, partitions: partitions)
        // A static member that comes back takes its place.
        if let index = index(of: name) { members[index] = member } else { members.append(member) }
    }

    /// From now on the topic has so many.
    mutating func topicHas(_ topic: String, partitions count: Int) {
        if count == 0 { gone.insert(topic) } else { gone.remove(topic) }
        for index in members.indices where members[index].topics.contains(topic) {
            members[index].partitions = members[index].partitions.filter { $0.topic != topic }
                .union((0..<Int32(count)).map { TopicPartition(topic, $0) })
        }
    }

    mutating func assigned(_ name: String, _ added: [TopicPartition], generation: Int32?, id: String?) {
        guard let index = index(of: name) else { return }
        members[index].owned.formUnion(added)
        members[index].generation = generation
        members[index].id = id ?? members[index].id
        // What a member that is away had has been given to another.
        for other in members.indices where members[other].isAway { members[other].owned.subtract(added) }
        guard let generation else { return }
        firstGeneration = firstGeneration ?? generation
        lastGeneration = max(lastGeneration ?? generation, generation)
    }

    /// - Parameters:
    ///   - isLeaving: whether the member gives them up because it goes.
    ///   - isAway: whether the group keeps its place.
    mutating func revoked(_ name: String, _ removed: [TopicPartition], isLeaving: Bool, isAway: Bool) {
        guard let index = index(of: name) else { return }
        if !isAway { members[index].owned.subtract(removed) }
        members[index].generation = nil
        if !isLeaving { revoked.formUnion(removed) }
    }

    mutating func stalled(_ name: String, _ isStalled: Bool, isLost: Bool) {
        guard let index = index(of: name) else { return }
        members[index].isStalled = isStalled
        if isLost { members[index].generation = nil }
    }

    mutating func left(_ name: String, isAway: Bool) {
        guard let index = index(of: name) else { return }
        if isAway {
            members[index].isAway = true
            members[index].generation = nil
        } else {
            members.remove(at: index)
        }
    }

    /// What the coordinator says of members that are away: those whose session has ended have no place any more.
    mutating func update(away owners: [String: [TopicPartition]]) {
        members.removeAll { member in member.isAway && member.id.map { owners[$0] == nil } ?? true }
        for index in members.indices where members[index].isAway {
            members[index].owned = Set(members[index].id.flatMap { owners[$0] } ?? [])
        }
    }

    // MARK: Asked by steps

    /// The generation that every member that polls has its assignment of; nil while they differ.
    var generation: Int32? {
        let present = present
        guard let generation = present.first?.generation else { return nil }
        return present.allSatisfy { $0.generation == generation && !$0.isStalled } ? generation : nil
    }

    /// Whether every member has its final assignment: all are of one generation, and each partition of what they subscribe to is owned
    /// once, be it by a member that is away.
    ///
    /// - Parameters:
    ///   - before: a generation that is over, as somebody has left it.
    ///   - isShared: whether others may own partitions.
    func isStable(after before: Int32?, isShared: Bool) -> Bool {
        let present = present
        if present.isEmpty { return true }
        guard let generation else { return false }
        if let before, generation <= before { return false }
        // They have not heard yet that it is gone.
        if !gone.isEmpty, present.contains(where: { $0.owned.contains { gone.contains($0.topic) } }) { return false }
        if isShared { return true }
        var owned: Set<TopicPartition> = []
        var count = 0
        for member in present {
            count += member.owned.count
            owned.formUnion(member.owned)
        }
        guard count == owned.count else { return false }
        for member in members where member.isAway { owned.formUnion(member.owned) }
        return present.allSatisfy { $0.partitions.isSubset(of: owned) }
    }

    /// The latest that a member was in; nil before one was.
    var latestGeneration: Int32? { lastGeneration }

    /// What has changed since this was asked last.
    mutating func settle() -> Change {
        var owners: [TopicPartition: String] = [:]
        for member in members { for partition in member.owned { owners[partition] = member.name } }
        var change = Change(revoked: revoked)
        for (partition, owner) in owners {
            if let before = settledOwners[partition], before != owner {
                change.moved[partition] = (before, owner)
            }
        }
        if let firstGeneration, let lastGeneration {
            change.rebalances = Int(lastGeneration - (settledGeneration ?? (firstGeneration - 1)))
        }
        (settledOwners, settledGeneration, revoked) = (owners, lastGeneration, [])
        if members.isEmpty { (settledGeneration, firstGeneration, lastGeneration) = (nil, nil, nil) }
        return change
    }
}
