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
