internal import KrunWire

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
