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
