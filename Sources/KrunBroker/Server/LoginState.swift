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
