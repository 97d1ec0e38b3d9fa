/// What is wrong with bytes that should be a message, or with a message that should become bytes.
///
/// `at` is an offset in bytes from the start of what was read or written.
package enum WireError: Error, Equatable, Sendable {
    /// A field needs more bytes than are left.
    case truncated(at: Int, needed: Int, available: Int)
    /// A length or a count that is negative and does not mean null.
    case negativeLength(at: Int, length: Int)
    /// An array of more elements than there are bytes left, of which every element takes at least one.
    case countBeyondBytes(at: Int, count: Int, available: Int)
    /// Null where this version allows none.
    case unexpectedNull(at: Int)
    /// A string that is not UTF-8.
    case notUTF8(at: Int)
    /// A variable-length number of more than 32 bits.
    case varintTooLong(at: Int)
    /// A nullable struct starts with neither -1 (null) nor 1 (present).
    case invalidPresence(at: Int, value: Int8)
    /// Tagged fields have to come in ascending order of their tags, each once (KIP-482).
    case tagOutOfOrder(at: Int, tag: Int)
    /// A tagged field that we know is longer than what it has to say.
    case tagLeftover(at: Int, count: Int)
    /// The message ended before its frame did.
    case trailingBytes(at: Int, count: Int)

    /// A request of an API that has no decoder here. The connection cannot go on.
    case unknownApiKey(Int16, version: Int16, correlationId: Int32)
    /// A request of a version that has no decoder here. ApiVersions is to be answered all the same: by a response of
    /// version 0 with UNSUPPORTED_VERSION (KIP-511).
    case unsupportedVersion(ApiKey, version: Int16, correlationId: Int32)

    /// Text of more than 32 767 bytes, or bytes or an array too long for the length that goes before them.
    case tooLong(at: Int, length: Int)
    /// A field has a value that matters, and the version being written has no place for it.
    case notInVersion(field: String, version: Int16)
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated(let at, let needed, let available):
            "a field at byte \(at) needs \(needed) bytes, \(available) are left"
        case .negativeLength(let at, let length): "a length of \(length) at byte \(at)"
        case .countBeyondBytes(let at, let count, let available):
            "an array of \(count) elements at byte \(at), where \(available) bytes are left"
        case .unexpectedNull(let at): "null at byte \(at), where this version allows none"
        case .notUTF8(let at): "the string at byte \(at) is not UTF-8"
        case .varintTooLong(let at): "the variable-length number at byte \(at) has more than 32 bits"
        case .invalidPresence(let at, let value): "\(value) at byte \(at), where -1 is null and 1 is present"
        case .tagOutOfOrder(let at, let tag): "tag \(tag) at byte \(at) is out of order"
        case .tagLeftover(let at, let count): "\(count) bytes at byte \(at) that a known tagged field has no use for"
        case .trailingBytes(let at, let count): "\(count) bytes after the message's end at byte \(at)"
        case .unknownApiKey(let key, let version, _): "API key \(key) version \(version) is not known here"
        case .unsupportedVersion(let key, let version, _): "\(key.name) version \(version) is not supported"
        case .tooLong(let at, let length): "a length of \(length) at byte \(at) is more than may be"
        case .notInVersion(let field, let version): "version \(version) has no place for \(field)"
        }
    }
}
