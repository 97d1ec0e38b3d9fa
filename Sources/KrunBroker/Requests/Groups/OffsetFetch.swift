internal import KrunNames
internal import KrunWire

extension ClusterCore {
    func offsetFetch(_ request: OffsetFetchRequest, _ context: RequestContext) -> OffsetFetchResponse {
        var response = OffsetFetchResponse()
        guard context.version >= 8 else {
            let wanted = request.topics?.map { ($0.name, $0.partitionIndexes) }
            switch fetchOffsets(request.groupId, wanted, requireStable: request.requireStable, context) {
            case .failure(let failure):
                response.errorCode = failure.code
                // Before version 2 an error has a place in partitions only.
                if context.version < 2 { response.topics = OffsetFetchResponse.failed(wanted ?? [], failure.code) }
            case .success(let found):
                response.topics = found.map { name, offsets in
                    var topic = OffsetFetchResponse.OffsetFetchResponseTopic()
                    topic.name = name
                    topic.partitions = offsets.map(OffsetFetchResponse.OffsetFetchResponsePartition.init)
                    return topic
                }
            }
            return response
        }
        var seen: Set<ExactName> = []
        response.groups = request.groups.filter { seen.insert(ExactName($0.groupId)).inserted }.map { wanted in
            var group = OffsetFetchResponse.OffsetFetchResponseGroup()
            group.groupId = wanted.groupId
            let topics = wanted.topics?.map { ($0.name, $0.partitionIndexes) }
            switch fetchOffsets(wanted.groupId, topics, requireStable: request.requireStable, context) {
            case .failure(let failure): group.errorCode = failure.code
            case .success(let found):
                group.topics = found.map { name, offsets in
                    var topic = OffsetFetchResponse.OffsetFetchResponseTopics()
                    topic.name = name
                    topic.partitions = offsets.map(OffsetFetchResponse.OffsetFetchResponsePartitions.init)
                    return topic
                }
            }
            return group
        }
        return response
    }

    /// What was committed, by topic in the order asked for; nil topics: all that the group has offsets of.
    private func fetchOffsets(
        _ group: String, _ wanted: [(String, [Int32])]?, requireStable: Bool, _ context: RequestContext
    ) -> Result<[(String, [FetchedOffset])], WireFailure> {
        guard coordinates(.group, group, context) else { return .failure(WireFailure(code: .notCoordinator)) }
        guard let wanted else {
            let all = groups.fetchOffsets(group: group, partitions: nil, requireStable: requireStable)
            return .success(
                all.reduce(into: []) { topics, offset in
                    if topics.last?.0 == offset.partition.topic {
                        topics[topics.count - 1].1.append(offset)
                    } else {
                        topics.append((offset.partition.topic, [offset]))
                    }
                })
        }
        // Each once, as groups are: else a short request could ask for a very long answer, of the metadata of one offset.
        var seen: Set<GroupPartition> = []
        return .success(
            wanted.map { name, indexes in
                let partitions = indexes.map { GroupPartition(topic: name, partition: $0) }
                    .filter { seen.insert($0).inserted }
                return (name, groups.fetchOffsets(group: group, partitions: partitions, requireStable: requireStable))
            })
    }
}

extension OffsetFetchResponse {
    /// Of versions in which an error has a place in partitions only.
    static func failed(
        _ wanted: [(String, [Int32])], _ code: ErrorCode
    ) -> [OffsetFetchResponse.OffsetFetchResponseTopic] {
        wanted.map { name, indexes in
            var topic = OffsetFetchResponse.OffsetFetchResponseTopic()
            topic.name = name
            topic.partitions = indexes.map { index in
                OffsetFetchResponse.OffsetFetchResponsePartition(
                    FetchedOffset(partition: GroupPartition(topic: name, partition: index), error: code))
            }
            return topic
        }
    }
}

extension OffsetFetchResponse.OffsetFetchResponsePartition {
    fileprivate init(_ offset: FetchedOffset) {
        self.init()
        partitionIndex = offset.partition.partition
        committedOffset = offset.committed?.offset ?? -1
        committedLeaderEpoch = offset.committed?.leaderEpoch ?? -1
        metadata = offset.committed?.metadata ?? ""
        errorCode = offset.error
    }
}

extension OffsetFetchResponse.OffsetFetchResponsePartitions {
    fileprivate init(_ offset: FetchedOffset) {
        self.init()
        partitionIndex = offset.partition.partition
        committedOffset = offset.committed?.offset ?? -1
        committedLeaderEpoch = offset.committed?.leaderEpoch ?? -1
        metadata = offset.committed?.metadata ?? ""
        errorCode = offset.error
    }
}
