/// Asks for topics' partitions, a page at a time (KIP-966).
package struct DescribeTopicPartitionsRequest: KafkaRequest {
    package typealias Response = DescribeTopicPartitionsResponse

    package static var apiKey: ApiKey { .describeTopicPartitions }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var topics: [TopicRequest] = []
    package var responsePartitionLimit: Int32 = 2000
    package var cursor: Cursor?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.code(&responsePartitionLimit)
        try coder.code(&cursor, version: version)
        try coder.endFields()
    }
}

extension DescribeTopicPartitionsRequest {
    package struct TopicRequest: WireMessage {
        package var name: String = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.endFields()
        }
    }

    package struct Cursor: WireMessage {
        package var topicName: String = ""
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicName)
            try coder.code(&partitionIndex)
            try coder.endFields()
        }
    }
}

/// A page of partitions, and where the next one starts.
package struct DescribeTopicPartitionsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [DescribeTopicPartitionsResponseTopic] = []
    package var nextCursor: Cursor?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
        try coder.code(&nextCursor, version: version)
        try coder.endFields()
    }
}

extension DescribeTopicPartitionsResponse {
    package struct DescribeTopicPartitionsResponseTopic: WireMessage {
        package var errorCode: ErrorCode = .none
        package var name: String? = ""
        package var topicId: KafkaUUID = .zero
        package var isInternal: Bool = false
        package var partitions: [DescribeTopicPartitionsResponsePartition] = []
        package var topicAuthorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&name)
            try coder.code(&topicId)
            try coder.code(&isInternal)
            try coder.code(&partitions, version: version)
            try coder.code(&topicAuthorizedOperations)
            try coder.endFields()
        }
    }

    package struct DescribeTopicPartitionsResponsePartition: WireMessage {
        package var errorCode: ErrorCode = .none
        package var partitionIndex: Int32 = 0
        package var leaderId: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var replicaNodes: [Int32] = []
        package var isrNodes: [Int32] = []
        package var eligibleLeaderReplicas: [Int32]?
        package var lastKnownElr: [Int32]?
        package var offlineReplicas: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&partitionIndex)
            try coder.code(&leaderId)
            try coder.code(&leaderEpoch)
            try coder.code(&replicaNodes)
            try coder.code(&isrNodes)
            try coder.code(&eligibleLeaderReplicas)
            try coder.code(&lastKnownElr)
            try coder.code(&offlineReplicas)
            try coder.endFields()
        }
    }

    package struct Cursor: WireMessage {
        package var topicName: String = ""
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicName)
            try coder.code(&partitionIndex)
            try coder.endFields()
        }
    }
}
