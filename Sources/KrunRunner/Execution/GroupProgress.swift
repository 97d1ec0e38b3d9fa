import KrunKafka

/// When a group of members that all belong to this step is stable, and who owns what.
///
/// Reading may begin when every member has an assignment, possibly empty, of the same generation, and every partition
/// has exactly one owner. A pure state machine: members report, the step asks.
struct GroupProgress {
    private struct Member {
        var owned: Set<TopicPartition> = []
        var generation: Int32?
        var isGone = false
    }

    private let partitions: Set<TopicPartition>
    /// Others in the group may own partitions that no member of this step has.
    var sharesGroup: Bool
    private var members: [Member]
    private(set) var stableGeneration: Int32?
    private var laterGenerations: Set<Int32> = []

    init(members: Int, partitions: Set<TopicPartition>, sharesGroup: Bool) {
        self.members = Array(repeating: Member(), count: members)
        self.partitions = partitions
        self.sharesGroup = sharesGroup
    }

    /// One more member, which came while the others read; returns its number.
    mutating func join() -> Int {
        members.append(Member())
        return members.count - 1
    }

    /// The member has left the group, or does not act for the step any more.
    mutating func left(member: Int) {
        members[member] = Member(isGone: true)
    }

    /// The numbers of those that have not left.
    var present: [Int] { members.indices.filter { !members[$0].isGone } }

    mutating func assigned(member: Int, _ added: [TopicPartition], generation: Int32?) {
        members[member].owned.formUnion(added)
        members[member].generation = generation
        if let generation, let stableGeneration, generation > stableGeneration {
            laterGenerations.insert(generation)
        }
    }

    mutating func revoked(member: Int, _ removed: [TopicPartition]) {
        members[member].owned.subtract(removed)
        // What it belongs to is known again at the next assignment.
        members[member].generation = nil
    }

    /// The generation that every member has its assignment of; nil while they differ.
    var generation: Int32? {
        guard let generation = members.first(where: { !$0.isGone })?.generation else { return nil }
        return members.allSatisfy { $0.isGone || $0.generation == generation } ? generation : nil
    }

    /// Whether every member is in the same generation with its final assignment.
    var isStable: Bool {
        if generation == nil { return false }
        if sharesGroup { return true }
        let owners = members.reduce(0) { $0 + $1.owned.count }
        let owned = owned
        return owners == owned.count && partitions.isSubset(of: owned)
    }

    mutating func settle() {
        stableGeneration = generation
    }

    /// The partitions that the members of this step own now.
    var owned: Set<TopicPartition> { members.reduce(into: []) { $0.formUnion($1.owned) } }
    var assignedMembers: Int { members.count { $0.generation != nil } }
    /// How often the group was rebalanced after it had been stable.
    var rebalances: Int { laterGenerations.count }
}
