import KrunOutcome

/// What a consume step remembers of a key.
struct ReadNote: Sendable {
    var partition: Int32 = -1
    /// The highest offset of the key there.
    var offset: Int64 = -1
}

/// What a consume step has read of one topic.
struct TopicReading: Sendable {
    /// A record where no message was acknowledged.
    struct Stranger: Sendable {
        let partition: Int32
        let offset: Int64
        /// Hash of key and value.
        let content: UInt64
        /// As a report names it.
        let key: String
    }

    /// How cases name things; a value of its own so that the text of a case can be made while its list is changed.
    struct Naming: Sendable {
        let topic: String
        let hasGroup: Bool
        /// The names of the step's members.
        var members: [String]

        func at(_ partition: Int32, _ offset: Int64, _ key: UnsafeRawBufferPointer?) -> String {
            "\(topic)/\(partition) offset \(offset), \(KeyText.named(key))"
        }

        func by(_ member: Int) -> String {
            hasGroup ? " by member \(members[member])" : ""
        }

        func to(_ member: Int) -> String {
            " to member \(members[member])"
        }
    }

    /// How many strangers are looked at one by one.
    static let strangerLimit = TopicMemory.failureLimit
    /// How many of them keep their key for the report.
    static let strangerKeyLimit = 1_000

    var name: String { naming.topic }
    var naming: Naming
    /// Per partition what the group read in earlier steps; may be shorter.
    let readEarlier: [IntervalSet]
    /// As they were when the step last looked: see `catchUp`.
    private var acknowledged: [IntervalSet]
    /// Per partition the last offset + 1 that was acknowledged when the step began, and that it can read.
    let acknowledgedBefore: [Int64]
    /// Whether a record was read of which the step does not know whether it was acknowledged.
    private(set) var isBehind = false
    /// Whether records that were never acknowledged to this scenario are worth remembering.
    let looksForStrangers: Bool
    let seed: UInt64
    var partitions: [PartitionReading]
    var keys: KeyBook<ReadNote>
    /// Records that were in no run of acknowledged offsets when they were read.
    private(set) var strangers: [Stranger] = []
    /// With how many of them it is worth looking again at each.
    private var nextLook = Self.strangerKeyLimit
    var rereads = CaseList()
    var disorder = CaseList()
    var trespasses = CaseList()
    var ownership = CaseList()

    init(
        memory: TopicMemory, hasGroup: Bool, members: [String], readEarlier: [IntervalSet],
        acknowledgedBefore: [Int64], seed: UInt64, keys: KeyBook<ReadNote>
    ) {
        naming = Naming(topic: memory.name, hasGroup: hasGroup, members: members)
        self.readEarlier = readEarlier
        acknowledged = memory.acknowledged
        self.acknowledgedBefore = acknowledgedBefore
        looksForStrangers = memory.strangersUnjudged == nil
        self.seed = seed
        self.keys = keys
        partitions = Array(repeating: PartitionReading(), count: memory.partitions)
        // Without a group the one reader has every partition from the start.
        if !hasGroup {
            for index in partitions.indices { partitions[index].owners = [.init(member: 0)] }
        }
    }

    mutating func record(
        member: Int, partition: Int32, offset: Int64, order: UInt64, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?
    ) {
        let index = Int(partition)
        while index >= partitions.count { partitions.append(PartitionReading()) }
        let taken = partitions[index].take(offset, member: member)
        let isNew = taken.isNew
        if !isNew {
            rereads.add("\(naming.at(partition, offset, key)), was read again\(naming.by(member))")
        }
        if let last = taken.disorder {
            disorder.add("\(naming.at(partition, offset, key)), was read\(naming.by(member)) after offset \(last)")
        } else if !taken.isOwned {
            trespasses.add(
                "\(naming.at(partition, offset, key)), was read\(naming.by(member)), which did not own the partition")
        }
        if looksForStrangers, isNew, !taken.isInRun { look(partition, offset, key, value) }
        guard let key else {
            keys.countNull(partition: partition, order: order, value: value)
            return
        }
        guard let number = keys.count(key, partition: partition, order: order, value: value), isNew else { return }
        let note = keys.entries[number].note
        if note.partition != partition {
            keys.entries[number].note = ReadNote(partition: partition, offset: offset)
        } else if offset > note.offset {
            keys.entries[number].note.offset = offset
        } else if keys.misorders[number] != nil {
            keys.misorders[number]?.count += 1
        } else {
            keys.misorders[number] = .init(partition: partition, offset: offset, other: note.offset)
        }
    }

    /// How many of its records the group had read in an earlier step.
    var redelivered: Int {
        zip(partitions, readEarlier).reduce(0) { $0 + $1.0.read.count - $1.0.read.subtracting($1.1).count }
    }

    /// Looks at what was acknowledged meanwhile: what is sent beside the step may be read before its acknowledgement comes.
    mutating func catchUp(_ memory: TopicMemory) {
        isBehind = false
        acknowledged = memory.acknowledged
        guard strangers.count >= nextLook else { return }
        strangers.removeAll { stranger in
            let index = Int(stranger.partition)
            return index < acknowledged.count && acknowledged[index].contains(stranger.offset)
        }
        nextLook = max(Self.strangerKeyLimit, 2 * strangers.count)
    }

    /// Finds the run of acknowledged offsets that the offset is in; if there is none, it is a stranger for now.
    private mutating func look(
        _ partition: Int32, _ offset: Int64, _ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?
    ) {
        let index = Int(partition)
        if index < acknowledged.count, let run = acknowledged[index].run(holding: offset) {
            partitions[index].acknowledgedRun = run
            return
        }
        isBehind = true
        if strangers.count < Self.strangerLimit {
            strangers.append(
                Stranger(
                    partition: partition, offset: offset,
                    content: TopicMemory.content(key, value, seed: seed),
                    key: strangers.count < Self.strangerKeyLimit ? KeyText.named(key) : "a key"))
        }
    }

    mutating func assign(_ member: Int, _ partition: Int32) {
        let index = Int(partition)
        while index >= partitions.count { partitions.append(PartitionReading()) }
        for owner in partitions[index].owners where owner.member != member && naming.hasGroup {
            ownership.add(
                "\(naming.topic)/\(partition) was given\(naming.to(member)) while member \(naming.members[owner.member]) owned it"
            )
        }
        partitions[index].owners.removeAll { $0.member == member }
        partitions[index].owners.append(.init(member: member))
    }

    mutating func revoke(_ member: Int, _ partition: Int32) {
        guard Int(partition) < partitions.count else { return }
        partitions[Int(partition)].owners.removeAll { $0.member == member }
    }

    /// Every partition must have an owner now.
    mutating func lookForOrphans(but leftOut: Set<Int32>) {
        for (number, partition) in partitions.enumerated()
        where partition.owners.isEmpty && !leftOut.contains(Int32(number)) {
            ownership.add("\(naming.topic)/\(number) had no owner though the group was stable")
        }
    }
}
