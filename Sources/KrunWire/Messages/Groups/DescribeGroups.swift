/// Asks for the state and the members of groups.
package struct DescribeGroupsRequest: KafkaRequest {
    package typealias Response = DescribeGroupsResponse

    package static var apiKey: ApiKey { .describeGroups }
    package static var versions: ClosedRange<Int16> { 0...6 }
    package static var firstFlexibleVersion: Int16 { 5 }

    package var groups: [String] = []
    package var includeAuthorizedOperations: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groups)
        if version >= 3 {
            try coder.code(&includeAuthorizedOperations)
        } else {
            try coder.expectDefault(!includeAuthorizedOperations, "includeAuthorizedOperations", version: version)
        }
        try coder.endFields()
    }
}

/// State, members and assignments of groups.
///
/// A group that nobody knows is no error but has the state Dead, up to version 5; from version 6 it is
/// GROUP_ID_NOT_FOUND (KIP-1043).
package struct DescribeGroupsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var groups: [DescribedGroup] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        if version >= 1 { try coder.code(&throttleTimeMs) }
        try coder.code(&groups, version: version)
        try coder.endFields()
    }
}

extension DescribeGroupsResponse {
    package struct DescribedGroup: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var groupId: String = ""
        package var groupState: String = ""
        package var protocolType: String = ""
        package var protocolData: String = ""
        package var members: [DescribedGroupMember] = []
        package var authorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            if version >= 6 {
                try coder.code(&errorMessage)
            } else {
                try coder.expectDefault(errorMessage == nil, "errorMessage", version: version)
            }
            try coder.code(&groupId)
            try coder.code(&groupState)
            try coder.code(&protocolType)
            try coder.code(&protocolData)
            try coder.code(&members, version: version)
            if version >= 3 {
                try coder.code(&authorizedOperations)
            } else {
                try coder.expectDefault(authorizedOperations == .min, "authorizedOperations", version: version)
            }
            try coder.endFields()
        }
    }

    package struct DescribedGroupMember: WireMessage {
        package var memberId: String = ""
        package var groupInstanceId: String?
        package var clientId: String = ""
        package var clientHost: String = ""
        package var memberMetadata: [UInt8] = []
        package var memberAssignment: [UInt8] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&memberId)
            if version >= 4 { try coder.code(&groupInstanceId) }
            try coder.code(&clientId)
            try coder.code(&clientHost)
            try coder.code(&memberMetadata)
            try coder.code(&memberAssignment)
            try coder.endFields()
        }
    }
}

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

/// Deletes groups that have no members, with their commits.
package struct DeleteGroupsRequest: KafkaRequest {
    package typealias Response = DeleteGroupsResponse

    package static var apiKey: ApiKey { .deleteGroups }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var groupsNames: [String] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&groupsNames)
        try coder.endFields()
    }
}

/// What became of each group that was to be deleted.
package struct DeleteGroupsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var results: [DeletableGroupResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension DeleteGroupsResponse {
    package struct DeletableGroupResult: WireMessage {
        package var groupId: String = ""
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&groupId)
            try coder.code(&errorCode)
            try coder.endFields()
        }
    }
}
