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
