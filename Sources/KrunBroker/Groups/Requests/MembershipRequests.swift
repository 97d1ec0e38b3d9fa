package import KrunWire

/// A JoinGroup request, of any version.
package struct JoinRequest: Equatable, Sendable {
    package var token: ReplyToken
    package var groupId: String
    /// Empty when the member has no id yet.
    package var memberId: String
    /// `group.instance.id` of a static member (KIP-345), v5 and later.
    package var instanceId: String?
    package var clientId: String
    package var clientHost: String
    package var sessionTimeout: Duration
    /// v0 has none: the session timeout stands in.
    package var rebalanceTimeout: Duration
    package var protocolType: String
    /// The member's assignors, the preferred first.
    package var protocols: [MemberProtocol]
    /// Whether a member without an id must come again with the one it is told (KIP-394): v4 and later.
    package var requireKnownMemberId: Bool
    /// Whether the member understands `skipAssignment` (KIP-814): v9 and later.
    package var supportsSkippingAssignment: Bool
    /// Why the member joins, in its own words (KIP-800), v8 and later.
    package var reason: String?

    package init(
        token: ReplyToken, groupId: String, memberId: String = "", instanceId: String? = nil, clientId: String = "",
        clientHost: String = "", sessionTimeout: Duration, rebalanceTimeout: Duration,
        protocolType: String = "consumer", protocols: [MemberProtocol], requireKnownMemberId: Bool = true,
        supportsSkippingAssignment: Bool = true, reason: String? = nil
    ) {
        self.token = token
        self.groupId = groupId
        self.memberId = memberId
        self.instanceId = instanceId
        self.clientId = clientId
        self.clientHost = clientHost
        self.sessionTimeout = sessionTimeout
        self.rebalanceTimeout = rebalanceTimeout
        self.protocolType = protocolType
        self.protocols = protocols
        self.requireKnownMemberId = requireKnownMemberId
        self.supportsSkippingAssignment = supportsSkippingAssignment
        self.reason = reason
    }
}

/// The answer to a JoinGroup request.
package struct JoinAnswer: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        package var memberId: String
        package var instanceId: String?
        /// Of the chosen protocol.
        package var metadata: [UInt8]

        package init(memberId: String, instanceId: String?, metadata: [UInt8]) {
            self.memberId = memberId
            self.instanceId = instanceId
            self.metadata = metadata
        }
    }

    package var error: ErrorCode
    package var memberId: String
    /// -1 when there is none.
    package var generation: Int32
    package var protocolType: String?
    package var protocolName: String?
    /// The leader's member id, empty when there is none.
    package var leader: String
    /// All members, for the leader; empty for the others.
    package var members: [Member]
    /// The leader keeps the assignment it made before (KIP-814).
    package var skipAssignment: Bool

    package init(
        error: ErrorCode, memberId: String, generation: Int32 = -1, protocolType: String? = nil,
        protocolName: String? = nil, leader: String = "", members: [Member] = [], skipAssignment: Bool = false
    ) {
        self.error = error
        self.memberId = memberId
        self.generation = generation
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.leader = leader
        self.members = members
        self.skipAssignment = skipAssignment
    }
}

/// An assignor a member knows, and what it wants the leader to know when this one is chosen.
package struct MemberProtocol: Equatable, Sendable {
    package var name: String
    /// Opaque to the broker; for the type `consumer`, a subscription of the consumer protocol.
    package var metadata: [UInt8]

    package init(name: String, metadata: [UInt8]) {
        self.name = name
        self.metadata = metadata
    }

    var heldBytes: Int { name.utf8.count + metadata.count }
}

/// A SyncGroup request, of any version.
package struct SyncRequest: Equatable, Sendable {
    package struct Assignment: Equatable, Sendable {
        package var memberId: String
        package var assignment: [UInt8]

        package init(memberId: String, assignment: [UInt8]) {
            self.memberId = memberId
            self.assignment = assignment
        }
    }

    package var token: ReplyToken
    package var groupId: String
    package var generation: Int32
    package var memberId: String
    package var instanceId: String?
    /// What the member believes was chosen (KIP-559), v5 and later.
    package var protocolType: String?
    package var protocolName: String?
    /// What the leader assigns; empty from the others.
    package var assignments: [Assignment]

    package init(
        token: ReplyToken, groupId: String, generation: Int32, memberId: String, instanceId: String? = nil,
        protocolType: String? = nil, protocolName: String? = nil, assignments: [Assignment] = []
    ) {
        self.token = token
        self.groupId = groupId
        self.generation = generation
        self.memberId = memberId
        self.instanceId = instanceId
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignments = assignments
    }
}

/// The answer to a SyncGroup request.
package struct SyncAnswer: Equatable, Sendable {
    package var error: ErrorCode
    package var protocolType: String?
    package var protocolName: String?
    package var assignment: [UInt8]

    package init(
        error: ErrorCode, protocolType: String? = nil, protocolName: String? = nil, assignment: [UInt8] = []
    ) {
        self.error = error
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignment = assignment
    }
}

/// A Heartbeat request, of any version.
package struct MemberHeartbeat: Equatable, Sendable {
    package var groupId: String
    package var generation: Int32
    package var memberId: String
    package var instanceId: String?

    package init(groupId: String, generation: Int32, memberId: String, instanceId: String? = nil) {
        self.groupId = groupId
        self.generation = generation
        self.memberId = memberId
        self.instanceId = instanceId
    }
}

/// A LeaveGroup request, of any version.
package struct LeaveRequest: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        /// Empty when the member is named by its instance id only (KIP-345).
        package var memberId: String
        package var instanceId: String?
        /// KIP-800, v5 and later.
        package var reason: String?

        package init(memberId: String, instanceId: String? = nil, reason: String? = nil) {
            self.memberId = memberId
            self.instanceId = instanceId
            self.reason = reason
        }
    }

    package var groupId: String
    /// One, before v3.
    package var members: [Member]

    package init(groupId: String, members: [Member]) {
        self.groupId = groupId
        self.members = members
    }
}

/// The answer to a LeaveGroup request.
package struct LeaveAnswer: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        package var memberId: String
        package var instanceId: String?
        package var error: ErrorCode

        package init(memberId: String, instanceId: String? = nil, error: ErrorCode) {
            self.memberId = memberId
            self.instanceId = instanceId
            self.error = error
        }
    }

    package var error: ErrorCode
    /// In the order of the request.
    package var members: [Member]

    package init(error: ErrorCode, members: [Member] = []) {
        self.error = error
        self.members = members
    }

    /// The one error that versions before 3 have room for.
    package var singleError: ErrorCode {
        error != .none ? error : members.first?.error ?? .none
    }
}
