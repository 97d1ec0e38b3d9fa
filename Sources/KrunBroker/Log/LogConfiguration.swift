/// The topic (and a few broker) configs that a log obeys, under Kafka's names and with its defaults. Times are
/// milliseconds.
package struct LogConfiguration: Equatable, Sendable {
    /// `cleanup.policy`
    package var cleanupPolicy: CleanupPolicy = .delete
    /// `retention.ms`; -1 keeps for ever.
    package var retentionMs: Int64 = 7 * 24 * 3_600_000
    /// `retention.bytes`; -1 is no bound.
    package var retentionBytes: Int64 = -1
    /// `segment.bytes`
    package var segmentBytes = 1 << 30
    /// `segment.ms`
    package var segmentMs: Int64 = 7 * 24 * 3_600_000
    /// `max.message.bytes`: of a whole batch, as compressed.
    package var maxMessageBytes = 1_048_588
    /// `message.timestamp.type`
    package var messageTimestampType = TimestampType.createTime
    /// `message.timestamp.before.max.ms`
    package var messageTimestampBeforeMaxMs = Int64.max
    /// `message.timestamp.after.max.ms`; an hour from Kafka 4.0 on.
    package var messageTimestampAfterMaxMs: Int64 = 3_600_000
    /// `min.cleanable.dirty.ratio`
    package var minCleanableDirtyRatio = 0.5
    /// `min.compaction.lag.ms`
    package var minCompactionLagMs: Int64 = 0
    /// `max.compaction.lag.ms`
    package var maxCompactionLagMs = Int64.max
    /// `delete.retention.ms`
    package var deleteRetentionMs: Int64 = 24 * 3_600_000
    /// `compression.type`: nil is `producer`, and `uncompressed` is `.none`.
    package var compressionType: RecordCompression?
    /// `compression.gzip.level`
    package var gzipLevel: Int32 = -1
    /// `compression.lz4.level`
    package var lz4Level: Int32 = 9
    /// `compression.zstd.level`
    package var zstdLevel: Int32 = 3
    /// The broker's `producer.id.expiration.ms`
    package var producerIdExpirationMs: Int64 = 24 * 3_600_000
    /// The broker's `producer.id.expiration.check.interval.ms`
    package var producerIdExpirationCheckIntervalMs: Int64 = 600_000
    /// The broker's `log.retention.check.interval.ms`: how often retention looks.
    package var retentionCheckIntervalMs: Int64 = 300_000
    /// The broker's `log.cleaner.enable`: whether compaction runs by itself.
    package var cleanerEnabled = true
    /// The broker's `log.cleaner.backoff.ms`: how often compaction looks.
    package var cleanerBackoffMs: Int64 = 15_000
    /// Ours: the most that one batch may hold once decompressed. Kafka has no such bound.
    package var maxDecompressedBytes = 100 << 20
    /// Of a batch that is to be compressed anew, which takes far longer.
    package var maxRecompressedBytes = 8 << 20

    package init() {}

    /// How long a segment may be written to: `segment.ms`, but sooner when compaction must not wait.
    var maxSegmentMs: Int64 {
        cleanupPolicy.contains(.compact) && maxCompactionLagMs > 0 ? min(maxCompactionLagMs, segmentMs) : segmentMs
    }
}

/// `cleanup.policy`: either, or both.
package struct CleanupPolicy: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let delete = CleanupPolicy(rawValue: 1)
    package static let compact = CleanupPolicy(rawValue: 2)
}

/// Whose clock a record's timestamp is from: bit 3 of a batch's attributes, and the config `message.timestamp.type`.
package enum TimestampType: Sendable {
    case createTime
    case logAppendTime
}
