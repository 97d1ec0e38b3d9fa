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

/// Hands in the assignment, if sent by the leader, and asks for one's own.
///
/// Version 3 brings static members, 4 is the first flexible one, 5 checks the protocol (KIP-559).
package struct SyncGroupRequest: KafkaRequest {
    package typealias Response = SyncGroupResponse

    package static var apiKey: ApiKey { .syncGroup }
    package static var versions: ClosedRange<Int16> { 0...5 }
    package static var firstFlexibleVersion: Int16 { 4 }

    package var groupId: String = ""
    package var generationId: Int32 = 0
    package var memberId: String = ""
    package var groupInstanceId: String?
    package var protocolType: String?
    package var protocolName: String?
    package var assignments: [SyncGroupRequestAssignment] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        try coder.code(&generationId)
        try coder.code(&memberId)
        if version >= 3 {
            try coder.code(&groupInstanceId)
        } else {
            try coder.expectDefault(groupInstanceId == nil, "groupInstanceId", version: version)
        }
        if version >= 5 {
            try coder.code(&protocolType)
            try coder.code(&protocolName)
        }
        try coder.code(&assignments, version: version)
        try coder.endFields()
    }
}

extension SyncGroupRequest {
    package struct SyncGroupRequestAssignment: WireMessage {
        package var memberId: String = ""
        package var assignment: [UInt8] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&memberId)
            try coder.code(&assignment)
            try coder.endFields()
        }
    }
}

/// A member's own assignment.
package struct SyncGroupResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var protocolType: String?
    package var protocolName: String?
    package var assignment: [UInt8] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        try coder.code(&errorCode)
        if version >= 5 {
            try coder.code(&protocolType)
            try coder.code(&protocolName)
        }
        try coder.code(&assignment)
        try coder.endFields()
    }
}

/// Tells a group's coordinator that a member lives.
package struct HeartbeatRequest: KafkaRequest {
    package typealias Response = HeartbeatResponse

    package static var apiKey: ApiKey { .heartbeat }
    package static var versions: ClosedRange<Int16> { 0...4 }
    package static var firstFlexibleVersion: Int16 { 4 }

    package var groupId: String = ""
    package var generationId: Int32 = 0
    package var memberId: String = ""
    package var groupInstanceId: String?

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        try coder.code(&generationId)
        try coder.code(&memberId)
        if version >= 3 {
            try coder.code(&groupInstanceId)
        } else {
            try coder.expectDefault(groupInstanceId == nil, "groupInstanceId", version: version)
        }
        try coder.endFields()
    }
}

/// Whether the generation still stands.
package struct HeartbeatResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        try coder.code(&errorCode)
        try coder.endFields()
    }
}

/// Takes members out of a group: the sender up to version 2, any number from version 3 (KIP-345).
package struct LeaveGroupRequest: KafkaRequest {
    package typealias Response = LeaveGroupResponse

    package static var apiKey: ApiKey { .leaveGroup }
    package static var versions: ClosedRange<Int16> { 0...5 }
    package static var firstFlexibleVersion: Int16 { 4 }

    package var groupId: String = ""
    package var memberId: String = ""
    package var members: [MemberIdentity] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupId)
        if version <= 2 {
            try coder.code(&memberId)
        } else {
            try coder.expectDefault(memberId.isEmpty, "memberId", version: version)
        }
        if version >= 3 {
            try coder.code(&members, version: version)
        } else {
            try coder.expectDefault(members.isEmpty, "members", version: version)
        }
        try coder.endFields()
    }
}

extension LeaveGroupRequest {
    package struct MemberIdentity: WireMessage {
        package var memberId: String = ""
        package var groupInstanceId: String?
        package var reason: String?

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&memberId)
            try coder.code(&groupInstanceId)
            if version >= 5 { try coder.code(&reason) }
            try coder.endFields()
        }
    }
}

/// What became of each member that was to leave.
package struct LeaveGroupResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var members: [MemberResponse] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        try coder.code(&errorCode)
        if version >= 3 {
            try coder.code(&members, version: version)
        } else {
            try coder.expectDefault(members.isEmpty, "members", version: version)
        }
        try coder.endFields()
    }
}

extension LeaveGroupResponse {
    package struct MemberResponse: WireMessage {
        package var memberId: String = ""
        package var groupInstanceId: String? = ""
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&memberId)
            try coder.code(&groupInstanceId)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }
}
