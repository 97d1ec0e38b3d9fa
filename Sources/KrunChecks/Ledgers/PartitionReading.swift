/// What a consume step knows of one partition.
struct PartitionReading: Sendable {
    struct Owner: Sendable {
        let member: Int
        /// The offset read last in this ownership; -1 before the first.
        var last: Int64 = -1
    }

    var messages = 0
    /// Every offset that was read.
    var read = IntervalSet()
    /// Where reading starts; nil when it is not known.
    var start: Int64?
    /// The next offset; nil when it is not known.
    var position: Int64?
    /// One member at a time, or else single-owner is broken.
    var owners: [Owner] = []
    /// The run of acknowledged offsets in which the last record was found.
    var acknowledgedRun: Range<Int64> = 0..<0
    /// What was committed before the step by a group that is not the scenario's.
    var committedBefore: Int64?
    /// What was committed when the step began, by a group of the scenario's own.
    var committedFound: Int64?

    /// Where the member's ownership is in `owners`.
    @inline(__always)
    func ownership(of member: Int) -> Int? {
        if owners.count == 1 { return owners[0].member == member ? 0 : nil }
        return owners.firstIndex { $0.member == member }
    }

    /// What a record that was read shows.
    struct Taken {
        /// Whether its offset had not been read before.
        let isNew: Bool
        /// Whether the member owned the partition.
        let isOwned: Bool
        /// The offset that the owner had read before, where that is not a lower one.
        let disorder: Int64?
        /// Whether it is in the run of acknowledged offsets in which the last one was.
        let isInRun: Bool
    }

    /// Notes a record that a member read.
    @inline(__always)
    mutating func take(_ offset: Int64, member: Int) -> Taken {
        messages += 1
        if offset >= position ?? 0 { position = offset + 1 }
        let isNew = read.insert(offset)
        var disorder: Int64?
        let owner = ownership(of: member)
        if let owner {
            let last = owners[owner].last
            if offset <= last { disorder = last } else { owners[owner].last = offset }
        }
        return Taken(
            isNew: isNew, isOwned: owner != nil, disorder: disorder, isInRun: acknowledgedRun.contains(offset))
    }
}
