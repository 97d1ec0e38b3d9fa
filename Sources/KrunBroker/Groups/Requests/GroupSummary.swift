package import KrunWire

/// What a DescribeGroups request is told of a group.
package struct GroupSummary: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        package var memberId: String
        package var instanceId: String?
        package var clientId: String
        package var clientHost: String
        /// Empty unless the group is stable.
        package var metadata: [UInt8]
        package var assignment: [UInt8]

        package init(
            memberId: String, instanceId: String?, clientId: String, clientHost: String, metadata: [UInt8],
            assignment: [UInt8]
        ) {
            self.memberId = memberId
            self.instanceId = instanceId
            self.clientId = clientId
            self.clientHost = clientHost
            self.metadata = metadata
            self.assignment = assignment
        }
    }

    package var error: ErrorCode
    package var groupId: String
    package var state: GroupState
    package var protocolType: String
    /// The assignor; empty unless the group is stable.
    package var protocolName: String
    package var members: [Member]

    package init(
        error: ErrorCode = .none, groupId: String, state: GroupState, protocolType: String = "",
        protocolName: String = "", members: [Member] = []
    ) {
        self.error = error
        self.groupId = groupId
        self.state = state
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.members = members
    }
}

/// A line of the answer to a ListGroups request.
package struct GroupOverview: Equatable, Sendable {
    package var groupId: String
    package var protocolType: String
    package var state: GroupState
    /// As Kafka prints it. Groups of the protocol of KIP-848 would say `consumer`.
    package var type: String

    package init(groupId: String, protocolType: String, state: GroupState, type: String = "classic") {
        self.groupId = groupId
        self.protocolType = protocolType
        self.state = state
        self.type = type
    }
}
