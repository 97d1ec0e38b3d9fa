/// Creates topics.
///
/// From version 4, -1 partitions or replicas mean the broker's default (KIP-464).
package struct CreateTopicsRequest: KafkaRequest {
    package typealias Response = CreateTopicsResponse

    package static var apiKey: ApiKey { .createTopics }
    package static var versions: ClosedRange<Int16> { 0...7 }
    package static var firstFlexibleVersion: Int16 { 5 }

    package var topics: [CreatableTopic] = []
    package var timeoutMs: Int32 = 60_000
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.code(&timeoutMs)
        if version >= 1 {
            try coder.code(&validateOnly)
        } else {
            try coder.expectDefault(!validateOnly, "validateOnly", version: version)
        }
        try coder.endFields()
    }
}

extension CreateTopicsRequest {
    package struct CreatableTopic: WireMessage {
        package var name: String = ""
        package var numPartitions: Int32 = 0
        package var replicationFactor: Int16 = 0
        package var assignments: [CreatableReplicaAssignment] = []
        package var configs: [CreatableTopicConfig] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&numPartitions)
            try coder.code(&replicationFactor)
            try coder.code(&assignments, version: version)
            try coder.code(&configs, version: version)
            try coder.endFields()
        }
    }

    package struct CreatableReplicaAssignment: WireMessage {
        package var partitionIndex: Int32 = 0
        package var brokerIds: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&brokerIds)
            try coder.endFields()
        }
    }

    package struct CreatableTopicConfig: WireMessage {
        package var name: String = ""
        package var value: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&value)
            try coder.endFields()
        }
    }
}

/// What became of each topic that was to be created; from version 5 with its configuration (KIP-525), from 7 with
/// its id.
package struct CreateTopicsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [CreatableTopicResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 2 { try coder.code(&throttleTimeMs) }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension CreateTopicsResponse {
    package struct CreatableTopicResult: WireMessage {
        package var name: String = ""
        package var topicId: KafkaUUID = .zero
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        /// Why `configs` is null. A tagged field.
        package var topicConfigErrorCode: ErrorCode = .none
        package var numPartitions: Int32 = -1
        package var replicationFactor: Int16 = -1
        package var configs: [CreatableTopicConfigs]? = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            if version >= 7 { try coder.code(&topicId) }
            try coder.code(&errorCode)
            if version >= 1 { try coder.code(&errorMessage) }
            if version >= 5 {
                try coder.code(&numPartitions)
                try coder.code(&replicationFactor)
                try coder.code(&configs, version: version)
            }
            var tags = try coder.beginTags()
            if try coder.beginTag(0, &tags, isDefault: topicConfigErrorCode == .none) {
                try coder.code(&topicConfigErrorCode)
                try coder.endTag(&tags)
            }
            try coder.endTags(&tags)
        }
    }

    package struct CreatableTopicConfigs: WireMessage {
        package var name: String = ""
        package var value: String? = ""
        package var readOnly: Bool = false
        package var configSource: Int8 = -1
        package var isSensitive: Bool = false

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&value)
            try coder.code(&readOnly)
            try coder.code(&configSource)
            try coder.code(&isSensitive)
            try coder.endFields()
        }
    }
}

/// Raises topics' numbers of partitions.
package struct CreatePartitionsRequest: KafkaRequest {
    package typealias Response = CreatePartitionsResponse

    package static var apiKey: ApiKey { .createPartitions }
    package static var versions: ClosedRange<Int16> { 0...3 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var topics: [CreatePartitionsTopic] = []
    package var timeoutMs: Int32 = 0
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.code(&timeoutMs)
        try coder.code(&validateOnly)
        try coder.endFields()
    }
}

extension CreatePartitionsRequest {
    package struct CreatePartitionsTopic: WireMessage {
        package var name: String = ""
        package var count: Int32 = 0
        package var assignments: [CreatePartitionsAssignment]? = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&count)
            try coder.code(&assignments, version: version)
            try coder.endFields()
        }
    }

    package struct CreatePartitionsAssignment: WireMessage {
        package var brokerIds: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&brokerIds)
            try coder.endFields()
        }
    }
}

/// What became of each topic that was to grow.
package struct CreatePartitionsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var results: [CreatePartitionsTopicResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension CreatePartitionsResponse {
    package struct CreatePartitionsTopicResult: WireMessage {
        package var name: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}

/// Deletes topics: by name up to version 5, by name or id from version 6 (KIP-516).
package struct DeleteTopicsRequest: KafkaRequest {
    package typealias Response = DeleteTopicsResponse

    package static var apiKey: ApiKey { .deleteTopics }
    package static var versions: ClosedRange<Int16> { 0...6 }
    package static var firstFlexibleVersion: Int16 { 4 }

    package var topics: [DeleteTopicState] = []
    package var topicNames: [String] = []
    package var timeoutMs: Int32 = 0

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 6 {
            try coder.code(&topics, version: version)
        } else {
            try coder.expectDefault(topics.isEmpty, "topics", version: version)
        }
        if version <= 5 { try coder.code(&topicNames) }
        try coder.code(&timeoutMs)
        try coder.endFields()
    }
}

extension DeleteTopicsRequest {
    package struct DeleteTopicState: WireMessage {
        package var name: String?
        package var topicId: KafkaUUID = .zero

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&topicId)
            try coder.endFields()
        }
    }
}

/// What became of each topic that was to be deleted.
package struct DeleteTopicsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var responses: [DeletableTopicResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        try coder.code(&responses, version: version)
        try coder.endFields()
    }
}

extension DeleteTopicsResponse {
    package struct DeletableTopicResult: WireMessage {
        package var name: String? = ""
        package var topicId: KafkaUUID = .zero
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name, nullable: version >= 6)
            if version >= 6 { try coder.code(&topicId) }
            try coder.code(&errorCode)
            if version >= 5 { try coder.code(&errorMessage) }
            try coder.endFields()
        }
    }
}
