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
