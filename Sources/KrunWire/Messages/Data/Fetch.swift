package import NIOCore

/// Asks for record batches from an offset of each partition on.
///
/// Version 7 brings fetch sessions (KIP-227), 11 reading from the nearest replica (KIP-392), 12 is the first
/// flexible one, and from 13 topics are named by their ids (KIP-516).
package struct FetchRequest: KafkaRequest {
    package typealias Response = FetchResponse

    package static var apiKey: ApiKey { .fetch }
    package static var versions: ClosedRange<Int16> { 4...17 }
    package static var firstFlexibleVersion: Int16 { 12 }

    package var clusterId: String?
    package var replicaId: Int32 = -1
    package var replicaState = ReplicaState()
    package var maxWaitMs: Int32 = 0
    package var minBytes: Int32 = 0
    package var maxBytes: Int32 = .max
    package var isolationLevel: Int8 = 0
    package var sessionId: Int32 = 0
    package var sessionEpoch: Int32 = -1
    package var topics: [FetchTopic] = []
    package var forgottenTopicsData: [ForgottenTopic] = []
    package var rackId: String = ""

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version <= 14 {
            try coder.code(&replicaId)
        } else {
            try coder.expectDefault(replicaId == -1, "replicaId", version: version)
        }
        if version < 15 { try coder.expectDefault(replicaState == ReplicaState(), "replicaState", version: version) }
        try coder.code(&maxWaitMs)
        try coder.code(&minBytes)
        try coder.code(&maxBytes)
        try coder.code(&isolationLevel)
        if version >= 7 {
            try coder.code(&sessionId)
            try coder.code(&sessionEpoch)
        }
        try coder.code(&topics, version: version)
        if version >= 7 {
            try coder.code(&forgottenTopicsData, version: version)
        } else {
            try coder.expectDefault(forgottenTopicsData.isEmpty, "forgottenTopicsData", version: version)
        }
        if version >= 11 { try coder.code(&rackId) }
        var tags = try coder.beginTags()
        if try coder.beginTag(0, &tags, isDefault: clusterId == nil) {
            try coder.code(&clusterId)
            try coder.endTag(&tags)
        }
        if version >= 15, try coder.beginTag(1, &tags, isDefault: replicaState == ReplicaState()) {
            try replicaState.code(&coder, version: version)
            try coder.endTag(&tags)
        }
        try coder.endTags(&tags)
    }
}

extension FetchRequest {
    /// Who fetches, from version 15 on (KIP-903); a consumer leaves it at its default.
    package struct ReplicaState: WireMessage {
        package var replicaId: Int32 = -1
        package var replicaEpoch: Int64 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&replicaId)
            try coder.code(&replicaEpoch)
            try coder.endFields()
        }
    }

    package struct FetchTopic: WireMessage {
        package var topic: String = ""
        package var topicId: KafkaUUID = .zero
        package var partitions: [FetchPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            if version <= 12 { try coder.code(&topic) }
            if version >= 13 { try coder.code(&topicId) }
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct FetchPartition: WireMessage {
        package var partition: Int32 = 0
        package var currentLeaderEpoch: Int32 = -1
        package var fetchOffset: Int64 = 0
        package var lastFetchedEpoch: Int32 = -1
        package var logStartOffset: Int64 = -1
        package var partitionMaxBytes: Int32 = 0
        package var replicaDirectoryId: KafkaUUID = .zero

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partition)
            if version >= 9 { try coder.code(&currentLeaderEpoch) }
            try coder.code(&fetchOffset)
            if version >= 12 {
                try coder.code(&lastFetchedEpoch)
            } else {
                try coder.expectDefault(lastFetchedEpoch == -1, "lastFetchedEpoch", version: version)
            }
            if version >= 5 { try coder.code(&logStartOffset) }
            try coder.code(&partitionMaxBytes)
            var tags = try coder.beginTags()
            if version >= 17, try coder.beginTag(0, &tags, isDefault: replicaDirectoryId == .zero) {
                try coder.code(&replicaDirectoryId)
                try coder.endTag(&tags)
            }
            try coder.endTags(&tags)
        }
    }

    package struct ForgottenTopic: WireMessage {
        package var topic: String = ""
        package var topicId: KafkaUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            if version <= 12 { try coder.code(&topic) }
            if version >= 13 { try coder.code(&topicId) }
            try coder.code(&partitions)
            try coder.endFields()
        }
    }
}

