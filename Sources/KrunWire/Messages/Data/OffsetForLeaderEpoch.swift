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
