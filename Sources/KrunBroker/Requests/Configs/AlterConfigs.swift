internal import KrunWire

extension ClusterCore {
    /// Sets these configs and no others; what is not named goes back to its default.
    func alterConfigs(_ request: AlterConfigsRequest, _ context: RequestContext) -> AlterConfigsResponse {
        var response = AlterConfigsResponse()
        let keys = request.resources.map { ConfigKey(type: $0.resourceType, name: $0.resourceName) }
        let counts = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
        for (key, resource) in zip(keys, request.resources) {
            let problem = alter(key, among: counts, validateOnly: request.validateOnly, context) {
                (old, kind, broker) throws(ConfigError) in
                try old.replaced(by: resource.configs.map { ($0.name, $0.value) }, of: kind, on: broker)
            }
            var answer = AlterConfigsResponse.AlterConfigsResourceResponse()
            answer.resourceType = resource.resourceType
            answer.resourceName = resource.resourceName
            answer.errorCode = problem?.code ?? .none
            answer.errorMessage = problem?.message
            response.responses.append(answer)
        }
        return response
    }

    func incrementalAlterConfigs(
        _ request: IncrementalAlterConfigsRequest, _ context: RequestContext
    ) -> IncrementalAlterConfigsResponse {
        var response = IncrementalAlterConfigsResponse()
        let keys = request.resources.map { ConfigKey(type: $0.resourceType, name: $0.resourceName) }
        let counts = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
        for (key, resource) in zip(keys, request.resources) {
            let problem = alter(key, among: counts, validateOnly: request.validateOnly, context) {
                (old, kind, broker) throws(ConfigError) in
                try old.altered(
                    by: resource.configs.map {
                        ConfigOperation(name: $0.name, kind: $0.configOperation, value: $0.value)
                    }, of: kind, on: broker)
            }
            var answer = IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
            answer.resourceType = resource.resourceType
            answer.resourceName = resource.resourceName
            answer.errorCode = problem?.code ?? .none
            answer.errorMessage = problem?.message
            response.responses.append(answer)
        }
        return response
    }

    /// Changes the configs of one resource; nil when that went well.
    private func alter(
        _ key: ConfigKey, among all: [ConfigKey: Int], validateOnly: Bool, _ context: RequestContext,
        _ change: (ConfigSet, ConfigResource, BrokerConfigs) throws(ConfigError) -> ConfigSet
    ) -> RequestProblem? {
        do throws(RequestProblem) {
            if all[key, default: 0] > 1 {
                throw RequestProblem(.invalidRequest, "Each resource must appear at most once.")
            }
            switch key.type {
            case ConfigResourceType.topic:
                guard let topic = topics[key.name] else {
                    throw RequestProblem(.unknownTopicOrPartition, "The topic '\(key.name)' does not exist.")
                }
                let new = try RequestProblem.mapping { () throws(ConfigError) in
                    try change(topic.overrides, .topic, configs.cluster)
                }
                if !validateOnly {
                    let old = topic.overrides
                    setConfigs(of: topic, to: new)
                    tellConfigs(.topic(topic.name), from: old, to: new, context)
                }
            case ConfigResourceType.broker where key.name.isEmpty:
                let new = try RequestProblem.mapping { () throws(ConfigError) in
                    try change(configs.dynamicDefault, .defaultBroker, configs.cluster)
                }
                if !validateOnly {
                    let old = configs.dynamicDefault
                    configs.dynamicDefault = new
                    configureAll()
                    tellConfigs(.allBrokers, from: old, to: new, context)
                }
            case ConfigResourceType.broker:
                guard let id = Int32(key.name) else {
                    throw RequestProblem(.invalidRequest, "Node id must be an integer, but it is: \(key.name)")
                }
                guard id == context.broker else {
                    throw RequestProblem(
                        .invalidRequest, "Unexpected broker id, expected \(context.broker), but received \(id)")
                }
                let new = try RequestProblem.mapping { () throws(ConfigError) in
                    try change(configs.dynamic[id] ?? ConfigSet(), .broker, configs.broker(id))
                }
                if !validateOnly {
                    let old = configs.dynamic[id] ?? ConfigSet()
                    configs.dynamic[id] = new
                    configureAll()
                    tellConfigs(.broker(id), from: old, to: new, context)
                }
            case ConfigResourceType.brokerLogger:
                throw RequestProblem(.invalidConfig, "This broker has no loggers.")
            default:
                throw RequestProblem(.invalidRequest, "Unknown resource type \(key.type)")
            }
            return nil
        } catch {
            return error
        }
    }

    /// Tells what is otherwise now, if anything is.
    private func tellConfigs(
        _ resource: BrokerEvent.ConfigsChange.Resource, from old: ConfigSet, to new: ConfigSet,
        _ context: RequestContext
    ) {
        let names = Set(old.values.keys).union(new.values.keys).sorted()
        let changes = names.filter { old.values[$0] != new.values[$0] }.map {
            BrokerEvent.ConfigsChange.Change(name: $0, value: new.values[$0])
        }
        if changes.isEmpty { return }
        tell(.configsChanged(BrokerEvent.ConfigsChange(resource: resource, changes: changes, client: context.clientID)))
    }
}

extension RequestProblem {
    /// A config's problem as a request's.
    static func mapping<Value>(_ body: () throws(ConfigError) -> Value) throws(RequestProblem) -> Value {
        do {
            return try body()
        } catch {
            throw RequestProblem(error.errorCode, error.message)
        }
    }
}
