/// Asks for the state of transactions by their transactional ids (KIP-664).
package struct DescribeTransactionsRequest: KafkaRequest {
    package typealias Response = DescribeTransactionsResponse

    package static var apiKey: ApiKey { .describeTransactions }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var transactionalIds: [String] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalIds)
        try coder.endFields()
    }
}

/// The state of transactions.
package struct DescribeTransactionsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var transactionStates: [TransactionState] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&transactionStates, version: version)
        try coder.endFields()
    }
}

extension DescribeTransactionsResponse {
    package struct TransactionState: WireMessage {
        package var errorCode: ErrorCode = .none
        package var transactionalId: String = ""
        package var transactionState: String = ""
        package var transactionTimeoutMs: Int32 = 0
        package var transactionStartTimeMs: Int64 = 0
        package var producerId: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var topics: [TopicData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&transactionalId)
            try coder.code(&transactionState)
            try coder.code(&transactionTimeoutMs)
            try coder.code(&transactionStartTimeMs)
            try coder.code(&producerId)
            try coder.code(&producerEpoch)
            try coder.code(&topics, version: version)
            try coder.endFields()
        }
    }

    package struct TopicData: WireMessage {
        package var topic: String = ""
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&topic)
            try coder.code(&partitions)
            try coder.endFields()
        }
    }
}
