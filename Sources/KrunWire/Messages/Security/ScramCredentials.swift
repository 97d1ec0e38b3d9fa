/// Asks which SCRAM credentials users have (KIP-554). Null users mean all.
package struct DescribeUserScramCredentialsRequest: KafkaRequest {
    package typealias Response = DescribeUserScramCredentialsResponse

    package static var apiKey: ApiKey { .describeUserScramCredentials }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var users: [UserName]? = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&users, version: version)
        try coder.endFields()
    }
}

extension DescribeUserScramCredentialsRequest {
    package struct UserName: WireMessage {
        package var name: String = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.endFields()
        }
    }
}

/// The mechanisms of each user, never a password.
package struct DescribeUserScramCredentialsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var results: [DescribeUserScramCredentialsResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension DescribeUserScramCredentialsResponse {
    package struct DescribeUserScramCredentialsResult: WireMessage {
        package var user: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var credentialInfos: [CredentialInfo] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&user)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&credentialInfos, version: version)
            try coder.endFields()
        }
    }

    package struct CredentialInfo: WireMessage {
        package var mechanism: Int8 = 0
        package var iterations: Int32 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&mechanism)
            try coder.code(&iterations)
            try coder.endFields()
        }
    }
}

/// Sets and deletes SCRAM credentials of users (KIP-554).
package struct AlterUserScramCredentialsRequest: KafkaRequest {
    package typealias Response = AlterUserScramCredentialsResponse

    package static var apiKey: ApiKey { .alterUserScramCredentials }
    package static var versions: ClosedRange<Int16> { 0...0 }
    package static var firstFlexibleVersion: Int16 { 0 }

    package var deletions: [ScramCredentialDeletion] = []
    package var upsertions: [ScramCredentialUpsertion] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&deletions, version: version)
        try coder.code(&upsertions, version: version)
        try coder.endFields()
    }
}

extension AlterUserScramCredentialsRequest {
    package struct ScramCredentialDeletion: WireMessage {
        package var name: String = ""
        package var mechanism: Int8 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&mechanism)
            try coder.endFields()
        }
    }

    package struct ScramCredentialUpsertion: WireMessage {
        package var name: String = ""
        package var mechanism: Int8 = 0
        package var iterations: Int32 = 0
        package var salt: [UInt8] = []
        package var saltedPassword: [UInt8] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&name)
            try coder.code(&mechanism)
            try coder.code(&iterations)
            try coder.code(&salt)
            try coder.code(&saltedPassword)
            try coder.endFields()
        }
    }
}

/// What became of each user.
package struct AlterUserScramCredentialsResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var results: [AlterUserScramCredentialsResult] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&results, version: version)
        try coder.endFields()
    }
}

extension AlterUserScramCredentialsResponse {
    package struct AlterUserScramCredentialsResult: WireMessage {
        package var user: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&user)
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.endFields()
        }
    }
}