/// Record batches, and how far each partition goes.
///
/// From version 13 topics are named by their ids; from 16 a partition that moved names its new leader, whose
/// address is in `nodeEndpoints` (KIP-951).
package struct FetchResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var sessionId: Int32 = 0
    package var responses: [FetchableTopicResponse] = []
    package var nodeEndpoints: [NodeEndpoint] = []

    package init() {}

    package var recordBytes: Int {
        responses.reduce(0) { sum, topic in
            topic.partitions.reduce(sum) { $0 + 64 + ($1.records?.readableBytes ?? 0) }
        }
    }

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        if version >= 7 {
            try coder.code(&errorCode)
            try coder.code(&sessionId)
        } else {
            try coder.expectDefault(sessionId == 0, "sessionId", version: version)
        }
        try coder.code(&responses, version: version)
        if version < 16 { try coder.expectDefault(nodeEndpoints.isEmpty, "nodeEndpoints", version: version) }
        var tags = try coder.beginTags()
        if version >= 16, try coder.beginTag(0, &tags, isDefault: nodeEndpoints.isEmpty) {
            try coder.code(&nodeEndpoints, version: version)
            try coder.endTag(&tags)
        }
        try coder.endTags(&tags)
    }
}

extension FetchResponse {
    package struct FetchableTopicResponse: WireMessage {
        package var topic: String = ""
        package var topicId: KafkaUUID = .zero
        package var partitions: [PartitionData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            if version <= 12 { try coder.code(&topic) }
            if version >= 13 { try coder.code(&topicId) }
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct PartitionData: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var highWatermark: Int64 = 0
        package var lastStableOffset: Int64 = -1
        package var logStartOffset: Int64 = -1
        package var divergingEpoch = EpochEndOffset()
        package var currentLeader = LeaderIdAndEpoch()
        package var snapshotId = SnapshotId()
        package var abortedTransactions: [AbortedTransaction]? = []
        package var preferredReadReplica: Int32 = -1
        package var records: ByteBuffer?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
            try coder.code(&highWatermark)
            try coder.code(&lastStableOffset)
            if version >= 5 { try coder.code(&logStartOffset) }
            if version < 12 {
                try coder.expectDefault(divergingEpoch == EpochEndOffset(), "divergingEpoch", version: version)
                try coder.expectDefault(currentLeader == LeaderIdAndEpoch(), "currentLeader", version: version)
                try coder.expectDefault(snapshotId == SnapshotId(), "snapshotId", version: version)
            }
            try coder.code(&abortedTransactions, version: version)
            if version >= 11 {
                try coder.code(&preferredReadReplica)
            } else {
                try coder.expectDefault(preferredReadReplica == -1, "preferredReadReplica", version: version)
            }
            try coder.codeRecords(&records)
            var tags = try coder.beginTags()
            if try coder.beginTag(0, &tags, isDefault: divergingEpoch == EpochEndOffset()) {
                try divergingEpoch.code(&coder, version: version)
                try coder.endTag(&tags)
            }
            if try coder.beginTag(1, &tags, isDefault: currentLeader == LeaderIdAndEpoch()) {
                try currentLeader.code(&coder, version: version)
                try coder.endTag(&tags)
            }
            if try coder.beginTag(2, &tags, isDefault: snapshotId == SnapshotId()) {
                try snapshotId.code(&coder, version: version)
                try coder.endTag(&tags)
            }
            try coder.endTags(&tags)
        }
    }

    package struct EpochEndOffset: WireMessage {
        package var epoch: Int32 = -1
        package var endOffset: Int64 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&epoch)
            try coder.code(&endOffset)
            try coder.endFields()
        }
    }

    package struct LeaderIdAndEpoch: WireMessage {
        package var leaderId: Int32 = -1
        package var leaderEpoch: Int32 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&leaderId)
            try coder.code(&leaderEpoch)
            try coder.endFields()
        }
    }

    package struct SnapshotId: WireMessage {
        package var endOffset: Int64 = -1
        package var epoch: Int32 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&endOffset)
            try coder.code(&epoch)
            try coder.endFields()
        }
    }

    package struct AbortedTransaction: WireMessage {
        package var producerId: Int64 = 0
        package var firstOffset: Int64 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&producerId)
            try coder.code(&firstOffset)
            try coder.endFields()
        }
    }

    package struct NodeEndpoint: WireMessage {
        package var nodeId: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&nodeId)
            try coder.code(&host)
            try coder.code(&port)
            try coder.code(&rack)
            try coder.endFields()
        }
    }
}
