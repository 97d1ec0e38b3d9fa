/// Asks for the brokers and for topics' partitions and leaders.
///
/// Version 0 takes no topics to mean all; from version 1 null means all and empty means none. From version 10 a
/// topic can be named by its id, with a null name (KIP-516).
package struct MetadataRequest: KafkaRequest {
    package typealias Response = MetadataResponse

    package static var apiKey: ApiKey { .metadata }
    package static var versions: ClosedRange<Int16> { 0...13 }
    package static var firstFlexibleVersion: Int16 { 9 }

    package var topics: [MetadataRequestTopic]? = []
    package var allowAutoTopicCreation: Bool = true
    package var includeClusterAuthorizedOperations: Bool = false
    package var includeTopicAuthorizedOperations: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, nullable: version >= 1, version: version)
        if version >= 4 {
            try coder.code(&allowAutoTopicCreation)
        } else {
            try coder.expectDefault(allowAutoTopicCreation, "allowAutoTopicCreation", version: version)
        }
        if (8...10).contains(version) {
            try coder.code(&includeClusterAuthorizedOperations)
        } else {
            try coder.expectDefault(
                !includeClusterAuthorizedOperations, "includeClusterAuthorizedOperations", version: version)
        }
        if version >= 8 {
            try coder.code(&includeTopicAuthorizedOperations)
        } else {
            try coder.expectDefault(
                !includeTopicAuthorizedOperations, "includeTopicAuthorizedOperations", version: version)
        }
        try coder.endFields()
    }
}

extension MetadataRequest {
    package struct MetadataRequestTopic: WireMessage {
        package var topicId: KafkaUUID = .zero
        package var name: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            if version >= 10 { try coder.code(&topicId) }
            try coder.code(&name, nullable: version >= 10)
            try coder.endFields()
        }
    }
}

/// The cluster's brokers, and topics with their partitions.
package struct MetadataResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var brokers: [MetadataResponseBroker] = []
    package var clusterId: String?
    package var controllerId: Int32 = -1
    package var topics: [MetadataResponseTopic] = []
    package var clusterAuthorizedOperations: Int32 = .min
    package var errorCode: ErrorCode = .none

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 3 { try coder.code(&throttleTimeMs) }
        try coder.code(&brokers, version: version)
        if version >= 2 { try coder.code(&clusterId) }
        if version >= 1 { try coder.code(&controllerId) }
        try coder.code(&topics, version: version)
        if (8...10).contains(version) {
            try coder.code(&clusterAuthorizedOperations)
        } else {
            try coder.expectDefault(
                clusterAuthorizedOperations == .min, "clusterAuthorizedOperations", version: version)
        }
        if version >= 13 { try coder.code(&errorCode) }
        try coder.endFields()
    }
}

extension MetadataResponse {
    package struct MetadataResponseBroker: WireMessage {
        package var nodeId: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&nodeId)
            try coder.code(&host)
            try coder.code(&port)
            if version >= 1 { try coder.code(&rack) }
            try coder.endFields()
        }
    }

    package struct MetadataResponseTopic: WireMessage {
        package var errorCode: ErrorCode = .none
        package var name: String? = ""
        package var topicId: KafkaUUID = .zero
        package var isInternal: Bool = false
        package var partitions: [MetadataResponsePartition] = []
        package var topicAuthorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&name, nullable: version >= 12)
            if version >= 10 { try coder.code(&topicId) }
            if version >= 1 { try coder.code(&isInternal) }
            try coder.code(&partitions, version: version)
            if version >= 8 {
                try coder.code(&topicAuthorizedOperations)
            } else {
                try coder.expectDefault(
                    topicAuthorizedOperations == .min, "topicAuthorizedOperations", version: version)
            }
            try coder.endFields()
        }
    }

    package struct MetadataResponsePartition: WireMessage {
        package var errorCode: ErrorCode = .none
        package var partitionIndex: Int32 = 0
        package var leaderId: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var replicaNodes: [Int32] = []
        package var isrNodes: [Int32] = []
        package var offlineReplicas: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&partitionIndex)
            try coder.code(&leaderId)
            if version >= 7 { try coder.code(&leaderEpoch) }
            try coder.code(&replicaNodes)
            try coder.code(&isrNodes)
            if version >= 5 { try coder.code(&offlineReplicas) }
            try coder.endFields()
        }
    }
}
