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
