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
