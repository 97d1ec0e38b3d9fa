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
