extension PartitionLog {
    /// The part of a log that compaction may work on.
    private struct Cleanable {
        var firstDirtyOffset: Int64
        /// Where the first segment begins that must not be touched.
        var endOffset: Int64
        var cleanBytes: Int
        var dirtyBytes: Int
        /// A dirty segment has waited for `max.compaction.lag.ms`.
        var isOverdue: Bool

        var dirtyRatio: Double { dirtyBytes == 0 ? 0 : Double(dirtyBytes) / Double(cleanBytes + dirtyBytes) }
    }

    /// Compacts what may be compacted, whatever the dirty ratio, if `cleanup.policy` says that the log is compacted.
    /// Gives back whether segments were rewritten.
    ///
    /// The active segment is never touched, so it is rolled first unless told otherwise: then all is compacted but what
    /// `min.compaction.lag.ms` or an open transaction protects. Nothing happens when memory does not suffice to write
    /// the new segments beside the old.
    @discardableResult
    package func cleanNow(now: Now, rollingActiveSegment: Bool = true) -> Bool {
        guard configuration.cleanupPolicy.contains(.compact) else { return false }
        if rollingActiveSegment { roll(now) }
        return clean(cleanable(now), now)
    }

    /// Compacts when the dirty part is more than `min.cleanable.dirty.ratio` of all, or `max.compaction.lag.ms` says
    /// so.
    func cleanIfDue(_ now: Now) -> Bool {
        guard configuration.cleanupPolicy.contains(.compact) else { return false }
        let cleanable = cleanable(now)
        guard cleanable.dirtyBytes > 0 else { return false }
        guard cleanable.isOverdue || cleanable.dirtyRatio > configuration.minCleanableDirtyRatio else { return false }
        return clean(cleanable, now)
    }

    /// There are segments that compaction may be interested in, now or later.
    var hasDirtySegments: Bool {
        configuration.cleanupPolicy.contains(.compact) && segments.count > 1
            && segments[segments.count - 1].baseOffset > firstDirtyOffset
    }

    private func cleanable(_ now: Now) -> Cleanable {
        let dirty = max(firstDirtyOffset, logStartOffset)
        var end = min(lastStableOffset, activeSegment.baseOffset)
        let inactive = segments.dropLast()
        let firstDirtySegment = max(0, segments.partitionPoint { $0.baseOffset > dirty } - 1)
        let lag = max(configuration.minCompactionLagMs, 0)
        if lag > 0 {
            let young = inactive.dropFirst(firstDirtySegment).first {
                $0.largestTimestamp > now.wallMilliseconds &- lag
            }
            end = min(end, young?.baseOffset ?? end)
        }
        // Whole segments only.
        end = segments[max(0, segments.partitionPoint { $0.baseOffset > end } - 1)].baseOffset
        var result = Cleanable(firstDirtyOffset: dirty, endOffset: end, cleanBytes: 0, dirtyBytes: 0, isOverdue: false)
        let overdue = now.wallMilliseconds.subtractingReportingOverflow(max(configuration.maxCompactionLagMs, 0))
        for (index, segment) in inactive.enumerated() {
            if index < firstDirtySegment {
                result.cleanBytes += segment.sizeInBytes
                continue
            }
            if segment.baseOffset < end { result.dirtyBytes += segment.sizeInBytes }
            if let first = segment.firstBatchTimestamp, first > 0, !overdue.overflow, first < overdue.partialValue {
                result.isOverdue = true
            }
        }
        return result
    }

    private func clean(_ cleanable: Cleanable, _ now: Now) -> Bool {
        let end = cleanable.endOffset
        let count = segments.prefix { $0.baseOffset < end }.count
        guard count > 0, end >= cleanable.firstDirtyOffset else { return false }
        var cleaner = LogCleaner(
            configuration: configuration, memory: memory, nowMilliseconds: now.wallMilliseconds, endOffset: end,
            producers: producers.producers)
        let old = Array(segments[..<count])
        let ended = aborted.prefix { $0.lastOffset < end }
        // What is stored was read before, so that it cannot fail to be read.
        guard
            let cleaned = try? cleaner.clean(
                old, dirtyFrom: cleanable.firstDirtyOffset, aborted: aborted.filter { $0.firstOffset < end })
        else { return false }
        segments.replaceSubrange(..<count, with: cleaned.segments)
        aborted.replaceSubrange(..<ended.count, with: cleaned.aborted)
        sizeInBytes += cleaned.segments.reduce(0) { $0 + Int64($1.sizeInBytes) }
        sizeInBytes -= old.reduce(0) { $0 + Int64($1.sizeInBytes) }
        firstDirtyOffset = end
        return true
    }
}
