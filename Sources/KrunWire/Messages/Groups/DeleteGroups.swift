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
