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
