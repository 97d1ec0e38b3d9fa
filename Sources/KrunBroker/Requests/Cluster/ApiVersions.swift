internal import KrunWire

extension ClusterCore {
    func apiVersions(_ request: ApiVersionsRequest, _ context: RequestContext) -> ApiVersionsResponse {
        var response = ApiVersionsResponse()
        if context.version >= 3 {
            guard Self.isSoftwareName(request.clientSoftwareName), Self.isSoftwareName(request.clientSoftwareVersion)
            else {
                response.errorCode = .invalidRequest
                return response
            }
        }
        response.apiKeys = Self.offeredVersions
        if context.version >= 3 { tellFeatures(&response, context) }
        return response
    }

    private func tellFeatures(_ response: inout ApiVersionsResponse, _ context: RequestContext) {
        // Clients of version 3 fail on a version 0 of a feature, so that Kafka leaves it out (KAFKA-17011).
        for feature in KafkaVersion.features where context.version >= 4 || feature.supported.lowerBound > 0 {
            var item = ApiVersionsResponse.SupportedFeatureKey()
            item.name = feature.name
            item.minVersion = feature.supported.lowerBound
            item.maxVersion = feature.supported.upperBound
            response.supportedFeatures.append(item)
        }
        for feature in KafkaVersion.features where feature.level > 0 {
            var item = ApiVersionsResponse.FinalizedFeatureKey()
            item.name = feature.name
            item.minVersionLevel = feature.level
            item.maxVersionLevel = feature.level
            response.finalizedFeatures.append(item)
        }
        response.finalizedFeaturesEpoch = 0
    }

    /// What an ApiVersions request of a version that is not known here is answered with, in version 0 (KIP-511).
    static var unknownApiVersions: ApiVersionsResponse {
        var response = ApiVersionsResponse()
        response.errorCode = .unsupportedVersion
        response.apiKeys = offeredVersions.filter { $0.apiKey == ApiKey.apiVersions.rawValue }
        return response
    }

    /// All that is answered here, in the order of its keys.
    ///
    /// Produce is offered from version 0, as Kafka does: librdkafka does not compress otherwise (KAFKA-18659). Versions below 3 have
    /// message formats that are gone (KIP-896) and are refused all the same.
    static let offeredVersions: [ApiVersionsResponse.ApiVersion] = Request.types.map { type in
        var item = ApiVersionsResponse.ApiVersion()
        item.apiKey = type.apiKey.rawValue
        item.minVersion = type.apiKey == .produce ? 0 : type.versions.lowerBound
        item.maxVersion = KafkaVersion.served(type.apiKey)?.upperBound ?? type.versions.upperBound
        return item
    }.sorted { $0.apiKey < $1.apiKey }

    /// `[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?` (KIP-511).
    private static func isSoftwareName(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}

/// The Kafka that this broker stands for, 3.9, as clients see it: the versions of its requests and its features.
enum KafkaVersion {
    static let name = "3.9"

    /// The last version that Kafka 3.9 serves where the codec knows a later one.
    private static let last: [ApiKey: Int16] = [
        .listOffsets: 9, .metadata: 12, .describeGroups: 5, .describeCluster: 1,
    ]

    /// The versions of an API that are served; nil if none is.
    static func served(_ key: ApiKey) -> ClosedRange<Int16>? {
        guard let known = Request.versions(of: key) else { return nil }
        return known.lowerBound...min(known.upperBound, last[key] ?? .max)
    }

    /// What `kafka-features` shows, with the level at which a cluster of 3.9 is made; level 0 is not told as finalized.
    static let features: [(name: String, supported: ClosedRange<Int16>, level: Int16)] = [
        ("kraft.version", 0...1, 0), ("metadata.version", 1...21, 21),
    ]
}

extension ClusterCore {
    /// Features stay at the level of Kafka 3.9; to ask for that is no error.
    func updateFeatures(_ request: UpdateFeaturesRequest, _ context: RequestContext) -> UpdateFeaturesResponse {
        var response = UpdateFeaturesResponse()
        response.errorMessage = nil
        response.results = request.featureUpdates.map { update in
            var result = UpdateFeaturesResponse.UpdatableFeatureResult()
            result.feature = update.feature
            result.errorMessage = nil
            if let problem = Self.problem(with: update, on: controllerID) {
                result.errorCode = problem.code
                result.errorMessage = problem.message
            }
            return result
        }
        return response
    }

    private static func problem(
        with update: UpdateFeaturesRequest.FeatureUpdateKey, on controller: Int32
    ) -> RequestProblem? {
        let why: String
        if let feature = KafkaVersion.features.first(where: { $0.name == update.feature }) {
            if update.maxVersionLevel == feature.level { return nil }
            why =
                feature.supported.contains(update.maxVersionLevel)
                ? "This broker keeps it at \(feature.level), as Kafka \(KafkaVersion.name) does."
                : "Local controller \(controller) only supports versions \(feature.supported.lowerBound)-"
                    + "\(feature.supported.upperBound)"
        } else {
            why = "Local controller \(controller) does not support this feature."
        }
        return RequestProblem(
            .invalidUpdateVersion,
            "Invalid update version \(update.maxVersionLevel) for feature \(update.feature). \(why)")
    }
}
