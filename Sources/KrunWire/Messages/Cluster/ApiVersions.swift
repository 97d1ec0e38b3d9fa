/// The first request of a connection: asks what the broker speaks.
///
/// From version 3 it says what the client is (KIP-511).
package struct ApiVersionsRequest: KafkaRequest {
    package typealias Response = ApiVersionsResponse

    package static var apiKey: ApiKey { .apiVersions }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var clientSoftwareName: String = ""
    package var clientSoftwareVersion: String = ""

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 3 {
            try coder.code(&clientSoftwareName)
            try coder.code(&clientSoftwareVersion)
        }
        try coder.endFields()
    }
}

/// The APIs and versions that a broker speaks.
///
/// Its header is of version 0 whatever its own version, and to a version that the broker does not know it answers
/// with version 0 and UNSUPPORTED_VERSION (KIP-511). Features are tagged fields, from version 3.
package struct ApiVersionsResponse: WireMessage {
    package var errorCode: ErrorCode = .none
    package var apiKeys: [ApiVersion] = []
    package var throttleTimeMs: Int32 = 0
    package var supportedFeatures: [SupportedFeatureKey] = []
    package var finalizedFeaturesEpoch: Int64 = -1
    package var finalizedFeatures: [FinalizedFeatureKey] = []
    package var zkMigrationReady: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&errorCode)
        try coder.code(&apiKeys, version: version)
        if version >= 1 { try coder.code(&throttleTimeMs) }
        var tags = try coder.beginTags()
        if try coder.beginTag(0, &tags, isDefault: supportedFeatures.isEmpty) {
            try coder.code(&supportedFeatures, version: version)
            try coder.endTag(&tags)
        }
        if try coder.beginTag(1, &tags, isDefault: finalizedFeaturesEpoch == -1) {
            try coder.code(&finalizedFeaturesEpoch)
            try coder.endTag(&tags)
        }
        if try coder.beginTag(2, &tags, isDefault: finalizedFeatures.isEmpty) {
            try coder.code(&finalizedFeatures, version: version)
            try coder.endTag(&tags)
        }
        if try coder.beginTag(3, &tags, isDefault: !zkMigrationReady) {
            try coder.code(&zkMigrationReady)
            try coder.endTag(&tags)
        }
        try coder.endTags(&tags)
    }
}

extension ApiVersionsResponse {
    package struct ApiVersion: WireMessage {
        package var apiKey: Int16 = 0
        package var minVersion: Int16 = 0
        package var maxVersion: Int16 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&apiKey)
            try coder.code(&minVersion)
            try coder.code(&maxVersion)
            try coder.endFields()
        }
    }

    package struct SupportedFeatureKey: WireMessage {
        package var name: String = ""
        package var minVersion: Int16 = 0
        package var maxVersion: Int16 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&minVersion)
            try coder.code(&maxVersion)
            try coder.endFields()
        }
    }

    package struct FinalizedFeatureKey: WireMessage {
        package var name: String = ""
        package var maxVersionLevel: Int16 = 0
        package var minVersionLevel: Int16 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&maxVersionLevel)
            try coder.code(&minVersionLevel)
            try coder.endFields()
        }
    }
}
