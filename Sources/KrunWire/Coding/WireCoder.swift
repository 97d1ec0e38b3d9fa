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

    package mutating func code(_ value: inout [UInt8]?) throws(WireError) {
        try code(&value, nullable: true)
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
