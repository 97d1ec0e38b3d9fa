internal import KrunWire

extension ClusterCore {
    /// Preferred (0) or unclean (1) elections (KIP-183, KIP-460); without partitions: all of them.
    func electLeaders(_ request: ElectLeadersRequest, _ context: RequestContext) -> ElectLeadersResponse {
        var response = ElectLeadersResponse()
        let wanted: [(topic: String, partitions: [Int32])]
        if let given = request.topicPartitions {
            wanted = given.map { ($0.topic, $0.partitions) }
        } else {
            wanted = topics.values.sorted { $0.name < $1.name }.map { ($0.name, $0.partitions.map(\.index)) }
        }
        for (name, indexes) in wanted {
            var answers = ElectLeadersResponse.ReplicaElectionResult()
            answers.topic = name
            for index in indexes {
                var answer = ElectLeadersResponse.PartitionResult()
                answer.partitionId = index
                if let problem = elect(name, index, isUnclean: request.electionType == 1) {
                    // Of all partitions only those are told that needed an election.
                    if request.topicPartitions == nil, problem.code == .electionNotNeeded { continue }
                    answer.errorCode = problem.code
                    answer.errorMessage = problem.message
                }
                answers.partitionResult.append(answer)
            }
            if request.topicPartitions != nil || !answers.partitionResult.isEmpty {
                response.replicaElectionResults.append(answers)
            }
        }
        return response
    }

    private func elect(_ name: String, _ index: Int32, isUnclean: Bool) -> RequestProblem? {
        guard let topic = topics[name] else {
            return RequestProblem(.unknownTopicOrPartition, "No such topic as \(name)")
        }
        guard let partition = topic.partition(index) else {
            return RequestProblem(.unknownTopicOrPartition, "No such partition as \(name)-\(index)")
        }
        if isUnclean {
            // All replicas share one log, so there is never a leader that would lose something.
            return partition.leader == -1
                ? RequestProblem(.eligibleLeadersNotAvailable, "no replica of \(name)-\(index) is up")
                : RequestProblem(.electionNotNeeded, "Leader election not needed for topic partition.")
        }
        guard let preferred = partition.replicas.first, partition.leader != preferred else {
            return RequestProblem(.electionNotNeeded, "Leader election not needed for topic partition.")
        }
        guard moveLeader(of: partition, topic: name, to: preferred) else {
            return RequestProblem(.preferredLeaderNotAvailable, "The preferred leader was not available.")
        }
        return nil
    }
}

extension ClusterCore {
    /// Replicas do not move here, so none is ever being moved.
    func listPartitionReassignments(
        _ request: ListPartitionReassignmentsRequest, _ context: RequestContext
    ) -> ListPartitionReassignmentsResponse {
        ListPartitionReassignmentsResponse()
    }
}
