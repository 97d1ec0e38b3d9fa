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

/// Creates ACLs.
package struct CreateAclsRequest: KafkaRequest {
    package typealias Response = CreateAclsResponse

    package static var apiKey: ApiKey { .createAcls }
    package static var versions: ClosedRange<Int16> { 0...3 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var creations: [AclCreation] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&creations, version: version)
        try coder.endFields()
    }
}

extension CreateAclsRequest {
    package struct AclCreation: WireMessage {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var resourcePatternType: Int8 = 3
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            if version >= 1 {
                try coder.code(&resourcePatternType)
            } else {
                try coder.expectDefault(resourcePatternType == 3, "resourcePatternType", version: version)
            }
            try coder.code(&principal)
            try coder.code(&host)
            try coder.code(&operation)
            try coder.code(&permissionType)
            try coder.endFields()
        }
    }
}

/// What became of each.
package struct CreateAclsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var results: [AclCreationResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension CreateAclsResponse {
    package struct AclCreationResult: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}

/// Deletes the ACLs that filters let pass.
package struct DeleteAclsRequest: KafkaRequest {
    package typealias Response = DeleteAclsResponse

    package static var apiKey: ApiKey { .deleteAcls }
    package static var versions: ClosedRange<Int16> { 0...3 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var filters: [DeleteAclsFilter] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&filters, version: version)
        try coder.endFields()
    }
}

extension DeleteAclsRequest {
    package struct DeleteAclsFilter: WireMessage {
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
}

/// What each filter deleted.
package struct DeleteAclsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var filterResults: [DeleteAclsFilterResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&filterResults, version: version)
        try coder.endFields()
    }
}

extension DeleteAclsResponse {
    package struct DeleteAclsFilterResult: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var matchingAcls: [DeleteAclsMatchingAcl] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&matchingAcls, version: version)
            try coder.endFields()
        }
    }

    package struct DeleteAclsMatchingAcl: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var patternType: Int8 = 3
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&resourceType)
            try coder.code(&resourceName)
            if version >= 1 {
                try coder.code(&patternType)
            } else {
                try coder.expectDefault(patternType == 3, "patternType", version: version)
            }
            try coder.code(&principal)
            try coder.code(&host)
            try coder.code(&operation)
            try coder.code(&permissionType)
            try coder.endFields()
        }
    }
}
