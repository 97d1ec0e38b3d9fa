/// Has leaders of partitions elected: the preferred replica (0) or any live one (1, KIP-460). Null partitions mean
/// all.
package struct ElectLeadersRequest: KafkaRequest {
    package typealias Response = ElectLeadersResponse

    package static var apiKey: ApiKey { .electLeaders }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var electionType: Int8 = 0
    package var topicPartitions: [TopicPartitions]? = []
    package var timeoutMs: Int32 = 60_000

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 {
            try coder.code(&electionType)
        } else {
            try coder.expectDefault(electionType == 0, "electionType", version: version)
        }
        try coder.code(&topicPartitions, version: version)
        try coder.code(&timeoutMs)
        try coder.endFields()
    }
}

extension ElectLeadersRequest {
    package struct TopicPartitions: WireMessage {
        package var topic: String = ""
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topic)
            try coder.code(&partitions)
            try coder.endFields()
        }
    }
}

/// What became of each election.
package struct ElectLeadersResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var replicaElectionResults: [ReplicaElectionResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        if version >= 1 {
            try coder.code(&errorCode)
        } else {
            try coder.expectDefault(errorCode == .none, "errorCode", version: version)
        }
        try coder.code(&replicaElectionResults, version: version)
        try coder.endFields()
    }
}

extension ElectLeadersResponse {
    package struct ReplicaElectionResult: WireMessage {
        package var topic: String = ""
        package var partitionResult: [PartitionResult] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topic)
            try coder.code(&partitionResult, version: version)
            try coder.endFields()
        }
    }

    package struct PartitionResult: WireMessage {
        package var partitionId: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionId)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}

/// Asks which partitions are moving between brokers (KIP-455). Null topics mean all.
package struct ListPartitionReassignmentsRequest: KafkaRequest {
    package typealias Response = ListPartitionReassignmentsResponse

    package static var apiKey: ApiKey { .listPartitionReassignments }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var timeoutMs: Int32 = 60_000
    package var topics: [ListPartitionReassignmentsTopics]?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&timeoutMs)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension ListPartitionReassignmentsRequest {
    package struct ListPartitionReassignmentsTopics: WireMessage {
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

/// The partitions that are moving between brokers.
package struct ListPartitionReassignmentsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var topics: [OngoingTopicReassignment] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension ListPartitionReassignmentsResponse {
    package struct OngoingTopicReassignment: WireMessage {
        package var name: String = ""
        package var partitions: [OngoingPartitionReassignment] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct OngoingPartitionReassignment: WireMessage {
        package var partitionIndex: Int32 = 0
        package var replicas: [Int32] = []
        package var addingReplicas: [Int32] = []
        package var removingReplicas: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&replicas)
            try coder.code(&addingReplicas)
            try coder.code(&removingReplicas)
            try coder.endFields()
        }
    }
}
