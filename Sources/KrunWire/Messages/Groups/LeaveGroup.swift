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
