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
