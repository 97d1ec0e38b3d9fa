/// Asks a broker for the groups that it coordinates, of the states (version 4) and types (version 5) named, or all.
package struct ListGroupsRequest: KafkaRequest {
    package typealias Response = ListGroupsResponse

    package static var apiKey: ApiKey { .listGroups }
    package static var versions: ClosedRange<Int16> { 0...5 }
    package static var firstFlexibleVersion: Int16 { 3 }

    package var statesFilter: [String] = []
    package var typesFilter: [String] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 4 {
            try coder.code(&statesFilter)
        } else {
            try coder.expectDefault(statesFilter.isEmpty, "statesFilter", version: version)
        }
        if version >= 5 {
            try coder.code(&typesFilter)
        } else {
            try coder.expectDefault(typesFilter.isEmpty, "typesFilter", version: version)
        }
        try coder.endFields()
    }
}

/// The groups that a broker coordinates.
package struct ListGroupsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var groups: [ListedGroup] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        try coder.code(&errorCode)
        try coder.code(&groups, version: version)
        try coder.endFields()
    }
}

extension ListGroupsResponse {
    package struct ListedGroup: WireMessage {
        package var groupId: String = ""
        package var protocolType: String = ""
        package var groupState: String = ""
        package var groupType: String = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&groupId)
            try coder.code(&protocolType)
            if version >= 4 { try coder.code(&groupState) }
            if version >= 5 { try coder.code(&groupType) }
            try coder.endFields()
        }
    }
}
