package import KrunKafka
package import KrunOutcome
package import KrunScenario

/// Where a group is to go on in each partition.
package enum OffsetTarget: Hashable, Sendable {
    /// Not `committed`, where it stands already.
    case start(StartPoint)
    /// So many offsets on from what is committed, or back.
    case shift(Int64)
}

/// Where a group stands in a partition, and where it is to go on.
package struct OffsetMove: Hashable, Sendable {
    package var partition: TopicPartition
    /// Nil where the group committed nothing.
    package var committed: Int64?
    /// Nil where it stays without one.
    package private(set) var offset: Int64?
    /// The first offset that the log has.
    package var first: Int64
    /// The offset behind the last record.
    package var end: Int64
    /// Why the offset is not what was asked for; nil where it is.
    package private(set) var note: OffsetNote?

    package init(_ partition: TopicPartition, committed: Int64?, first: Int64, end: Int64) {
        self.partition = partition
        self.committed = committed
        self.first = first
        self.end = end
    }

    package var isChange: Bool { offset != nil && offset != committed }

    /// - Parameter atTime: the first offset since the time that is asked for, where there is one.
    package mutating func move(to target: OffsetTarget, atTime: Int64?) {
        switch target {
        case .start(let start): move(to: start, atTime: atTime)
        case .shift(let count): move(by: count)
        }
    }

    private mutating func move(to start: StartPoint, atTime: Int64?) {
        offset = start.offset(first: first, end: end, committed: committed, atTime: atTime)
        switch start {
        case .offset(let wanted): clamp(wanted)
        case .last(let count) where count > end - first: note = .fewer(than: count)
        case .time where atTime == nil: note = .noRecordAsLate
        case .committed, .earliest, .latest, .last, .time: break
        }
    }

    private mutating func move(by count: Int64) {
        guard let committed else {
            note = .nothingCommitted
            return
        }
        let (offset, isTooFar) = committed.addingReportingOverflow(count)
        clamp(isTooFar ? (count < 0 ? .min : .max) : offset)
    }

    /// To an offset that the log has, or may have next.
    private mutating func clamp(_ wanted: Int64) {
        offset = min(max(wanted, first), end)
        if wanted < first { note = .beforeFirst(wanted) }
        if wanted > end { note = .beyondEnd(wanted) }
    }
}

extension AdminClient {
    /// The same with where each is to go on; asks for the offsets of times.
    ///
    /// - Parameter target: nil for partitions that stay as they are, which are left out.
    package func moves(
        _ moves: [OffsetMove], to target: (TopicPartition) -> OffsetTarget?, timeout: Duration
    ) throws(KafkaError) -> [OffsetMove] {
        let targets = moves.map { target($0.partition) }
        let atTime = try offsets(
            zip(moves, targets).compactMap { move, target in
                if case .start(.time(let time)) = target { (move.partition, time) } else { nil }
            }, timeout: timeout)
        return zip(moves, targets).compactMap { move, target in
            target.map { target in
                var move = move
                move.move(to: target, atTime: atTime[move.partition])
                return move
            }
        }
    }

    /// The first offset of each partition since its time, in milliseconds since 1970; without those that have no record as late.
    package func offsets(
        _ times: [(partition: TopicPartition, time: Int64)], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        var found: [TopicPartition: Int64] = [:]
        for (time, entries) in Dictionary(grouping: times, by: \.time).sorted(by: { $0.key < $1.key }) {
            let offsets = try offsets(entries.map(\.partition), since: time, timeout: timeout)
            found.merge(offsets.compactMapValues { $0 }) { $1 }
        }
        return found
    }
}
