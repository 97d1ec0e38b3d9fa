/// Asks for a producer id and epoch, for idempotence or, with a transactional id, for transactions.
///
/// From version 3 it may name the id and epoch that it has, to have the epoch raised (KIP-360).
package struct InitProducerIdRequest: KafkaRequest {
    package typealias Response = InitProducerIdResponse

    package static var apiKey: ApiKey { .initProducerId }
    package static var versions: ClosedRange<Int16> { 0...5 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var transactionalId: String? = ""
    package var transactionTimeoutMs: Int32 = 0
    package var producerId: Int64 = -1
    package var producerEpoch: Int16 = -1

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalId)
        try coder.code(&transactionTimeoutMs)
        if version >= 3 {
            try coder.code(&producerId)
            try coder.code(&producerEpoch)
        } else {
            try coder.expectDefault(producerId == -1, "producerId", version: version)
            try coder.expectDefault(producerEpoch == -1, "producerEpoch", version: version)
        }
        try coder.endFields()
    }
}

/// A producer's id and epoch.
package struct InitProducerIdResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var producerId: Int64 = -1
    package var producerEpoch: Int16 = 0

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&producerId)
        try coder.code(&producerEpoch)
        try coder.endFields()
    }
}

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

/// Adds a group's offsets to a transaction, before TxnOffsetCommit sends them.
package struct AddOffsetsToTxnRequest: KafkaRequest {
    package typealias Response = AddOffsetsToTxnResponse

    package static var apiKey: ApiKey { .addOffsetsToTxn }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var transactionalId: String = ""
    package var producerId: Int64 = 0
    package var producerEpoch: Int16 = 0
    package var groupId: String = ""

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalId)
        try coder.code(&producerId)
        try coder.code(&producerEpoch)
        try coder.code(&groupId)
        try coder.endFields()
    }
}

/// Whether the group's offsets are in the transaction.
package struct AddOffsetsToTxnResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.endFields()
    }
}

/// Stores how far a group has come, as part of a transaction.
///
/// From version 3 the member and its generation can be checked (KIP-447).
package struct TxnOffsetCommitRequest: KafkaRequest {
    package typealias Response = TxnOffsetCommitResponse

    package static var apiKey: ApiKey { .txnOffsetCommit }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var transactionalId: String = ""
    package var groupId: String = ""
    package var producerId: Int64 = 0
    package var producerEpoch: Int16 = 0
    package var generationId: Int32 = -1
    package var memberId: String = ""
    package var groupInstanceId: String?
    package var topics: [TxnOffsetCommitRequestTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalId)
        try coder.code(&groupId)
        try coder.code(&producerId)
        try coder.code(&producerEpoch)
        if version >= 3 {
            try coder.code(&generationId)
            try coder.code(&memberId)
            try coder.code(&groupInstanceId)
        } else {
            try coder.expectDefault(generationId == -1, "generationId", version: version)
            try coder.expectDefault(memberId.isEmpty, "memberId", version: version)
            try coder.expectDefault(groupInstanceId == nil, "groupInstanceId", version: version)
        }
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension TxnOffsetCommitRequest {
    package struct TxnOffsetCommitRequestTopic: WireMessage {
        package var name: String = ""
        package var partitions: [TxnOffsetCommitRequestPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct TxnOffsetCommitRequestPartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var committedMetadata: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&committedOffset)
            if version >= 2 { try coder.code(&committedLeaderEpoch) }
            try coder.code(&committedMetadata)
            try coder.endFields()
        }
    }
}

/// What became of each partition's commit.
package struct TxnOffsetCommitResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var topics: [TxnOffsetCommitResponseTopic] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension TxnOffsetCommitResponse {
    package struct TxnOffsetCommitResponseTopic: WireMessage {
        package var name: String = ""
        package var partitions: [TxnOffsetCommitResponsePartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct TxnOffsetCommitResponsePartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }
}

/// Commits or aborts a transaction.
///
/// Version 5, which raises the epoch with every transaction (KIP-890), is not here.
package struct EndTxnRequest: KafkaRequest {
    package typealias Response = EndTxnResponse

    package static var apiKey: ApiKey { .endTxn }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var transactionalId: String = ""
    package var producerId: Int64 = 0
    package var producerEpoch: Int16 = 0
    package var committed: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalId)
        try coder.code(&producerId)
        try coder.code(&producerEpoch)
        try coder.code(&committed)
        try coder.endFields()
    }
}

/// Whether the transaction is ending as asked.
package struct EndTxnResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.endFields()
    }
}
