/// Replaces the configuration of resources: what is not named goes back to its default.
package struct AlterConfigsRequest: KafkaRequest {
    package typealias Response = AlterConfigsResponse

    package static var apiKey: ApiKey { .alterConfigs }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var resources: [AlterConfigsResource] = []
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&resources, version: version)
        try coder.code(&validateOnly)
        try coder.endFields()
    }
}

extension AlterConfigsRequest {
    package struct AlterConfigsResource: WireMessage {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [AlterableConfig] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            try coder.code(&configs, version: version)
            try coder.endFields()
        }
    }

    package struct AlterableConfig: WireMessage {
        package var name: String = ""
        package var value: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&value)
            try coder.endFields()
        }
    }
}

/// What became of each resource whose configuration was to be replaced.
package struct AlterConfigsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var responses: [AlterConfigsResourceResponse] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&responses, version: version)
        try coder.endFields()
    }
}

extension AlterConfigsResponse {
    package struct AlterConfigsResourceResponse: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var resourceType: Int8 = 0
        package var resourceName: String = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            try coder.endFields()
        }
    }
}

/// Changes entries of configurations and leaves the others alone (KIP-339).
package struct IncrementalAlterConfigsRequest: KafkaRequest {
    package typealias Response = IncrementalAlterConfigsResponse

    package static var apiKey: ApiKey { .incrementalAlterConfigs }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { 1 }

    package var resources: [AlterConfigsResource] = []
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&resources, version: version)
        try coder.code(&validateOnly)
        try coder.endFields()
    }
}

extension IncrementalAlterConfigsRequest {
    package struct AlterConfigsResource: WireMessage {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [AlterableConfig] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            try coder.code(&configs, version: version)
            try coder.endFields()
        }
    }

    package struct AlterableConfig: WireMessage {
        package var name: String = ""
        package var configOperation: Int8 = 0
        package var value: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&configOperation)
            try coder.code(&value)
            try coder.endFields()
        }
    }
}

/// What became of each resource whose configuration was to change.
package struct IncrementalAlterConfigsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var responses: [AlterConfigsResourceResponse] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&responses, version: version)
        try coder.endFields()
    }
}

extension IncrementalAlterConfigsResponse {
    package struct AlterConfigsResourceResponse: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var resourceType: Int8 = 0
        package var resourceName: String = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            try coder.endFields()
        }
    }
}
