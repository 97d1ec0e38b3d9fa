package import NIOCore

/// Goes through a message's fields in their order on the wire: reads them, writes them, or does what else wants each field.
///
/// A `nullable` of false is a field that may not be null in this version: reading null, and writing nil, is an error.
/// What Kafka has "compact" variants of (strings, bytes, arrays) is coded as such where `isFlexible`.
package protocol WireCoder {
    /// Whether this version has compact lengths and tagged fields (KIP-482).
    var isFlexible: Bool { get }

    mutating func code<Integer: FixedWidthInteger>(_ value: inout Integer) throws(WireError)
    mutating func code(_ value: inout String?, nullable: Bool) throws(WireError)
    /// A nullable string whose length is never compact; only headers have one.
    mutating func codeFixedLength(_ value: inout String?) throws(WireError)
    mutating func code(_ value: inout [UInt8]?, nullable: Bool) throws(WireError)
    /// Record batches: read as a slice of the frame, without a copy.
    mutating func codeRecords(_ value: inout ByteBuffer?) throws(WireError)
    /// - Parameter blank: what a read element is before it is read.
    mutating func codeArray<Element>(
        _ values: inout [Element]?, nullable: Bool, blank: Element,
        _ codeElement: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError)
    /// The byte in front of a nullable struct. - Returns: whether the struct follows.
    mutating func codePresence(_ isPresent: Bool) throws(WireError) -> Bool

    /// Says that the version at hand has no place for a field, which is no loss only if it is at its default.
    mutating func expectDefault(_ isDefault: Bool, _ field: StaticString, version: Int16) throws(WireError)

    /// Starts a structure's section of tagged fields; does nothing where not `isFlexible`.
    mutating func beginTags() throws(WireError) -> TagSection
    /// Comes to a known tagged field, of which the tags ascend.
    ///
    /// - Returns: whether it is there, and is to be coded and then ended by `endTag`.
    mutating func beginTag(_ tag: Int, _ section: inout TagSection, isDefault: Bool) throws(WireError) -> Bool
    mutating func endTag(_ section: inout TagSection) throws(WireError)
    mutating func endTags(_ section: inout TagSection) throws(WireError)
}

/// How far a coder is in a section of tagged fields; only the coder that made it knows what the numbers mean.
package struct TagSection {
    var isActive = false
    /// Reading: fields to come. Writing: fields written.
    var count = 0
    /// Reading: the tag that comes next, its payload already in front of the reader; nil if none has been looked at.
    var nextTag: Int?
    var nextSize = 0
    var lastTag = -1
    /// Reading: where the bytes end once the field is over. Writing: where the field's payload starts.
    var mark = 0
    /// Writing: where the count is.
    var countIndex = 0

    package init() {}
}

extension WireCoder {
    package mutating func code(_ value: inout Bool) throws(WireError) {
        var byte: Int8 = value ? 1 : 0
        try code(&byte)
        value = byte != 0
    }

    /// A code that Kafka got after this was written reads as `unknownServerError`.
    package mutating func code(_ value: inout ErrorCode) throws(WireError) {
        var number = value.rawValue
        try code(&number)
        value = ErrorCode(rawValue: number) ?? .unknownServerError
    }

    package mutating func code(_ value: inout KafkaUUID) throws(WireError) {
        try code(&value.high)
        try code(&value.low)
    }

    package mutating func code(_ value: inout String) throws(WireError) {
        var text: String? = value
        try code(&text, nullable: false)
        value = text ?? ""
    }

    package mutating func code(_ value: inout String?) throws(WireError) {
        try code(&value, nullable: true)
    }

    package mutating func code(_ value: inout [UInt8]) throws(WireError) {
        var bytes: [UInt8]? = value
        try code(&bytes, nullable: false)
        value = bytes ?? []
    }

    package mutating func code<Element: WireMessage>(
        _ values: inout [Element]?, nullable: Bool = true, version: Int16
    ) throws(WireError) {
        try codeArray(&values, nullable: nullable, blank: Element()) { (coder, element) throws(WireError) in
            try element.code(&coder, version: version)
        }
    }

    package mutating func code<Element: WireMessage>(
        _ values: inout [Element], version: Int16
    ) throws(WireError) {
        var array: [Element]? = values
        try code(&array, nullable: false, version: version)
        values = array ?? []
    }

    package mutating func code<Integer: FixedWidthInteger>(
        _ values: inout [Integer]?, nullable: Bool = true
    ) throws(WireError) {
        try codeArray(&values, nullable: nullable, blank: 0) { (coder, element) throws(WireError) in
            try coder.code(&element)
        }
    }

    package mutating func code<Integer: FixedWidthInteger>(_ values: inout [Integer]) throws(WireError) {
        var array: [Integer]? = values
        try code(&array, nullable: false)
        values = array ?? []
    }

    package mutating func code(_ values: inout [String]?, nullable: Bool = true) throws(WireError) {
        try codeArray(&values, nullable: nullable, blank: "") { (coder, element) throws(WireError) in
            try coder.code(&element)
        }
    }

    package mutating func code(_ values: inout [String]) throws(WireError) {
        var array: [String]? = values
        try code(&array, nullable: false)
        values = array ?? []
    }

    /// A struct that may be null.
    package mutating func code<Message: WireMessage>(_ value: inout Message?, version: Int16) throws(WireError) {
        if try codePresence(value != nil) {
            var message = value ?? Message()
            try message.code(&self, version: version)
            value = message
        } else {
            value = nil
        }
    }

    /// Ends a structure that has no tagged fields that we know.
    package mutating func endFields() throws(WireError) {
        guard isFlexible else { return }
        var tags = try beginTags()
        try endTags(&tags)
    }
}

/// A structure of Kafka's protocol: its fields, and where each of them is on the wire.
///
/// A conforming type describes its layout once, in `code`, for every direction: a coder that reads fills the fields in, one
/// that writes leaves them as they are. Fields are named and defaulted as in Kafka's message definitions.
package protocol WireMessage: Equatable, Sendable {
    /// Every field at its default.
    init()

    /// Goes through the fields that `version` has, in their order on the wire.
    mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError)

    /// About how many bytes of records it carries, so that a buffer for it is made of the right size at once.
    var recordBytes: Int { get }

    // What follows is there to have, in each type's table, code that was compiled for that type and this coder; nobody
    // implements it again.
    mutating func read(_ reader: inout WireReader, version: Int16) throws(WireError)
    func write(_ writer: inout WireWriter, version: Int16) throws(WireError)
}

extension WireMessage {
    package var recordBytes: Int { 0 }

    package mutating func read(_ reader: inout WireReader, version: Int16) throws(WireError) {
        try code(&reader, version: version)
    }

    package func write(_ writer: inout WireWriter, version: Int16) throws(WireError) {
        // A copy that nobody changes: the writer only looks.
        var message = self
        try message.code(&writer, version: version)
    }
}

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
