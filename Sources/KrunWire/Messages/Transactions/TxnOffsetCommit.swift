/// Stores how far a group has come, as part of a transaction.
///
/// From version 3 the member and its generation can be checked (KIP-447).
package struct TxnOffsetCommitRequest: KafkaRequest {
    package typealias Response = TxnOffsetCommitResponse

    package static var apiKey: ApiKey { .txnOffsetCommit }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var transactionalId: String = ""
    package var groupId: String = ""
    package var producerId: Int64 = 0
    package var producerEpoch: Int16 = 0
    package var generationId: Int32 = -1
    package var memberId: String = ""
    package var groupInstanceId: String?
    package var topics: [TxnOffsetCommitRequestTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalId)
        try coder.code(&groupId)
        try coder.code(&producerId)
        try coder.code(&producerEpoch)
        if version >= 3 {
            try coder.code(&generationId)
            try coder.code(&memberId)
            try coder.code(&groupInstanceId)
        } else {
            try coder.expectDefault(generationId == -1, "generationId", version: version)
            try coder.expectDefault(memberId.isEmpty, "memberId", version: version)
            try coder.expectDefault(groupInstanceId == nil, "groupInstanceId", version: version)
        }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension TxnOffsetCommitRequest {
    package struct TxnOffsetCommitRequestTopic: WireMessage {
        package var name: String = ""
        package var partitions: [TxnOffsetCommitRequestPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct TxnOffsetCommitRequestPartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var committedMetadata: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&committedOffset)
            if version >= 2 { try coder.code(&committedLeaderEpoch) }
            try coder.code(&committedMetadata)
            try coder.endFields()
        }
    }
}

/// What became of each partition's commit.
package struct TxnOffsetCommitResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [TxnOffsetCommitResponseTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension TxnOffsetCommitResponse {
    package struct TxnOffsetCommitResponseTopic: WireMessage {
        package var name: String = ""
        package var partitions: [TxnOffsetCommitResponsePartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct TxnOffsetCommitResponsePartition: WireMessage {
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
