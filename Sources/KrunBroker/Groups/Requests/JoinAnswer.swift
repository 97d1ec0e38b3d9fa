package import KrunWire

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
