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
