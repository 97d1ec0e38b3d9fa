internal import KrunWire
internal import NIOCore

extension ClusterCore {
    static let mechanism = "PLAIN"

    func saslHandshake(_ request: SaslHandshakeRequest, _ context: RequestContext) -> SaslHandshakeResponse {
        var response = SaslHandshakeResponse()
        response.mechanisms = [Self.mechanism]
        guard context.connection.login == .expectsHandshake else {
            // Also where nobody has to log in: this listener has no SASL.
            response.errorCode = .illegalSaslState
            response.mechanisms = []
            return response
        }
        guard request.mechanism == Self.mechanism else {
            response.errorCode = .unsupportedSaslMechanism
            return response
        }
        context.connection.login = context.version == 0 ? .expectsBareToken : .expectsAuthenticate
        return response
    }

    /// - Returns: the answer, and whether the connection goes on.
    func saslAuthenticate(_ request: SaslAuthenticateRequest, _ context: RequestContext) -> (
        SaslAuthenticateResponse, Bool
    ) {
        var response = SaslAuthenticateResponse()
        guard context.connection.login == .expectsAuthenticate else {
            response.errorCode = .illegalSaslState
            response.errorMessage = "SaslAuthenticate request received after successful authentication"
            return (response, context.connection.login == .notNeeded)
        }
        guard let user = user(of: request.authBytes) else {
            response.errorCode = .saslAuthenticationFailed
            response.errorMessage = "Authentication failed: Invalid username or password"
            return (response, false)
        }
        context.connection.login = .done(user: user)
        return (response, true)
    }

    /// Ends a step of a login. One that was refused is answered after `connection.failed.authentication.delay.ms`, so that passwords cannot be
    /// tried in a hurry, and its connection ends.
    func afterLogin(isRefused: Bool, _ connection: Connection, _ body: @escaping () -> Void) {
        guard isRefused else { return body() }
        connection.isLast(because: .loginFailed)
        let delay = TimeAmount.milliseconds(Int64(configs.settings.failedLoginDelayMilliseconds))
        loop.assumeIsolated().scheduleTask(in: delay) { body() }
    }

    /// The user that a PLAIN message proves to be; nil if it does not.
    func user(of bytes: [UInt8]) -> String? {
        // By its bytes: to Swift's == canonically equivalent names are one.
        guard let message = PlainMessage(bytes), let place = options.users.index(forKey: message.user),
            options.users[place].key.utf8.elementsEqual(message.user.utf8)
        else { return nil }
        return Self.isEqual(Array(options.users[place].value.utf8), message.password) ? message.user : nil
    }

    /// Takes as long whatever differs.
    private static func isEqual(_ expected: [UInt8], _ given: [UInt8]) -> Bool {
        var difference = UInt8(expected.count == given.count ? 0 : 1)
        for (index, byte) in given.enumerated() {
            difference |= byte ^ (expected.isEmpty ? 1 : expected[index % expected.count])
        }
        return difference == 0
    }
}

/// What a client says of itself with SASL PLAIN (RFC 4616: authorization id, NUL, user, NUL, password).
package struct PlainMessage: Equatable, Sendable {
    package var user: String
    /// As it came: whether it is UTF-8 does not matter for comparing it.
    package var password: [UInt8]

    /// Nil when there are more or fewer than three parts, a name is not UTF-8, or the client wants to act for somebody
    /// else.
    package init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let user = String(validating: parts[1], as: UTF8.self),
            let authorization = String(validating: parts[0], as: UTF8.self),
            authorization.isEmpty || authorization == user
        else { return nil }
        self.user = user
        password = Array(parts[2])
    }
}

/// How far a connection has come with SASL (KIP-43, KIP-152).
enum LoginState: Equatable {
    /// Nobody has to log in here.
    case notNeeded
    case expectsHandshake
    /// After a handshake of version 1: the credentials come in a SaslAuthenticate request.
    case expectsAuthenticate
    /// After a handshake of version 0: the credentials come as a frame without a request header.
    case expectsBareToken
    case done(user: String)
}
