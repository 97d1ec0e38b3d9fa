/// Forgets committed offsets of a group (KIP-496). It has one version, and no flexible one.
package struct OffsetDeleteRequest: KafkaRequest {
    package typealias Response = OffsetDeleteResponse

    package static var apiKey: ApiKey { .offsetDelete }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { .max }

    package var groupId: String = ""
    package var topics: [OffsetDeleteRequestTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        try coder.code(&topics, version: version)
    }
}

extension OffsetDeleteRequest {
    package struct OffsetDeleteRequestTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetDeleteRequestPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
        }
    }

    package struct OffsetDeleteRequestPartition: WireMessage {
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
        }
    }
}

/// What became of each partition whose commit was to be forgotten.
package struct OffsetDeleteResponse: WireMessage {
    package var errorCode: ErrorCode = .none
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetDeleteResponseTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&errorCode)
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
    }
}

extension OffsetDeleteResponse {
    package struct OffsetDeleteResponseTopic: WireMessage {
        package var name: String = ""
        package var partitions: [OffsetDeleteResponsePartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
        }
    }

    package struct OffsetDeleteResponsePartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
        }
    }
}
