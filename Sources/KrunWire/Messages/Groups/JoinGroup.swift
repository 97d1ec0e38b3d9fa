/// Enters a group, or enters it anew for a rebalance.
///
/// From version 4 a first join without a member id is answered by MEMBER_ID_REQUIRED and an id (KIP-394); version 5
/// brings static members (KIP-345), 6 is the first flexible one.
package struct JoinGroupRequest: KafkaRequest {
    package typealias Response = JoinGroupResponse

    package static var apiKey: ApiKey { .joinGroup }
    package static var versions: ClosedRange<Int16> { 0...9 }
    package static var firstFlexibleVersion: Int16 { 6 }

    package var groupId: String = ""
    package var sessionTimeoutMs: Int32 = 0
    package var rebalanceTimeoutMs: Int32 = -1
    package var memberId: String = ""
    package var groupInstanceId: String?
    package var protocolType: String = ""
    package var protocols: [JoinGroupRequestProtocol] = []
    package var reason: String?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        try coder.code(&sessionTimeoutMs)
        if version >= 1 { try coder.code(&rebalanceTimeoutMs) }
        try coder.code(&memberId)
        if version >= 5 {
            try coder.code(&groupInstanceId)
        } else {
            try coder.expectDefault(groupInstanceId == nil, "groupInstanceId", version: version)
        }
        try coder.code(&protocolType)
        try coder.code(&protocols, version: version)
        if version >= 8 { try coder.code(&reason) }
        try coder.endFields()
    }
}

extension JoinGroupRequest {
    package struct JoinGroupRequestProtocol: WireMessage {
        package var name: String = ""
        package var metadata: [UInt8] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&metadata)
            try coder.endFields()
        }
    }
}

/// The generation that the rebalance led to; the leader is told all members.
///
/// From version 9 `skipAssignment` tells a returning static leader that the assignment stands (KIP-814).
package struct JoinGroupResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var generationId: Int32 = -1
    package var protocolType: String?
    package var protocolName: String? = ""
    package var leader: String = ""
    package var skipAssignment: Bool = false
    package var memberId: String = ""
    package var members: [JoinGroupResponseMember] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 2 { try coder.code(&throttleTimeMs) }
        try coder.code(&errorCode)
        try coder.code(&generationId)
        if version >= 7 { try coder.code(&protocolType) }
        try coder.code(&protocolName, nullable: version >= 7)
        try coder.code(&leader)
        if version >= 9 {
            try coder.code(&skipAssignment)
        } else {
            try coder.expectDefault(!skipAssignment, "skipAssignment", version: version)
        }
        try coder.code(&memberId)
        try coder.code(&members, version: version)
        try coder.endFields()
    }
}

extension JoinGroupResponse {
    package struct JoinGroupResponseMember: WireMessage {
        package var memberId: String = ""
        package var groupInstanceId: String?
        package var metadata: [UInt8] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&memberId)
            if version >= 5 { try coder.code(&groupInstanceId) }
            try coder.code(&metadata)
            try coder.endFields()
        }
    }
}
