/// Names the SASL mechanism that is to follow.
///
/// After version 0 bare tokens follow, after version 1 `SaslAuthenticate` requests (KIP-152).
package struct SaslHandshakeRequest: KafkaRequest {
    package typealias Response = SaslHandshakeResponse

    package static var apiKey: ApiKey { .saslHandshake }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { .max }

    package var mechanism: String = ""

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&mechanism)
    }
}

/// The mechanisms that the broker offers.
package struct SaslHandshakeResponse: WireMessage {
    package var errorCode: ErrorCode = .none
    package var mechanisms: [String] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&errorCode)
        try coder.code(&mechanisms)
    }
}

/// Carries a token of the SASL mechanism from the client (KIP-152).
package struct SaslAuthenticateRequest: KafkaRequest {
    package typealias Response = SaslAuthenticateResponse

    package static var apiKey: ApiKey { .saslAuthenticate }
    package static var versions: ClosedRange<Int16> { 0...2 }
    package static var firstFlexibleVersion: Int16 { 2 }

    package var authBytes: [UInt8] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&authBytes)
        try coder.endFields()
    }
}

/// Carries a token of the SASL mechanism from the broker.
package struct SaslAuthenticateResponse: WireMessage {
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var authBytes: [UInt8] = []
    package var sessionLifetimeMs: Int64 = 0

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&authBytes)
        if version >= 1 { try coder.code(&sessionLifetimeMs) }
        try coder.endFields()
    }
}
