internal import KrunWire

extension PartitionLog {
    /// Does what is due: retention, compaction, forgetting idle producers, each no oftener than its interval in the
    /// configuration.
    @discardableResult
    package func maintain(now: Now) -> LogMaintenance {
        var done = LogMaintenance()
        if now.uptime >= nextRetention {
            maintenance.lastRetention = now.uptime
            done.deletedSegments = applyRetention(now)
        }
        if configuration.cleanerEnabled, now.uptime >= nextCleaning {
            maintenance.lastCleaning = now.uptime
            done.compacted = cleanIfDue(now)
        }
        if now.uptime >= nextProducerExpiration {
            maintenance.lastProducerExpiration = now.uptime
            producers.expire(
                nowMilliseconds: now.wallMilliseconds, afterMilliseconds: configuration.producerIdExpirationMs)
        }
        return done
    }

    /// Deletes what retention wants gone, without waiting for its interval.
    @discardableResult
    package func retainNow(now: Now) -> Bool {
        maintenance.lastRetention = now.uptime
        return applyRetention(now)
    }

    /// When `maintain(now:)` may have something to do, as uptime; nil when nothing can become due by time alone.
    ///
    /// Appends and new configurations change the answer.
    package func nextMaintenance(now: Now) -> Duration? {
        var deadlines: [Duration] = []
        if let due = millisecondsUntilRetention(now) {
            deadlines.append(max(nextRetention, now.uptime + .milliseconds(due)))
        }
        if hasDirtySegments { deadlines.append(nextCleaning) }
        if !producers.producers.isEmpty { deadlines.append(nextProducerExpiration) }
        return deadlines.min()
    }

    private var nextRetention: Duration {
        maintenance.lastRetention + .milliseconds(configuration.retentionCheckIntervalMs)
    }

    private var nextCleaning: Duration {
        maintenance.lastCleaning + .milliseconds(configuration.cleanerBackoffMs)
    }

    private var nextProducerExpiration: Duration {
        maintenance.lastProducerExpiration + .milliseconds(configuration.producerIdExpirationCheckIntervalMs)
    }

    /// Until the oldest segment may go, 0 when it may already; nil when it never will.
    private func millisecondsUntilRetention(_ now: Now) -> Int64? {
        guard configuration.cleanupPolicy.contains(.delete), let oldest = segments.first,
            segments.count > 1 || !oldest.isEmpty
        else { return nil }
        if configuration.retentionBytes >= 0 && sizeInBytes - configuration.retentionBytes >= Int64(oldest.sizeInBytes)
        {
            return 0
        }
        guard configuration.retentionMs >= 0 else { return nil }
        // Of a clock that is far off nothing can be said but that it is not yet time.
        let (age, overflows) = now.wallMilliseconds.subtractingReportingOverflow(oldest.largestTimestamp)
        guard !overflows else { return nil }
        let (left, tooLong) = configuration.retentionMs.subtractingReportingOverflow(age)
        guard !tooLong, left < Int64.max / 2 else { return nil }
        return max(0, left + 1)
    }
}

// MARK: - Retention

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

/// What looking after a log did.
package struct LogMaintenance: Equatable, Sendable {
    /// Retention moved the log start offset.
    package var deletedSegments = false
    /// Compaction rewrote segments.
    package var compacted = false

    package init(deletedSegments: Bool = false, compacted: Bool = false) {
        self.deletedSegments = deletedSegments
        self.compacted = compacted
    }
}

/// When a log was last looked after; Kafka looks at intervals, not the moment that something becomes due.
struct MaintenanceClock {
    var lastRetention: Duration = .zero
    var lastCleaning: Duration = .zero
    var lastProducerExpiration: Duration = .zero

    mutating func start(_ now: Now) {
        lastRetention = now.uptime
        lastCleaning = now.uptime
        lastProducerExpiration = now.uptime
    }
}
