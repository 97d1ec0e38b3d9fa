/// Asks which broker coordinates a group (key type 0) or a transactional id (1).
///
/// From version 4 it asks for several keys at once (KIP-699).
package struct FindCoordinatorRequest: KafkaRequest {
    package typealias Response = FindCoordinatorResponse

    package static var apiKey: ApiKey { .findCoordinator }
    package static var versions: ClosedRange<Int16> { 0...6 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var key: String = ""
    package var keyType: Int8 = 0
    package var coordinatorKeys: [String] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version <= 3 {
            try coder.code(&key)
        } else {
            try coder.expectDefault(key.isEmpty, "key", version: version)
        }
        if version >= 1 {
            try coder.code(&keyType)
        } else {
            try coder.expectDefault(keyType == 0, "keyType", version: version)
        }
        if version >= 4 {
            try coder.code(&coordinatorKeys)
        } else {
            try coder.expectDefault(coordinatorKeys.isEmpty, "coordinatorKeys", version: version)
        }
        try coder.endFields()
    }
}

/// The coordinators: one in the response itself up to version 3, a list from version 4.
package struct FindCoordinatorResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var nodeId: Int32 = 0
    package var host: String = ""
    package var port: Int32 = 0
    package var coordinators: [Coordinator] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        if version <= 3 {
            try coder.code(&errorCode)
        } else {
            try coder.expectDefault(errorCode == .none, "errorCode", version: version)
        }
        if (1...3).contains(version) { try coder.code(&errorMessage) }
        if version <= 3 {
            try coder.code(&nodeId)
            try coder.code(&host)
            try coder.code(&port)
        } else {
            try coder.expectDefault(nodeId == 0, "nodeId", version: version)
            try coder.expectDefault(host.isEmpty, "host", version: version)
            try coder.expectDefault(port == 0, "port", version: version)
        }
        if version >= 4 {
            try coder.code(&coordinators, version: version)
        } else {
            try coder.expectDefault(coordinators.isEmpty, "coordinators", version: version)
        }
        try coder.endFields()
    }
}

extension FindCoordinatorResponse {
    package struct Coordinator: WireMessage {
        package var key: String = ""
        package var nodeId: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&key)
            try coder.code(&nodeId)
            try coder.code(&host)
            try coder.code(&port)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}
