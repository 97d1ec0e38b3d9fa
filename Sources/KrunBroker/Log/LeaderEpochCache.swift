/// Where each leader epoch of a log began (KIP-101).
struct LeaderEpochCache: Equatable {
    struct Entry: Equatable {
        var epoch: Int32
        var startOffset: Int64
    }

    /// Both fields rise strictly.
    private(set) var entries: [Entry] = []

    var latestEpoch: Int32? { entries.last?.epoch }

    /// Notes that records of this epoch begin here, if it is news. An entry that contradicts it gives way.
    mutating func assign(_ epoch: Int32, startOffset: Int64) {
        guard epoch >= 0, startOffset >= 0 else { return }
        if let last = entries.last, last.epoch == epoch, last.startOffset <= startOffset { return }
        while let last = entries.last, last.epoch >= epoch || last.startOffset >= startOffset {
            entries.removeLast()
        }
        entries.append(Entry(epoch: epoch, startOffset: startOffset))
    }

    /// The epoch of the record at this offset, nil when none is known.
    func epoch(of offset: Int64) -> Int32? {
        let after = entries.partitionPoint { $0.startOffset > offset }
        return after > 0 ? entries[after - 1].epoch : nil
    }

    /// What OffsetForLeaderEpoch answers: the greatest epoch at or below the one asked for, and where it ended; nil
    /// when unknown.
    func endOffset(of epoch: Int32, logEndOffset: Int64) -> (epoch: Int32, offset: Int64)? {
        guard epoch >= 0 else { return nil }
        if epoch == latestEpoch { return (epoch, logEndOffset) }
        let higher = entries.partitionPoint { $0.epoch > epoch }
        guard higher < entries.count else { return nil }
        // Below all that is known: the log begins where the first known epoch does.
        let found = higher > 0 ? entries[higher - 1].epoch : epoch
        return (found, entries[higher].startOffset)
    }

    /// Forgets epochs that ended at or below the new start of the log; the one that it lies in begins there from now
    /// on.
    mutating func truncate(fromStart offset: Int64) {
        let removed = entries.partitionPoint { $0.startOffset > offset }
        guard removed > 0 else { return }
        entries[removed - 1].startOffset = offset
        entries.removeFirst(removed - 1)
    }
}
