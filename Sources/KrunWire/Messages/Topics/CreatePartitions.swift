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
