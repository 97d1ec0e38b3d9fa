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
