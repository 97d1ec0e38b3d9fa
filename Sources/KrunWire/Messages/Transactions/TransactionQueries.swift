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
