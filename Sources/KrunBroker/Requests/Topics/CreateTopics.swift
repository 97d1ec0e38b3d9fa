internal import KrunWire

extension ClusterCore {
    func createTopics(_ request: CreateTopicsRequest, _ context: RequestContext) -> CreateTopicsResponse {
        var response = CreateTopicsResponse()
        let counts = Dictionary(request.topics.map { ($0.name, 1) }, uniquingKeysWith: +)
        var answered: Set<String> = []
        let isTooLarge = isTooLarge(request)
        for wanted in request.topics where answered.insert(wanted.name).inserted {
            var answer = CreateTopicsResponse.CreatableTopicResult()
            answer.name = wanted.name
            answer.errorMessage = nil
            do throws(RequestProblem) {
                if counts[wanted.name] != 1 { throw RequestProblem(.invalidRequest, "Duplicate topic name.") }
                if let code = context.faults.error(topic: wanted.name, partition: nil) { throw RequestProblem(code) }
                if isTooLarge { throw OperationSize.problem }
                let plan = try plan(wanted)
                answer.numPartitions = Int32(plan.replicas.count)
                answer.replicationFactor = Int16(clamping: plan.replicas.first?.count ?? 0)
                answer.configs = configs.cluster.describeTopic(plan.overrides).map(
                    CreateTopicsResponse.CreatableTopicConfigs.init)
                if !request.validateOnly {
                    answer.topicId =
                        createTopic(
                            wanted.name, replicas: plan.replicas, overrides: plan.overrides, client: context.clientID
                        ).id
                }
            } catch {
                answer.errorCode = error.code
                answer.errorMessage = error.message
                answer.configs = context.version >= 5 ? [] : nil
            }
            response.topics.append(answer)
        }
        return response
    }

    /// Where a topic would go and what it would be like, if it can be.
    func plan(
        _ wanted: CreateTopicsRequest.CreatableTopic
    ) throws(RequestProblem) -> (replicas: [[Int32]], overrides: ConfigSet) {
        if let problem = TopicName.problem(with: wanted.name) {
            throw RequestProblem(.invalidTopicException, "Topic name is invalid: \(problem)")
        }
        if let own = InternalTopic(rawValue: wanted.name) { _ = internalTopic(own) }
        if topics[wanted.name] != nil || InternalTopic.isInternal(wanted.name) {
            throw RequestProblem(.topicAlreadyExists, "Topic '\(wanted.name)' already exists.")
        }
        if let other = topicColliding(with: wanted.name) {
            throw RequestProblem(
                .invalidTopicException, "Topic '\(wanted.name)' collides with existing topic: \(other)")
        }
        let overrides = try RequestProblem.mapping { () throws(ConfigError) in
            try ConfigSet.created(topic: wanted.configs.map { ($0.name, $0.value) }, on: configs.cluster)
        }
        let replicas = wanted.assignments.isEmpty ? try automaticPlacement(wanted) : try manualPlacement(wanted)
        return (replicas, overrides)
    }

