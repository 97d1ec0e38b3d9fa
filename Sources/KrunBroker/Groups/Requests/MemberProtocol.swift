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
