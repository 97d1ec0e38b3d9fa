internal import KrunWire

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
