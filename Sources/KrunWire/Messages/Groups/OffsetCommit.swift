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
