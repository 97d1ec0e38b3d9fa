/// Asks a broker for the transactions that it coordinates; empty filters let all pass (KIP-664).
package struct ListTransactionsRequest: KafkaRequest {
    package typealias Response = ListTransactionsResponse

    package static var apiKey: ApiKey { .listTransactions }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var stateFilters: [String] = []
    package var producerIdFilters: [Int64] = []
    package var durationFilter: Int64 = -1

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&stateFilters)
        try coder.code(&producerIdFilters)
        if version >= 1 {
            try coder.code(&durationFilter)
        } else {
            try coder.expectDefault(durationFilter == -1, "durationFilter", version: version)
        }
        try coder.endFields()
    }
}

/// The transactions that a broker coordinates.
package struct ListTransactionsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var unknownStateFilters: [String] = []
    package var transactionStates: [TransactionState] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&unknownStateFilters)
        try coder.code(&transactionStates, version: version)
        try coder.endFields()
    }
}

extension ListTransactionsResponse {
    package struct TransactionState: WireMessage {
        package var transactionalId: String = ""
        package var producerId: Int64 = 0
        package var transactionState: String = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&transactionalId)
            try coder.code(&producerId)
            try coder.code(&transactionState)
            try coder.endFields()
        }
    }
}
