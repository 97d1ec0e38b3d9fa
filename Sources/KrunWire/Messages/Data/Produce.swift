package import NIOCore

/// Appends record batches to partitions.
///
/// Version 9 is the first flexible one. Version 3 is the first that carries batches of format 2, the only ones
/// there are here.
package struct ProduceRequest: KafkaRequest {
    package typealias Response = ProduceResponse

    package static var apiKey: ApiKey { .produce }
    package static var versions: ClosedRange<Int16> { 3...11 }
    package static var firstFlexibleVersion: Int16 { 9 }

    package var transactionalId: String?
    package var acks: Int16 = 0
    package var timeoutMs: Int32 = 0
    package var topicData: [TopicProduceData] = []

    package init() {}

    package var recordBytes: Int {
        topicData.reduce(0) { sum, topic in
            topic.partitionData.reduce(sum) { $0 + 16 + ($1.records?.readableBytes ?? 0) }
        }
    }

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&transactionalId)
        try coder.code(&acks)
        try coder.code(&timeoutMs)
        try coder.code(&topicData, version: version)
        try coder.endFields()
    }
}

extension ProduceRequest {
    package struct TopicProduceData: WireMessage {
        package var name: String = ""
        package var partitionData: [PartitionProduceData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitionData, version: version)
            try coder.endFields()
        }
    }

    package struct PartitionProduceData: WireMessage {
        package var index: Int32 = 0
        package var records: ByteBuffer?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&index)
            try coder.codeRecords(&records)
            try coder.endFields()
        }
    }
}

/// Where the batches went, a partition at a time.
///
/// From version 10 a partition that moved names its new leader, whose address is in `nodeEndpoints` (KIP-951).
package struct ProduceResponse: WireMessage {
    package var responses: [TopicProduceResponse] = []
    package var throttleTimeMs: Int32 = 0
    package var nodeEndpoints: [NodeEndpoint] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&responses, version: version)
        try coder.code(&throttleTimeMs)
        if version < 10 { try coder.expectDefault(nodeEndpoints.isEmpty, "nodeEndpoints", version: version) }
        var tags = try coder.beginTags()
        if version >= 10, try coder.beginTag(0, &tags, isDefault: nodeEndpoints.isEmpty) {
            try coder.code(&nodeEndpoints, version: version)
            try coder.endTag(&tags)
        }
        try coder.endTags(&tags)
    }
}

extension ProduceResponse {
    package struct TopicProduceResponse: WireMessage {
        package var name: String = ""
        package var partitionResponses: [PartitionProduceResponse] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitionResponses, version: version)
            try coder.endFields()
        }
    }

    package struct PartitionProduceResponse: WireMessage {
        package var index: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var baseOffset: Int64 = 0
        package var logAppendTimeMs: Int64 = -1
        package var logStartOffset: Int64 = -1
        package var recordErrors: [BatchIndexAndErrorMessage] = []
        package var errorMessage: String?
        package var currentLeader = LeaderIdAndEpoch()

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&index)
            try coder.code(&errorCode)
            try coder.code(&baseOffset)
            try coder.code(&logAppendTimeMs)
            if version >= 5 { try coder.code(&logStartOffset) }
            if version >= 8 {
                try coder.code(&recordErrors, version: version)
                try coder.code(&errorMessage)
            }
            if version < 10 {
                try coder.expectDefault(currentLeader == LeaderIdAndEpoch(), "currentLeader", version: version)
            }
            var tags = try coder.beginTags()
            if version >= 10, try coder.beginTag(0, &tags, isDefault: currentLeader == LeaderIdAndEpoch()) {
                try currentLeader.code(&coder, version: version)
                try coder.endTag(&tags)
            }
            try coder.endTags(&tags)
        }
    }

    package struct BatchIndexAndErrorMessage: WireMessage {
        package var batchIndex: Int32 = 0
        package var batchIndexErrorMessage: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&batchIndex)
            try coder.code(&batchIndexErrorMessage)
            try coder.endFields()
        }
    }

    package struct LeaderIdAndEpoch: WireMessage {
        package var leaderId: Int32 = -1
        package var leaderEpoch: Int32 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&leaderId)
            try coder.code(&leaderEpoch)
            try coder.endFields()
        }
    }

    package struct NodeEndpoint: WireMessage {
        package var nodeId: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&nodeId)
            try coder.code(&host)
            try coder.code(&port)
            try coder.code(&rack)
            try coder.endFields()
        }
    }
}
