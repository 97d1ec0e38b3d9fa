internal import KrunWire

extension ClusterCore {
    /// Tells whoever listens.
    func tell(_ kind: BrokerEvent.Kind) {
        events.record(BrokerEvent(at: now.uptime, kind))
    }

    /// Of what happens to groups, what an observer from outside would see.
    func tell(_ event: GroupEvent) {
        switch event {
        case .stateChanged(let group, let from, let to, let generation):
            tell(.groupChanged(group: group, from: from.rawValue, to: to.rawValue, generation: generation))
        case .memberJoined(let group, let member, _, let client, _):
            tell(.memberJoined(group: group, member: member, client: client))
        case .memberReplaced(let group, let instance, let old, let member):
            tell(.memberLeft(group: group, member: old, reason: "replaced by another \(instance)"))
            tell(.memberJoined(group: group, member: member, client: instance))
        case .memberRemoved(let group, let member, _, let why):
            tell(.memberLeft(group: group, member: member, reason: why.text))
        case .rebalanceStarted(let group, let generation, let cause):
            tell(.rebalanceStarted(BrokerEvent.GroupRebalance(group: group, generation: generation, cause)))
        case .assigned(let group, let generation, let assignments):
            let isConsumers = groups[group]?.isConsumerGroup ?? false
            tell(
                .partitionsAssigned(
                    BrokerEvent.GroupAssignment(
                        group: group, generation: generation, assignor: groups[group]?.protocolName ?? "",
                        members: assignments.map {
                            ($0.memberId, isConsumers ? ConsumerAssignment($0.assignment) : nil)
                        })))
        case .offsetsCommitted(let group, let member, _, let producerId, let offsets):
            tell(
                .offsetsCommitted(
                    BrokerEvent.CommittedOffsets(group: group, member: member, producerId: producerId, offsets)))
        case .offsetsDeleted(let group, let partitions), .offsetsExpired(let group, let partitions):
            tell(.offsetsDeleted(group: group, partitions: partitions.count))
        case .groupDeleted(let group): tell(BrokerEvent.Kind.groupDeleted(group: group))
        case .memberIdGiven, .generationStarted, .offsetsPending, .offsetsDropped:
            break
        }
    }
}

extension MemberRemoval {
    fileprivate var text: String {
        switch self {
        case .left(let reason): reason.map { "left: \($0)" } ?? "left"
        case .sessionExpired: "no heartbeat within its session timeout"
        case .didNotRejoin: "did not rejoin in time"
        case .didNotSync: "did not ask for its assignment in time"
        case .groupFull: "the group is full"
        case .expelled: "expelled"
        }
    }
}
