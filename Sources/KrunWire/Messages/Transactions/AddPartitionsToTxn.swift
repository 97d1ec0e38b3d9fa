/// Adds partitions to a transaction before they are first written to in it.
///
/// Versions 4 and 5 are for brokers among each other (KIP-890) and not here: a client goes up to 3.
package struct AddPartitionsToTxnRequest: KafkaRequest {
    package typealias Response = AddPartitionsToTxnResponse

    package static var apiKey: ApiKey { .addPartitionsToTxn }
    package static var versions: ClosedRange<Int16> { 0...3 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var v3AndBelowTransactionalId: String = ""
    package var v3AndBelowProducerId: Int64 = 0
    package var v3AndBelowProducerEpoch: Int16 = 0
    package var v3AndBelowTopics: [AddPartitionsToTxnTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&v3AndBelowTransactionalId)
        try coder.code(&v3AndBelowProducerId)
        try coder.code(&v3AndBelowProducerEpoch)
        try coder.code(&v3AndBelowTopics, version: version)
        try coder.endFields()
    }
}

extension AddPartitionsToTxnRequest {
    package struct AddPartitionsToTxnTopic: WireMessage {
        package var name: String = ""
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions)
            try coder.endFields()
        }
    }
}

/// What became of each partition that was to be added.
package struct AddPartitionsToTxnResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var resultsByTopicV3AndBelow: [AddPartitionsToTxnTopicResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&resultsByTopicV3AndBelow, version: version)
        try coder.endFields()
    }
}

extension AddPartitionsToTxnResponse {
    package struct AddPartitionsToTxnTopicResult: WireMessage {
        package var name: String = ""
        package var resultsByPartition: [AddPartitionsToTxnPartitionResult] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&resultsByPartition, version: version)
            try coder.endFields()
        }
    }

    package struct AddPartitionsToTxnPartitionResult: WireMessage {
        package var partitionIndex: Int32 = 0
        package var partitionErrorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&partitionErrorCode)
            try coder.endFields()
        }
    }
}
