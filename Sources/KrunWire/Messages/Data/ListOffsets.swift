/// Asks for the offset that belongs to a timestamp of each partition.
///
/// Timestamps below zero are special: -1 is the end, -2 the start, -3 (version 7) the record of the largest
/// timestamp, -4 and -5 (versions 8 and 9) what is about tiered storage.
package struct ListOffsetsRequest: KafkaRequest {
    package typealias Response = ListOffsetsResponse

    package static var apiKey: ApiKey { .listOffsets }
    package static var versions: ClosedRange<Int16> { 1...10 }
    package static var firstFlexibleVersion: Int16 { 6 }

    package var replicaId: Int32 = 0
    package var isolationLevel: Int8 = 0
    package var topics: [ListOffsetsTopic] = []
    package var timeoutMs: Int32 = 0

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&replicaId)
        if version >= 2 {
            try coder.code(&isolationLevel)
        } else {
            try coder.expectDefault(isolationLevel == 0, "isolationLevel", version: version)
        }
        try coder.code(&topics, version: version)
        if version >= 10 { try coder.code(&timeoutMs) }
        try coder.endFields()
    }
}

extension ListOffsetsRequest {
    package struct ListOffsetsTopic: WireMessage {
        package var name: String = ""
        package var partitions: [ListOffsetsPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct ListOffsetsPartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var currentLeaderEpoch: Int32 = -1
        package var timestamp: Int64 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            if version >= 4 { try coder.code(&currentLeaderEpoch) }
            try coder.code(&timestamp)
            try coder.endFields()
        }
    }
}

/// The offset found for each partition, with the timestamp of its record.
package struct ListOffsetsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [ListOffsetsTopicResponse] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 2 { try coder.code(&throttleTimeMs) }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension ListOffsetsResponse {
    package struct ListOffsetsTopicResponse: WireMessage {
        package var name: String = ""
        package var partitions: [ListOffsetsPartitionResponse] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct ListOffsetsPartitionResponse: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var timestamp: Int64 = -1
        package var offset: Int64 = -1
        package var leaderEpoch: Int32 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
            try coder.code(&timestamp)
            try coder.code(&offset)
            if version >= 4 {
                try coder.code(&leaderEpoch)
            } else {
                try coder.expectDefault(leaderEpoch == -1, "leaderEpoch", version: version)
            }
            try coder.endFields()
        }
    }
}

/// Asks where a leader epoch ended, to find out whether a log was cut off behind a consumer's back (KIP-320).
package struct OffsetForLeaderEpochRequest: KafkaRequest {
    package typealias Response = OffsetForLeaderEpochResponse

    package static var apiKey: ApiKey { .offsetForLeaderEpoch }
    package static var versions: ClosedRange<Int16> { 2...4 }
    package static var firstFlexibleVersion: Int16 { 4 }

    package var replicaId: Int32 = -2
    package var topics: [OffsetForLeaderTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 3 { try coder.code(&replicaId) }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension OffsetForLeaderEpochRequest {
    package struct OffsetForLeaderTopic: WireMessage {
        package var topic: String = ""
        package var partitions: [OffsetForLeaderPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topic)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct OffsetForLeaderPartition: WireMessage {
        package var partition: Int32 = 0
        package var currentLeaderEpoch: Int32 = -1
        package var leaderEpoch: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partition)
            try coder.code(&currentLeaderEpoch)
            try coder.code(&leaderEpoch)
            try coder.endFields()
        }
    }
}

/// The end offset of the largest epoch that is not above the one asked for.
package struct OffsetForLeaderEpochResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetForLeaderTopicResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension OffsetForLeaderEpochResponse {
    package struct OffsetForLeaderTopicResult: WireMessage {
        package var topic: String = ""
        package var partitions: [EpochEndOffset] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topic)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct EpochEndOffset: WireMessage {
        package var errorCode: ErrorCode = .none
        package var partition: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var endOffset: Int64 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&partition)
            try coder.code(&leaderEpoch)
            try coder.code(&endOffset)
            try coder.endFields()
        }
    }
}
