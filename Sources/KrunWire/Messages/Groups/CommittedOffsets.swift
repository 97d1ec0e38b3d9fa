/// Stores how far a group has come.
///
/// Version 0 says neither member nor generation; version 8 is the first flexible one.
package struct OffsetCommitRequest: KafkaRequest {
    package typealias Response = OffsetCommitResponse

    package static var apiKey: ApiKey { .offsetCommit }
    package static var versions: ClosedRange<Int16> { 0...9 }
    package static var firstFlexibleVersion: Int16 { 8 }

    package var groupId: String = ""
    /// -1 together with an empty member id commits from outside the group.
    package var generationIdOrMemberEpoch: Int32 = -1
    package var memberId: String = ""
    package var groupInstanceId: String?
    package var retentionTimeMs: Int64 = -1
    package var topics: [OffsetCommitRequestTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        if version >= 1 {
            try coder.code(&generationIdOrMemberEpoch)
            try coder.code(&memberId)
        }
        if version >= 7 {
            try coder.code(&groupInstanceId)
        } else {
            try coder.expectDefault(groupInstanceId == nil, "groupInstanceId", version: version)
        }
        if (2...4).contains(version) { try coder.code(&retentionTimeMs) }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension OffsetCommitRequest {
    package struct OffsetCommitRequestTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetCommitRequestPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct OffsetCommitRequestPartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        /// When it was committed, in milliseconds since 1970, which only version 1 says; -1: now.
        package var commitTimestamp: Int64 = -1
        package var committedLeaderEpoch: Int32 = -1
        package var committedMetadata: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&committedOffset)
            if version == 1 { try coder.code(&commitTimestamp) }
            if version >= 6 { try coder.code(&committedLeaderEpoch) }
            try coder.code(&committedMetadata)
            try coder.endFields()
        }
    }
}

/// What became of each partition's commit.
package struct OffsetCommitResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetCommitResponseTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 3 { try coder.code(&throttleTimeMs) }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension OffsetCommitResponse {
    package struct OffsetCommitResponseTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetCommitResponsePartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct OffsetCommitResponsePartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }
}

/// Asks how far groups have come.
///
/// Null topics mean every partition with a commit (version 2); version 7 can insist on stable offsets (KIP-447),
/// and from version 8 the request asks for several groups at once (KIP-709).
package struct OffsetFetchRequest: KafkaRequest {
    package typealias Response = OffsetFetchResponse

    package static var apiKey: ApiKey { .offsetFetch }
    package static var versions: ClosedRange<Int16> { 0...9 }
    package static var firstFlexibleVersion: Int16 { 6 }

    package var groupId: String = ""
    package var topics: [OffsetFetchRequestTopic]? = []
    package var groups: [OffsetFetchRequestGroup] = []
    package var requireStable: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version <= 7 {
            try coder.code(&groupId)
            try coder.code(&topics, nullable: version >= 2, version: version)
        } else {
            try coder.expectDefault(groupId.isEmpty, "groupId", version: version)
            try coder.expectDefault(topics?.isEmpty == true, "topics", version: version)
        }
        if version >= 8 {
            try coder.code(&groups, version: version)
        } else {
            try coder.expectDefault(groups.isEmpty, "groups", version: version)
        }
        if version >= 7 {
            try coder.code(&requireStable)
        } else {
            try coder.expectDefault(!requireStable, "requireStable", version: version)
        }
        try coder.endFields()
    }
}

extension OffsetFetchRequest {
    package struct OffsetFetchRequestTopic: WireMessage {
        package var name: String = ""
        package var partitionIndexes: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitionIndexes)
            try coder.endFields()
        }
    }

    package struct OffsetFetchRequestGroup: WireMessage {
        package var groupId: String = ""
        package var memberId: String?
        package var memberEpoch: Int32 = -1
        package var topics: [OffsetFetchRequestTopics]? = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&groupId)
            if version >= 9 {
                try coder.code(&memberId)
                try coder.code(&memberEpoch)
            }
            try coder.code(&topics, version: version)
            try coder.endFields()
        }
    }

    package struct OffsetFetchRequestTopics: WireMessage {
        package var name: String = ""
        package var partitionIndexes: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitionIndexes)
            try coder.endFields()
        }
    }
}

/// Committed offsets, -1 where there is none: in `topics` up to version 7, by group from version 8.
package struct OffsetFetchResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetFetchResponseTopic] = []
    package var errorCode: ErrorCode = .none
    package var groups: [OffsetFetchResponseGroup] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 3 { try coder.code(&throttleTimeMs) }
        if version <= 7 {
            try coder.code(&topics, version: version)
        } else {
            try coder.expectDefault(topics.isEmpty, "topics", version: version)
        }
        if (2...7).contains(version) { try coder.code(&errorCode) }
        if version >= 8 {
            try coder.code(&groups, version: version)
        } else {
            try coder.expectDefault(groups.isEmpty, "groups", version: version)
        }
        try coder.endFields()
    }
}

extension OffsetFetchResponse {
    package struct OffsetFetchResponseTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetFetchResponsePartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct OffsetFetchResponsePartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var metadata: String? = ""
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&committedOffset)
            if version >= 5 { try coder.code(&committedLeaderEpoch) }
            try coder.code(&metadata)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }

    package struct OffsetFetchResponseGroup: WireMessage {
        package var groupId: String = ""
        package var topics: [OffsetFetchResponseTopics] = []
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&groupId)
            try coder.code(&topics, version: version)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }

    package struct OffsetFetchResponseTopics: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetFetchResponsePartitions] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct OffsetFetchResponsePartitions: WireMessage {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var metadata: String? = ""
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&committedOffset)
            try coder.code(&committedLeaderEpoch)
            try coder.code(&metadata)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }
}

/// Forgets committed offsets of a group (KIP-496). It has one version, and no flexible one.
package struct OffsetDeleteRequest: KafkaRequest {
    package typealias Response = OffsetDeleteResponse

    package static var apiKey: ApiKey { .offsetDelete }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { .max }

    package var groupId: String = ""
    package var topics: [OffsetDeleteRequestTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        try coder.code(&topics, version: version)
    }
}

extension OffsetDeleteRequest {
    package struct OffsetDeleteRequestTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetDeleteRequestPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
        }
    }

    package struct OffsetDeleteRequestPartition: WireMessage {
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
        }
    }
}

/// What became of each partition whose commit was to be forgotten.
package struct OffsetDeleteResponse: WireMessage {
    package var errorCode: ErrorCode = .none
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetDeleteResponseTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&errorCode)
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
    }
}

extension OffsetDeleteResponse {
    package struct OffsetDeleteResponseTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetDeleteResponsePartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
        }
    }

    package struct OffsetDeleteResponsePartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
        }
    }
}
