/// Asks a leader which producers have written to its partitions (KIP-664).
package struct DescribeProducersRequest: KafkaRequest {
    package typealias Response = DescribeProducersResponse

    package static var apiKey: ApiKey { .describeProducers }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var topics: [TopicRequest] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension DescribeProducersRequest {
    package struct TopicRequest: WireMessage {
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

/// The producers that partitions know.
package struct DescribeProducersResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [TopicResponse] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension DescribeProducersResponse {
    package struct TopicResponse: WireMessage {
        package var name: String = ""
        package var partitions: [PartitionResponse] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct PartitionResponse: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var activeProducers: [ProducerState] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&activeProducers, version: version)
            try coder.endFields()
        }
    }

    package struct ProducerState: WireMessage {
        package var producerId: Int64 = 0
        package var producerEpoch: Int32 = 0
        package var lastSequence: Int32 = -1
        package var lastTimestamp: Int64 = -1
        package var coordinatorEpoch: Int32 = 0
        package var currentTxnStartOffset: Int64 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&producerId)
            try coder.code(&producerEpoch)
            try coder.code(&lastSequence)
            try coder.code(&lastTimestamp)
            try coder.code(&coordinatorEpoch)
            try coder.code(&currentTxnStartOffset)
            try coder.endFields()
        }
    }
}
