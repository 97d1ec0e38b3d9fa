/// Asks which ACLs there are, by a filter.
package struct DescribeAclsRequest: KafkaRequest {
    package typealias Response = DescribeAclsResponse

    package static var apiKey: ApiKey { .describeAcls }
    package static var versions: ClosedRange<Int16> { 0...3 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var resourceTypeFilter: Int8 = 0
    package var resourceNameFilter: String? = ""
    package var patternTypeFilter: Int8 = 3
    package var principalFilter: String? = ""
    package var hostFilter: String? = ""
    package var operation: Int8 = 0
    package var permissionType: Int8 = 0

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&resourceTypeFilter)
        try coder.code(&resourceNameFilter)
        if version >= 1 {
            try coder.code(&patternTypeFilter)
        } else {
            try coder.expectDefault(patternTypeFilter == 3, "patternTypeFilter", version: version)
        }
        try coder.code(&principalFilter)
        try coder.code(&hostFilter)
        try coder.code(&operation)
        try coder.code(&permissionType)
        try coder.endFields()
    }
}

/// The ACLs that the filter lets pass.
package struct DescribeAclsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var resources: [DescribeAclsResource] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&resources, version: version)
        try coder.endFields()
    }
}

extension DescribeAclsResponse {
    package struct DescribeAclsResource: WireMessage {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var patternType: Int8 = 3
        package var acls: [AclDescription] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            if version >= 1 {
                try coder.code(&patternType)
            } else {
                try coder.expectDefault(patternType == 3, "patternType", version: version)
            }
            try coder.code(&acls, version: version)
            try coder.endFields()
        }
    }

    package struct AclDescription: WireMessage {
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&principal)
            try coder.code(&host)
            try coder.code(&operation)
            try coder.code(&permissionType)
            try coder.endFields()
        }
    }
}
