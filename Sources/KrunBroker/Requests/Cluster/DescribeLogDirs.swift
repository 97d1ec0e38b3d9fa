internal import KrunWire

extension ClusterCore {
    /// One directory a broker, which is no directory but says where its logs are: in memory.
    func describeLogDirs(_ request: DescribeLogDirsRequest, _ context: RequestContext) -> DescribeLogDirsResponse {
        var response = DescribeLogDirsResponse()
        var directory = DescribeLogDirsResponse.DescribeLogDirsResult()
        directory.logDir = Self.logDirectory
        directory.totalBytes = Int64(memory.limit)
        directory.usableBytes = Int64(max(0, memory.limit - memory.used))
        // nil: all of them.
        let wanted: [(name: String, indexes: Set<Int32>?)] =
            request.topics?.map { ($0.topic, Set($0.partitions)) } ?? topics.keys.sorted().map { ($0, nil) }
        for (name, indexes) in wanted {
            guard let topic = topics[name] else { continue }
            var answer = DescribeLogDirsResponse.DescribeLogDirsTopic()
            answer.name = name
            answer.partitions = topic.partitions.filter { partition in
                partition.replicas.contains(context.broker) && indexes?.contains(partition.index) ?? true
            }.map { partition in
                var item = DescribeLogDirsResponse.DescribeLogDirsPartition()
                item.partitionIndex = partition.index
                item.partitionSize = Int64(partition.log.sizeInBytes)
                return item
            }
            if !answer.partitions.isEmpty { directory.topics.append(answer) }
        }
        response.results = [directory]
        return response
    }

    static let logDirectory = "memory"
}
