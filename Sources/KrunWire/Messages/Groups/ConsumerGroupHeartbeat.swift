/// A heartbeat of the group protocol `consumer` (KIP-848), which joins and leaves, too.
package struct ConsumerGroupHeartbeatRequest: KafkaRequest {
    package typealias Response = ConsumerGroupHeartbeatResponse

    package static var apiKey: ApiKey { .consumerGroupHeartbeat }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var groupId: String = ""
    package var memberId: String = ""
    package var memberEpoch: Int32 = 0
    package var instanceId: String?
    package var rackId: String?
    package var rebalanceTimeoutMs: Int32 = -1
    package var subscribedTopicNames: [String]?
    package var serverAssignor: String?
    package var topicPartitions: [TopicPartitions]?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        try coder.code(&memberId)
        try coder.code(&memberEpoch)
        try coder.code(&instanceId)
        try coder.code(&rackId)
        try coder.code(&rebalanceTimeoutMs)
        try coder.code(&subscribedTopicNames)
        try coder.code(&serverAssignor)
        try coder.code(&topicPartitions, version: version)
        try coder.endFields()
    }
}

extension ConsumerGroupHeartbeatRequest {
    package struct TopicPartitions: WireMessage {
        package var topicId: KafkaUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicId)
            try coder.code(&partitions)
            try coder.endFields()
        }
    }
}

/// What the coordinator wants of the member.
package struct ConsumerGroupHeartbeatResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String?
    package var memberId: String?
    package var memberEpoch: Int32 = 0
    package var heartbeatIntervalMs: Int32 = 0
    package var assignment: Assignment?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&memberId)
        try coder.code(&memberEpoch)
        try coder.code(&heartbeatIntervalMs)
        try coder.code(&assignment, version: version)
        try coder.endFields()
    }
}

extension ConsumerGroupHeartbeatResponse {
    package struct Assignment: WireMessage {
        package var topicPartitions: [TopicPartitions] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicPartitions, version: version)
            try coder.endFields()
        }
    }

    package struct TopicPartitions: WireMessage {
        package var topicId: KafkaUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicId)
            try coder.code(&partitions)
            try coder.endFields()
        }
    }
}
