internal import KrunConfigs
internal import KrunWire

/// The kinds of resources that have configs, by the numbers of the protocol.
enum ConfigResourceType {
    static let topic: Int8 = 2
    static let broker: Int8 = 4
    static let brokerLogger: Int8 = 8
}

/// What has configs, as a request names it.
struct ConfigKey: Hashable {
    let type: Int8
    let name: String
}

extension ClusterCore {
    func describeConfigs(_ request: DescribeConfigsRequest, _ context: RequestContext) -> DescribeConfigsResponse {
        var response = DescribeConfigsResponse()
        // The same resource is described once: else a short request could ask for a very long answer.
        var seen: Set<ConfigKey> = []
        let resources = request.resources.filter {
            seen.insert(ConfigKey(type: $0.resourceType, name: $0.resourceName)).inserted
        }
        response.results = resources.map { resource in
            var result = DescribeConfigsResponse.DescribeConfigsResult()
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            do throws(RequestProblem) {
                result.configs = try descriptions(of: resource, context).map {
                    DescribeConfigsResponse.DescribeConfigsResourceResult($0, request, context.version)
                }
            } catch {
                result.errorCode = error.code
                result.errorMessage = error.message ?? ""
            }
            return result
        }
        return response
    }

    private func descriptions(
        of resource: DescribeConfigsRequest.DescribeConfigsResource, _ context: RequestContext
    ) throws(RequestProblem) -> [ConfigDescription] {
        switch resource.resourceType {
        case ConfigResourceType.topic:
            let name = resource.resourceName
            if let problem = TopicName.problem(with: name) {
                throw RequestProblem(.invalidTopicException, "Topic name is invalid: \(problem)")
            }
            guard let topic = topics[name] else { throw RequestProblem(.unknownTopicOrPartition) }
            return configs.broker(context.broker).describeTopic(topic.overrides, names: resource.configurationKeys)
        case ConfigResourceType.broker:
            if resource.resourceName.isEmpty {
                return configs.cluster.describeDefaults(names: resource.configurationKeys)
            }
            return try configs.broker(broker(named: resource.resourceName, context))
                .describe(names: resource.configurationKeys)
        case ConfigResourceType.brokerLogger:
            // Kafka tells the level of each of its loggers; there are none here.
            if resource.resourceName.isEmpty {
                throw RequestProblem(.invalidRequest, "Broker id must not be empty")
            }
            _ = try broker(named: resource.resourceName, context)
            return []
        case let other:
            throw RequestProblem(.invalidRequest, "Unsupported resource type: \(other)")
        }
    }

    /// A broker knows its own configs only.
    func broker(named name: String, _ context: RequestContext) throws(RequestProblem) -> Int32 {
        guard let id = Int32(name) else {
            throw RequestProblem(.invalidRequest, "Broker id must be an integer, but it is: \(name)")
        }
        guard id == context.broker else {
            throw RequestProblem(
                .invalidRequest, "Unexpected broker id, expected \(context.broker) or empty string, but received \(id)")
        }
        return id
    }
}

extension DescribeConfigsResponse.DescribeConfigsResourceResult {
    fileprivate init(_ config: ConfigDescription, _ request: DescribeConfigsRequest, _ version: Int16) {
        self.init()
        name = config.name
        value = config.value
        readOnly = config.readOnly
        isSensitive = config.isSensitive
        configSource = config.source.rawValue
        if request.includeSynonyms {
            synonyms = config.synonyms.map { synonym in
                var item = DescribeConfigsResponse.DescribeConfigsSynonym()
                item.name = synonym.name
                item.value = synonym.value
                item.source = synonym.source.rawValue
                return item
            }
        }
        if version >= 3 {
            configType = config.type.rawValue
            if request.includeDocumentation { documentation = config.documentation }
        }
    }
}

/// Quotas, of which there are none.
extension ClusterCore {
    func describeClientQuotas(
        _ request: DescribeClientQuotasRequest, _ context: RequestContext
    ) -> DescribeClientQuotasResponse {
        var response = DescribeClientQuotasResponse()
        response.errorMessage = nil
        return response
    }

    func alterClientQuotas(
        _ request: AlterClientQuotasRequest, _ context: RequestContext
    ) -> AlterClientQuotasResponse {
        var response = AlterClientQuotasResponse()
        response.entries = request.entries.map { entry in
            var answer = AlterClientQuotasResponse.EntryData()
            answer.errorCode = .invalidRequest
            answer.errorMessage = "This broker has no quotas."
            answer.entity = entry.entity.map { entity in
                var item = AlterClientQuotasResponse.EntityData()
                item.entityType = entity.entityType
                item.entityName = entity.entityName
                return item
            }
            return answer
        }
        return response
    }
}
