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
