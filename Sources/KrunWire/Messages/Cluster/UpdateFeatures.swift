/// Changes the finalized version of features (KIP-584).
package struct UpdateFeaturesRequest: KafkaRequest {
    package typealias Response = UpdateFeaturesResponse

    package static var apiKey: ApiKey { .updateFeatures }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var timeoutMs: Int32 = 60000
    package var featureUpdates: [FeatureUpdateKey] = []
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&timeoutMs)
        try coder.code(&featureUpdates, version: version)
        if version >= 1 {
            try coder.code(&validateOnly)
        } else {
            try coder.expectDefault(!validateOnly, "validateOnly", version: version)
        }
        try coder.endFields()
    }
}

extension UpdateFeaturesRequest {
    package struct FeatureUpdateKey: WireMessage {
        package var feature: String = ""
        package var maxVersionLevel: Int16 = 0
        package var allowDowngrade: Bool = false
        package var upgradeType: Int8 = 1

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&feature)
            try coder.code(&maxVersionLevel)
            if version == 0 {
                try coder.code(&allowDowngrade)
            } else {
                try coder.expectDefault(!allowDowngrade, "allowDowngrade", version: version)
            }
            if version >= 1 {
                try coder.code(&upgradeType)
            } else {
                try coder.expectDefault(upgradeType == 1, "upgradeType", version: version)
            }
            try coder.endFields()
        }
    }
}

/// What became of each.
package struct UpdateFeaturesResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var results: [UpdatableFeatureResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension UpdateFeaturesResponse {
    package struct UpdatableFeatureResult: WireMessage {
        package var feature: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&feature)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}
