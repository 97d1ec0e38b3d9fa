internal import KrunWire

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