    private func automaticPlacement(
        _ wanted: CreateTopicsRequest.CreatableTopic
    ) throws(RequestProblem) -> [[Int32]] {
        guard wanted.replicationFactor > 0 || wanted.replicationFactor == -1 else {
            throw RequestProblem(
                .invalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.")
        }
        guard wanted.numPartitions > 0 || wanted.numPartitions == -1 else {
            throw RequestProblem(.invalidPartitions, "Number of partitions was set to an invalid non-positive value.")
        }
        let factor = wanted.replicationFactor == -1 ? configs.defaultReplicationFactor : Int(wanted.replicationFactor)
        let count = wanted.numPartitions == -1 ? configs.defaultPartitions : Int(wanted.numPartitions)
        try checkFactor(factor)
        try checkCount(count)
        return placement(partitions: count, factor: factor)
    }

    func checkFactor(_ factor: Int) throws(RequestProblem) {
        // As in Kafka one that is down counts: its replicas are not in sync until it is back.
        let available = nodes.count
        // Of a client it is looked at before; the brokers' default may be anything.
        guard factor > 0 else {
            throw RequestProblem(.invalidReplicationFactor, "Replication factor must be larger than 0.")
        }
        guard factor <= available else {
            throw RequestProblem(
                .invalidReplicationFactor,
                "Unable to replicate the partition \(factor) time(s): The target replication factor of \(factor) cannot be "
                    + "reached because only \(available) broker(s) are registered.")
        }
        guard nodes.contains(where: \.isUp) else {
            throw RequestProblem(
                .invalidReplicationFactor,
                "Unable to replicate the partition \(factor) time(s): All brokers are currently fenced.")
        }
    }

    /// A partition that nobody could lead is not made.
    func fencedAssignment(of partition: Int32) -> RequestProblem {
        RequestProblem(
            .invalidReplicaAssignment,
            "All brokers specified in the manual partition assignment for partition \(partition) are fenced or in "
                + "controlled shutdown.")
    }

    /// More would be no cluster of one process; Kafka has no such bound and runs out of memory.
    static let maximumPartitions = 200_000

    func checkCount(_ more: Int) throws(RequestProblem) {
        let all = partitionCount + more
        guard all <= Self.maximumPartitions else {
            throw RequestProblem(
                .policyViolation,
                "the cluster would have \(all) partitions; this broker keeps at most \(Self.maximumPartitions)")
        }
    }

    private func manualPlacement(
        _ wanted: CreateTopicsRequest.CreatableTopic
    ) throws(RequestProblem) -> [[Int32]] {
        guard wanted.replicationFactor == -1 else {
            throw RequestProblem(
                .invalidRequest,
                "A manual partition assignment was specified, but replication factor was not set to -1.")
        }
        guard wanted.numPartitions == -1 else {
            throw RequestProblem(
                .invalidRequest, "A manual partition assignment was specified, but numPartitions was not set to -1.")
        }
        var byIndex: [Int32: [Int32]] = [:]
        var factor: Int?
        for assignment in wanted.assignments {
            guard byIndex[assignment.partitionIndex] == nil else {
                throw RequestProblem(
                    .invalidReplicaAssignment,
                    "Found multiple manual partition assignments for partition \(assignment.partitionIndex)")
            }
            try checkAssignment(assignment.brokerIds, factor: factor)
            factor = assignment.brokerIds.count
            guard assignment.brokerIds.contains(where: { node($0)?.isUp == true }) else {
                throw fencedAssignment(of: assignment.partitionIndex)
            }
            byIndex[assignment.partitionIndex] = assignment.brokerIds
        }
        try checkCount(byIndex.count)
        guard byIndex.keys.allSatisfy({ (0..<Int32(byIndex.count)).contains($0) }) else {
            throw RequestProblem(
                .invalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence")
        }
        return (0..<Int32(byIndex.count)).compactMap { byIndex[$0] }
    }

    /// One partition's brokers, given by hand.
    func checkAssignment(_ brokers: [Int32], factor: Int?) throws(RequestProblem) {
        guard !brokers.isEmpty else {
            throw RequestProblem(
                .invalidReplicaAssignment, "The manual partition assignment includes an empty replica list.")
        }
        for broker in brokers.sorted() where node(broker) == nil {
            throw RequestProblem(
                .invalidReplicaAssignment,
                "The manual partition assignment includes broker \(broker), but no such broker is registered.")
        }
        for (broker, next) in zip(brokers.sorted(), brokers.sorted().dropFirst()) where broker == next {
            throw RequestProblem(
                .invalidReplicaAssignment,
                "The manual partition assignment includes the broker \(broker) more than once.")
        }
        if let factor, factor != brokers.count {
            throw RequestProblem(
                .invalidReplicaAssignment,
                "The manual partition assignment includes a partition with \(brokers.count) replica(s), but this is not "
                    + "consistent with previous partitions, which have \(factor) replica(s).")
        }
    }
}

extension CreateTopicsResponse.CreatableTopicConfigs {
    init(_ entry: ConfigDescription) {
        self.init()
        name = entry.name
        value = entry.value
        readOnly = entry.readOnly
        configSource = entry.source.rawValue
        isSensitive = entry.isSensitive
    }
}

/// How much one request may create, as the controller of Kafka 3.9 bounds it: 10 000 records of metadata, of which each topic is one, and
/// each of its partitions and configs another.
enum OperationSize {
    static let most = 10_000

    /// What every topic of a larger request is refused with.
    static let problem = RequestProblem(
        .policyViolation, "Unable to perform excessively large batch operation.")

    /// What a new topic counts.
    static func records(partitions: Int, configs: Int = 0) -> Int { 1 + max(0, partitions) + configs }
}

extension ClusterCore {
    /// Whether a request creates more than one may.
    func isTooLarge(_ request: CreateTopicsRequest) -> Bool {
        var names: Set<String> = []
        let size = request.topics.filter { topics[$0.name] == nil && names.insert($0.name).inserted }.reduce(0) {
            size, topic in
            let count = topic.numPartitions == -1 ? configs.defaultPartitions : Int(topic.numPartitions)
            return size
                + OperationSize.records(
                    partitions: topic.assignments.isEmpty ? count : topic.assignments.count,
                    configs: topic.configs.count)
        }
        return size > OperationSize.most
    }

    func isTooLarge(_ request: CreatePartitionsRequest) -> Bool {
        var names: Set<String> = []
        let size = request.topics.filter { names.insert($0.name).inserted }.reduce(0) { size, wanted in
            size + max(0, Int(wanted.count) - (topics[wanted.name]?.partitions.count ?? Int(wanted.count)))
        }
        return size > OperationSize.most
    }

    /// Whether a Metadata request may create what it names and is not there.
    func mayCreate(_ names: [String]) -> Bool {
        names.count * OperationSize.records(partitions: configs.defaultPartitions) <= OperationSize.most
    }
}

extension ClusterCore {
    func createPartitions(_ request: CreatePartitionsRequest, _ context: RequestContext) -> CreatePartitionsResponse {
        var response = CreatePartitionsResponse()
        let counts = Dictionary(request.topics.map { ($0.name, 1) }, uniquingKeysWith: +)
        var answered: Set<String> = []
        let isTooLarge = isTooLarge(request)
        for wanted in request.topics where answered.insert(wanted.name).inserted {
            var answer = CreatePartitionsResponse.CreatePartitionsTopicResult()
            answer.name = wanted.name
            do throws(RequestProblem) {
                if counts[wanted.name] != 1 { throw RequestProblem(.invalidRequest, "Duplicate topic name.") }
                if let code = context.faults.error(topic: wanted.name, partition: nil) { throw RequestProblem(code) }
                if isTooLarge { throw OperationSize.problem }
                try refuseInternal(wanted.name)
                guard let topic = topics[wanted.name] else {
                    throw RequestProblem(.unknownTopicOrPartition)
                }
                let added = try newPartitions(wanted, of: topic)
                if !request.validateOnly { addPartitions(added, to: topic, client: context.clientID) }
            } catch {
                answer.errorCode = error.code
                answer.errorMessage = error.message
            }
            response.results.append(answer)
        }
        return response
    }

    private func newPartitions(
        _ wanted: CreatePartitionsRequest.CreatePartitionsTopic, of topic: Topic
    ) throws(RequestProblem) -> [[Int32]] {
        let present = topic.partitions.count
        if Int(wanted.count) == present {
            throw RequestProblem(.invalidPartitions, "Topic already has \(present) partition(s).")
        }
        if Int(wanted.count) < present {
            throw RequestProblem(
                .invalidPartitions,
                "The topic \(topic.name) currently has \(present) partition(s); \(wanted.count) would not be an increase."
            )
        }
        let additional = Int(wanted.count) - present
        try checkCount(additional)
        let factor = Int(topic.replicationFactor)
        if let assignments = wanted.assignments {
            guard assignments.count == additional else {
                throw RequestProblem(
                    .invalidReplicaAssignment,
                    "Attempted to add \(additional) additional partition(s), but only \(assignments.count) assignment(s) "
                        + "were specified.")
            }
            for (index, assignment) in assignments.enumerated() {
                try checkAssignment(assignment.brokerIds, factor: factor)
                guard assignment.brokerIds.contains(where: { node($0)?.isUp == true }) else {
                    throw fencedAssignment(of: Int32(present + index))
                }
            }
            return assignments.map(\.brokerIds)
        }
        try checkFactor(factor)
        return Array(placement(partitions: Int(wanted.count), factor: factor).dropFirst(present))
    }
}
