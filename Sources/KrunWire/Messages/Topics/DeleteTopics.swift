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
