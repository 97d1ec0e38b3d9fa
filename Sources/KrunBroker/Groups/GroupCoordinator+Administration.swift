package import KrunWire

extension GroupCoordinator {
    /// Describes groups, in the order asked for.
    ///
    /// A group that does not exist is dead; from DescribeGroups v6 on, that is `GROUP_ID_NOT_FOUND` too (KIP-1043).
    package func describe(groups groupIds: [String], knowsGroupIdNotFound: Bool) -> [GroupDescription] {
        groupIds.map { groupId in
            self[groupId]?.description
                ?? GroupDescription(
                    error: knowsGroupIdNotFound ? .groupIdNotFound : .none, groupId: groupId, state: .dead)
        }
    }

    /// The groups in one of the states and of one of the types, in order of their ids; an empty filter lets all pass.
    ///
    /// States (v4 and later) and types (v5 and later) are compared without regard to case, as Kafka does.
    package func list(states: [String] = [], types: [String] = []) -> [GroupListing] {
        let states = Set(states.map { $0.lowercased() })
        guard types.isEmpty || types.contains(where: { $0.lowercased() == "classic" }) else { return [] }
        return groupIds.compactMap { self[$0] }
            .filter { states.isEmpty || states.contains($0.state.rawValue.lowercased()) }
            .map { GroupListing(groupId: $0.id, protocolType: $0.protocolType ?? "", state: $0.state) }
    }

    /// Deletes groups and their offsets; an error for each, in the order asked for.
    package mutating func delete(
        groups groupIds: [String], now: Now
    ) -> (errors: [ErrorCode], actions: [GroupAction]) {
        var errors: [ErrorCode] = []
        var actions: [GroupAction] = []
        for groupId in groupIds {
            switch self[groupId]?.state ?? .dead {
            case .dead: errors.append(.groupIdNotFound)
            case .preparingRebalance, .completingRebalance, .stable: errors.append(.nonEmptyGroup)
            case .empty:
                removeGroup(groupId)
                errors.append(.none)
                actions.append(.event(.groupDeleted(group: groupId)))
            }
        }
        return (errors, actions)
    }
}
