internal import KrunConfigs

/// The topic configs that a partition obeys, as values: made once when a config changes, not for each append.
package struct TopicSettings: Equatable, Sendable {
    package var compacts: Bool
    package var deletes: Bool
    package var segmentBytes: Int32
    package var segmentMilliseconds: Int64
    /// Negative: no limit.
    package var retentionBytes: Int64
    /// Negative: no limit.
    package var retentionMilliseconds: Int64
    package var maximumMessageBytes: Int32
    package var deleteRetentionMilliseconds: Int64
    package var minimumCompactionLagMilliseconds: Int64
    package var maximumCompactionLagMilliseconds: Int64
    package var minimumCleanableDirtyRatio: Double
    package var minimumInSyncReplicas: Int32
    /// `producer` keeps batches as they came.
    package var compressionType: String
    package var gzipLevel: Int32
    package var lz4Level: Int32
    package var zstdLevel: Int32
    package var stampsAppendTime: Bool
    /// How far a CreateTime may lie in the past; `Int64.max`: as far as it likes.
    package var timestampBeforeMaximumMilliseconds: Int64
    /// How far a CreateTime may lie in the future.
    package var timestampAfterMaximumMilliseconds: Int64

    package init(_ overrides: ConfigSet, on broker: BrokerConfigs) {
        func value(_ name: String) -> ConfigValue? { broker.topicValue(of: name, overrides) }
        func long(_ name: String, _ fallback: Int64) -> Int64 { value(name)?.integer ?? fallback }
        func int(_ name: String, _ fallback: Int32) -> Int32 { Int32(clamping: long(name, Int64(fallback))) }

        let policies = value("cleanup.policy")?.list ?? []
        compacts = policies.contains("compact")
        deletes = policies.contains("delete")
        segmentBytes = int("segment.bytes", 1_073_741_824)
        segmentMilliseconds = long("segment.ms", 604_800_000)
        retentionBytes = long("retention.bytes", -1)
        retentionMilliseconds = long("retention.ms", 604_800_000)
        maximumMessageBytes = int("max.message.bytes", 1_048_588)
        deleteRetentionMilliseconds = long("delete.retention.ms", 86_400_000)
        minimumCompactionLagMilliseconds = long("min.compaction.lag.ms", 0)
        maximumCompactionLagMilliseconds = long("max.compaction.lag.ms", .max)
        minimumCleanableDirtyRatio = value("min.cleanable.dirty.ratio")?.double ?? 0.5
        minimumInSyncReplicas = int("min.insync.replicas", 1)
        compressionType = value("compression.type")?.string ?? "producer"
        gzipLevel = int("compression.gzip.level", -1)
        lz4Level = int("compression.lz4.level", 9)
        zstdLevel = int("compression.zstd.level", 3)
        stampsAppendTime = value("message.timestamp.type")?.string == "LogAppendTime"
        // The deprecated config counts where the ones that replace it have their default (KIP-937).
        let difference = long("message.timestamp.difference.max.ms", .max)
        let before = long("message.timestamp.before.max.ms", .max)
        let after = long("message.timestamp.after.max.ms", .max)
        timestampBeforeMaximumMilliseconds = before == .max ? difference : before
        timestampAfterMaximumMilliseconds = after == .max ? difference : after
    }
}
