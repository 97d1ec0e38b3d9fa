/// Asks for the configuration of topics, brokers and the like; null keys mean all.
package struct DescribeConfigsRequest: KafkaRequest {
    package typealias Response = DescribeConfigsResponse

    package static var apiKey: ApiKey { .describeConfigs }
    package static var versions: ClosedRange<Int16> { 1...4 }
    package static var firstFlexibleVersion: Int16 { 4 }

    package var resources: [DescribeConfigsResource] = []
    package var includeSynonyms: Bool = false
    package var includeDocumentation: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&resources, version: version)
        try coder.code(&includeSynonyms)
        if version >= 3 {
            try coder.code(&includeDocumentation)
        } else {
            try coder.expectDefault(!includeDocumentation, "includeDocumentation", version: version)
        }
        try coder.endFields()
    }
}

extension DescribeConfigsRequest {
    package struct DescribeConfigsResource: WireMessage {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configurationKeys: [String]? = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            try coder.code(&configurationKeys)
            try coder.endFields()
        }
    }
}

/// Configurations, each entry with where it comes from.
package struct DescribeConfigsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var results: [DescribeConfigsResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension DescribeConfigsResponse {
    package struct DescribeConfigsResult: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [DescribeConfigsResourceResult] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            try coder.code(&configs, version: version)
            try coder.endFields()
        }
    }

    package struct DescribeConfigsResourceResult: WireMessage {
        package var name: String = ""
        package var value: String? = ""
        package var readOnly: Bool = false
        package var configSource: Int8 = -1
        package var isSensitive: Bool = false
        package var synonyms: [DescribeConfigsSynonym] = []
        package var configType: Int8 = 0
        package var documentation: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&value)
            try coder.code(&readOnly)
            try coder.code(&configSource)
            try coder.code(&isSensitive)
            try coder.code(&synonyms, version: version)
            if version >= 3 {
                try coder.code(&configType)
                try coder.code(&documentation)
            }
            try coder.endFields()
        }
    }

    package struct DescribeConfigsSynonym: WireMessage {
        package var name: String = ""
        package var value: String? = ""
        package var source: Int8 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&value)
            try coder.code(&source)
            try coder.endFields()
        }
    }
}
