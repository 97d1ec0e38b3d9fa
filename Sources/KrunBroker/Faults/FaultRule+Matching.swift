internal import KrunWire

extension FaultRule {
    var isDelay: Bool {
        if case .delay = effect { true } else { false }
    }

    func matches(_ request: RequestFacts) -> Bool {
        if let kind, kind != request.kind { return false }
        if case .loseHeartbeat = effect, request.kind != .heartbeat { return false }
        if let broker, broker != request.broker { return false }
        if let client {
            guard let id = request.client else { return false }
            if client.hasSuffix("*") {
                if !id.hasPrefix(client.dropLast()) { return false }
            } else if id != client {
                return false
            }
        }
        if let transactionalId, transactionalId != request.transactionalId { return false }
        if let group, group != request.group { return false }
        if let member, member != request.member, member != request.instance { return false }
        return topic == nil && partition == nil || request.topics.contains { touches($0) }
    }

    /// The parts of the request that the rule fails, without those that fail already.
    func failures(
        of request: RequestFacts, with errorCode: ErrorCode, beyond decision: FaultDecision
    ) -> [FaultDecision.Failure] {
        request.topics.filter(touches).flatMap { topic -> [FaultDecision.Failure] in
            let parts: [Int32?] = topic.partitions.isEmpty ? [nil] : topic.partitions.filter { partition ?? $0 == $0 }
            return parts.filter { decision.error(topic: topic.name, partition: $0) == nil }.map {
                FaultDecision.Failure(topic: topic.name, partition: $0, errorCode: errorCode)
            }
        }
    }

    private func touches(_ topic: RequestFacts.Topic) -> Bool {
        (self.topic ?? topic.name) == topic.name && (partition.map(topic.partitions.contains) ?? true)
    }
}
