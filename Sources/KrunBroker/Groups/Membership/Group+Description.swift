extension Group {
    /// The group as DescribeGroups tells it: what the members subscribe to only while that is settled.
    var description: GroupDescription {
        let settledProtocol = state == .stable ? protocolName : nil
        return GroupDescription(
            groupId: id, state: state, protocolType: protocolType ?? "", protocolName: settledProtocol ?? "",
            members: orderedMembers.map {
                GroupDescription.Member(
                    memberId: $0.memberId, instanceId: $0.instanceId, clientId: $0.clientId, clientHost: $0.clientHost,
                    metadata: settledProtocol == nil ? [] : $0.metadata(of: settledProtocol), assignment: $0.assignment)
            })
    }
}
