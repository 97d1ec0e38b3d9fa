/// Asks for the state of the quorum of controllers (KIP-595).
package struct DescribeQuorumRequest: KafkaRequest {
    package typealias Response = DescribeQuorumResponse

    package static var apiKey: ApiKey { .describeQuorum }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var topics: [TopicData] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension DescribeQuorumRequest {
    package struct TopicData: WireMessage {
        package var topicName: String = ""
        package var partitions: [PartitionData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicName)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct PartitionData: WireMessage {
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.endFields()
        }
    }
}

/// Who leads the quorum, and how far the others are.
package struct DescribeQuorumResponse: WireMessage {
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var topics: [TopicData] = []
    package var nodes: [Node] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&errorCode)
        if version >= 2 { try coder.code(&errorMessage) }
        try coder.code(&topics, version: version)
        if version >= 2 {
            try coder.code(&nodes, version: version)
        } else {
            try coder.expectDefault(nodes.isEmpty, "nodes", version: version)
        }
        try coder.endFields()
    }
}

extension DescribeQuorumResponse {
    package struct TopicData: WireMessage {
        package var topicName: String = ""
        package var partitions: [PartitionData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topicName)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct Node: WireMessage {
        package var nodeId: Int32 = 0
        package var listeners: [Listener] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&nodeId)
            try coder.code(&listeners, version: version)
            try coder.endFields()
        }
    }

    package struct ReplicaState: WireMessage {
        package var replicaId: Int32 = 0
        package var replicaDirectoryId: KafkaUUID = .zero
        package var logEndOffset: Int64 = 0
        package var lastFetchTimestamp: Int64 = -1
        package var lastCaughtUpTimestamp: Int64 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&replicaId)
            if version >= 2 {
                try coder.code(&replicaDirectoryId)
            } else {
                try coder.expectDefault(replicaDirectoryId == .zero, "replicaDirectoryId", version: version)
            }
            try coder.code(&logEndOffset)
            if version >= 1 { try coder.code(&lastFetchTimestamp) }
            if version >= 1 { try coder.code(&lastCaughtUpTimestamp) }
            try coder.endFields()
        }
    }

    package struct PartitionData: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var leaderId: Int32 = 0
        package var leaderEpoch: Int32 = 0
        package var highWatermark: Int64 = 0
        package var currentVoters: [ReplicaState] = []
        package var observers: [ReplicaState] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
            if version >= 2 { try coder.code(&errorMessage) }
            try coder.code(&leaderId)
            try coder.code(&leaderEpoch)
            try coder.code(&highWatermark)
            try coder.code(&currentVoters, version: version)
            try coder.code(&observers, version: version)
            try coder.endFields()
        }
    }

    package struct Listener: WireMessage {
        package var name: String = ""
        package var host: String = ""
        package var port: UInt16 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&host)
            try coder.code(&port)
            try coder.endFields()
        }
    }
}

/// Changes the finalized version of features (KIP-584).
package struct UpdateFeaturesRequest: KafkaRequest {
    package typealias Response = UpdateFeaturesResponse

    package static var apiKey: ApiKey { .updateFeatures }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var timeoutMs: Int32 = 60000
    package var featureUpdates: [FeatureUpdateKey] = []
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&timeoutMs)
        try coder.code(&featureUpdates, version: version)
        if version >= 1 {
            try coder.code(&validateOnly)
        } else {
            try coder.expectDefault(!validateOnly, "validateOnly", version: version)
        }
        try coder.endFields()
    }
}

extension UpdateFeaturesRequest {
    package struct FeatureUpdateKey: WireMessage {
        package var feature: String = ""
        package var maxVersionLevel: Int16 = 0
        package var allowDowngrade: Bool = false
        package var upgradeType: Int8 = 1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&feature)
            try coder.code(&maxVersionLevel)
            if version == 0 {
                try coder.code(&allowDowngrade)
            } else {
                try coder.expectDefault(!allowDowngrade, "allowDowngrade", version: version)
            }
            if version >= 1 {
                try coder.code(&upgradeType)
            } else {
                try coder.expectDefault(upgradeType == 1, "upgradeType", version: version)
            }
            try coder.endFields()
        }
    }
}

/// What became of each.
package struct UpdateFeaturesResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var results: [UpdatableFeatureResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension UpdateFeaturesResponse {
    package struct UpdatableFeatureResult: WireMessage {
        package var feature: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&feature)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}
