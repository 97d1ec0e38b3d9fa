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
