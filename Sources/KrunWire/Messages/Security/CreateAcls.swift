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
