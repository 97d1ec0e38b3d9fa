/// A line of the answer to a ListGroups request.
package struct GroupListing: Equatable, Sendable {
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
