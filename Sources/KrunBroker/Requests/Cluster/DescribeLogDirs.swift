internal import KrunWire

extension ClusterCore {
    /// One directory a broker, which is no directory but says where its logs are: in memory.
    func describeLogDirs(_ request: DescribeLogDirsRequest, _ context: RequestContext) -> DescribeLogDirsResponse {
        var response = DescribeLogDirsResponse()
        var directory = DescribeLogDirsResponse.DescribeLogDirsResult()
        directory.logDir = Self.logDirectory
        directory.totalBytes = Int64(memory.limit)
        directory.usableBytes = Int64(max(0, memory.limit - memory.used))
        // Each topic once, however often it is named; nil: all of them.
        let wanted = request.topics?.reduce(into: [String: Set<Int32>]()) { wanted, item in
            wanted[item.topic, default: []].formUnion(item.partitions)
        }
        for name in (wanted.map { Array($0.keys) } ?? Array(topics.keys)).sorted() {
            guard let topic = topics[name] else { continue }
            let indexes = wanted?[name]
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
