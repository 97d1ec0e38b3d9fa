/// Moves the start of partitions' logs forward, so that everything before it is gone.
///
/// An offset of -1 means the high watermark.
package struct DeleteRecordsRequest: KafkaRequest {
    package typealias Response = DeleteRecordsResponse

    package static var apiKey: ApiKey { .deleteRecords }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var topics: [DeleteRecordsTopic] = []
    package var timeoutMs: Int32 = 0

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.code(&timeoutMs)
        try coder.endFields()
    }
}

extension DeleteRecordsRequest {
    package struct DeleteRecordsTopic: WireMessage {
        package var name: String = ""
        package var partitions: [DeleteRecordsPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct DeleteRecordsPartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var offset: Int64 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&offset)
            try coder.endFields()
        }
    }
}

/// The new start of each log.
package struct DeleteRecordsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [DeleteRecordsTopicResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension DeleteRecordsResponse {
    package struct DeleteRecordsTopicResult: WireMessage {
        package var name: String = ""
        package var partitions: [DeleteRecordsPartitionResult] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct DeleteRecordsPartitionResult: WireMessage {
        package var partitionIndex: Int32 = 0
        package var lowWatermark: Int64 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&lowWatermark)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }
}
