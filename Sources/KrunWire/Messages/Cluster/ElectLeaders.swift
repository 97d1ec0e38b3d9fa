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
