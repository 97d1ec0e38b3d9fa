internal import KrunWire

extension PartitionLog {
    /// Deletes the records below an offset, as DeleteRecords asks; -1 is the high watermark. Gives back the new low
    /// watermark.
    ///
    /// Memory of chunks that lie wholly below goes back at once. Throws POLICY_VIOLATION when `cleanup.policy` does not
    /// delete, OFFSET_OUT_OF_RANGE for an offset below -1 or above the high watermark.
    @discardableResult
    package func deleteRecords(before offset: Int64) throws(LogError) -> Int64 {
        guard configuration.cleanupPolicy.contains(.delete) else {
            throw LogError(.policyViolation, "Records cannot be deleted where cleanup.policy does not delete.")
        }
        let target = offset == -1 ? highWatermark : offset
        guard target >= 0, target <= highWatermark else {
            throw LogError(
                .offsetOutOfRange,
                "Records cannot be deleted before offset \(target), the high watermark is \(highWatermark).")
        }
        moveLogStart(to: target)
        return logStartOffset
    }

    /// Forgets what is below the offset, which is at most the high watermark.
    func moveLogStart(to offset: Int64) {
        guard offset > logStartOffset else { return }
        logStartOffset = offset
        epochs.truncate(fromStart: offset)
        producers.passed(highWatermark: offset)
        aborted.removeFirst(aborted.partitionPoint { $0.lastOffset >= offset })
        // A segment is dead when the next one begins at or below the start; the last is always kept.
        let dead = segments.dropFirst().prefix { $0.baseOffset <= offset }.count
        for segment in segments[..<dead] { sizeInBytes -= Int64(segment.sizeInBytes) }
        segments.removeFirst(dead)
        segments[0].dropChunks(below: offset)
    }

    /// Deletes segments from the oldest on as `retention.bytes` and `retention.ms` want, the active one too when all
    /// its records are to go. Gives back whether any went.
    ///
    /// By size: while what is left has at least `retention.bytes`. By time: while a segment's greatest timestamp is
    /// older than `retention.ms`. Never at or above the high watermark.
    func applyRetention(_ now: Now) -> Bool {
        guard configuration.cleanupPolicy.contains(.delete) else { return false }
        let bySize = deleteSegments(now, while: Self.exceeds(configuration.retentionBytes, of: sizeInBytes))
        let byTime = deleteSegments(now) { [configuration] segment in
            configuration.retentionMs >= 0
                && now.wallMilliseconds &- segment.largestTimestamp > configuration.retentionMs
        }
        return bySize || byTime
    }

    private static func exceeds(_ retention: Int64, of size: Int64) -> (LogSegment) -> Bool {
        var excess = size - retention
        return { segment in
            guard retention >= 0, excess >= Int64(segment.sizeInBytes) else { return false }
            excess -= Int64(segment.sizeInBytes)
            return true
        }
    }

    private func deleteSegments(_ now: Now, while isDue: (LogSegment) -> Bool) -> Bool {
        var start = logStartOffset
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            let end = isLast ? logEndOffset : segments[index + 1].baseOffset
            // Of an active segment that holds nothing there is nothing to delete.
            if isLast && segment.isEmpty { break }
            guard highWatermark >= end, isDue(segment) else { break }
            if isLast { roll(now) }
            start = end
        }
        guard start > logStartOffset else { return false }
        moveLogStart(to: start)
        return true
    }
}
