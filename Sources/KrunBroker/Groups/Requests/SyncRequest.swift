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
