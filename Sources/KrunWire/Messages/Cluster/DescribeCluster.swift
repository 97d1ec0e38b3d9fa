/// Asks for the cluster's id, controller and brokers (KIP-700).
package struct DescribeClusterRequest: KafkaRequest {
    package typealias Response = DescribeClusterResponse

    package static var apiKey: ApiKey { .describeCluster }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var includeClusterAuthorizedOperations: Bool = false
    package var endpointType: Int8 = 1
    package var includeFencedBrokers: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&includeClusterAuthorizedOperations)
        if version >= 1 {
            try coder.code(&endpointType)
        } else {
            try coder.expectDefault(endpointType == 1, "endpointType", version: version)
        }
        if version >= 2 {
            try coder.code(&includeFencedBrokers)
        } else {
            try coder.expectDefault(!includeFencedBrokers, "includeFencedBrokers", version: version)
        }
        try coder.endFields()
    }
}

/// The cluster's id, controller and brokers.
package struct DescribeClusterResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String?
    package var endpointType: Int8 = 1
    package var clusterId: String = ""
    package var controllerId: Int32 = -1
    package var brokers: [DescribeClusterBroker] = []
    package var clusterAuthorizedOperations: Int32 = .min

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        if version >= 1 {
            try coder.code(&endpointType)
        } else {
            try coder.expectDefault(endpointType == 1, "endpointType", version: version)
        }
        try coder.code(&clusterId)
        try coder.code(&controllerId)
        try coder.code(&brokers, version: version)
        try coder.code(&clusterAuthorizedOperations)
        try coder.endFields()
    }
}

extension DescribeClusterResponse {
    package struct DescribeClusterBroker: WireMessage {
        package var brokerId: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String?
        package var isFenced: Bool = false

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&brokerId)
            try coder.code(&host)
            try coder.code(&port)
            try coder.code(&rack)
            if version >= 2 {
                try coder.code(&isFenced)
            } else {
                try coder.expectDefault(!isFenced, "isFenced", version: version)
            }
            try coder.endFields()
        }
    }
}

/// Asks how large the logs of a broker are. Null topics mean all.
package struct DescribeLogDirsRequest: KafkaRequest {
    package typealias Response = DescribeLogDirsResponse

    package static var apiKey: ApiKey { .describeLogDirs }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var topics: [DescribableLogDirTopic]? = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&topics, version: version)
        try coder.endFields()
    }
}

extension DescribeLogDirsRequest {
    package struct DescribableLogDirTopic: WireMessage {
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

/// A broker's log folders, and the size of each partition in them.
package struct DescribeLogDirsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var results: [DescribeLogDirsResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        if version >= 3 { try coder.code(&errorCode) }
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension DescribeLogDirsResponse {
    package struct DescribeLogDirsResult: WireMessage {
        package var errorCode: ErrorCode = .none
        package var logDir: String = ""
        package var topics: [DescribeLogDirsTopic] = []
        package var totalBytes: Int64 = -1
        package var usableBytes: Int64 = -1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&logDir)
            try coder.code(&topics, version: version)
            if version >= 4 {
                try coder.code(&totalBytes)
                try coder.code(&usableBytes)
            }
            try coder.endFields()
        }
    }

    package struct DescribeLogDirsTopic: WireMessage {
        package var name: String = ""
        package var partitions: [DescribeLogDirsPartition] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&partitions, version: version)
            try coder.endFields()
        }
    }

    package struct DescribeLogDirsPartition: WireMessage {
        package var partitionIndex: Int32 = 0
        package var partitionSize: Int64 = 0
        package var offsetLag: Int64 = 0
        package var isFutureKey: Bool = false

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&partitionIndex)
            try coder.code(&partitionSize)
            try coder.code(&offsetLag)
            try coder.code(&isFutureKey)
            try coder.endFields()
        }
    }
}
