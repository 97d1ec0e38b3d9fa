package import NIOCore

/// Reads messages from bytes that nobody vouches for: whatever they are, the outcome is a message or a `WireError`.
package struct WireReader: WireCoder {
    package let isFlexible: Bool
    /// Its writer index is where reading has to stop; inside a tagged field, that is the field's end.
    private var buffer: ByteBuffer
    private let start: Int

    package init(_ buffer: ByteBuffer, isFlexible: Bool) {
        self.init(buffer, start: buffer.readerIndex, isFlexible: isFlexible)
    }

    private init(_ buffer: ByteBuffer, start: Int, isFlexible: Bool) {
        self.buffer = buffer
        self.start = start
        self.isFlexible = isFlexible
    }

    /// Bytes read so far.
    package var offset: Int { buffer.readerIndex - start }

    /// Bytes not yet read.
    package var available: Int { buffer.readableBytes }

    /// The same reader at the same place, for the part of a message that is flexible or is not.
    func flexible(_ isFlexible: Bool) -> WireReader {
        WireReader(buffer, start: start, isFlexible: isFlexible)
    }

    /// Reads a message of `version`.
    package mutating func message<Message: WireMessage>(version: Int16) throws(WireError) -> Message {
        var message = Message()
        try message.read(&self, version: version)
        return message
    }

    /// Throws unless all has been read.
    package func expectEnd() throws(WireError) {
        if available > 0 { throw .trailingBytes(at: offset, count: available) }
    }

    package mutating func code<Integer: FixedWidthInteger>(_ value: inout Integer) throws(WireError) {
        guard let number = buffer.readInteger(as: Integer.self) else { throw truncated(MemoryLayout<Integer>.size) }
        value = number
    }

    package mutating func code(_ value: inout String?, nullable: Bool) throws(WireError) {
        let at = offset
        guard let length = try readLength(Int16.self, nullable: nullable) else {
            value = nil
            return
        }
        value = try readText(length, at: at)
    }

    package mutating func codeFixedLength(_ value: inout String?) throws(WireError) {
        let at = offset
        var length: Int16 = 0
        try code(&length)
        guard length >= -1 else { throw .negativeLength(at: at, length: Int(length)) }
        value = length == -1 ? nil : try readText(Int(length), at: at)
    }

    private mutating func readText(_ length: Int, at: Int) throws(WireError) -> String? {
        // A compact length could say more; Kafka keeps to 32 767 there as well.
        guard length <= Int16.max else { throw .tooLong(at: at, length: length) }
        guard available >= length else { throw truncated(length) }
        do {
            return try buffer.readUTF8ValidatedString(length: length)
        } catch {
            throw .notUTF8(at: at)
        }
    }

    package mutating func code(_ value: inout [UInt8]?, nullable: Bool) throws(WireError) {
        guard let length = try readLength(Int32.self, nullable: nullable) else {
            value = nil
            return
        }
        guard let bytes = buffer.readBytes(length: length) else { throw truncated(length) }
        value = bytes
    }

    package mutating func codeRecords(_ value: inout ByteBuffer?) throws(WireError) {
        guard let length = try readLength(Int32.self, nullable: true) else {
            value = nil
            return
        }
        guard let slice = buffer.readSlice(length: length) else { throw truncated(length) }
        value = slice
    }

    package mutating func codeArray<Element>(
        _ values: inout [Element]?, nullable: Bool, blank: Element,
        _ codeElement: (inout WireReader, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        let at = offset
        guard let count = try readLength(Int32.self, nullable: nullable) else {
            values = nil
            return
        }
        guard count <= available else { throw .countBeyondBytes(at: at, count: count, available: available) }
        var elements: [Element] = []
        // An element in memory is larger than on the wire, so a count is believed only as far as it costs little.
        elements.reserveCapacity(min(count, 256))
        for _ in 0..<count {
            var element = blank
            try codeElement(&self, &element)
            elements.append(element)
        }
        values = elements
    }

    package mutating func codePresence(_ isPresent: Bool) throws(WireError) -> Bool {
        let at = offset
        var byte: Int8 = 0
        try code(&byte)
        switch byte {
        case 1: return true
        case -1: return false
        default: throw .invalidPresence(at: at, value: byte)
        }
    }

    package mutating func expectDefault(_ isDefault: Bool, _ field: StaticString, version: Int16) throws(WireError) {}

    package mutating func beginTags() throws(WireError) -> TagSection {
        var section = TagSection()
        guard isFlexible else { return section }
        section.isActive = true
        section.count = Int(try readVarint())
        return section
    }

    package mutating func beginTag(
        _ tag: Int, _ section: inout TagSection, isDefault: Bool
    ) throws(WireError) -> Bool {
        while let next = try nextTag(&section), next <= tag {
            section.nextTag = nil
            if next == tag {
                section.mark = buffer.writerIndex
                buffer.moveWriterIndex(to: buffer.readerIndex + section.nextSize)
                return true
            }
            buffer.moveReaderIndex(forwardBy: section.nextSize)
        }
        return false
    }

    package mutating func endTag(_ section: inout TagSection) throws(WireError) {
        if available > 0 { throw .tagLeftover(at: offset, count: available) }
        buffer.moveWriterIndex(to: section.mark)
    }

    package mutating func endTags(_ section: inout TagSection) throws(WireError) {
        while try nextTag(&section) != nil {
            section.nextTag = nil
            buffer.moveReaderIndex(forwardBy: section.nextSize)
        }
    }

    /// The tag that comes next, of which `section.nextSize` bytes are known to be there; nil after the last one.
    private mutating func nextTag(_ section: inout TagSection) throws(WireError) -> Int? {
        if let tag = section.nextTag { return tag }
        guard section.count > 0 else { return nil }
        section.count -= 1
        let at = offset
        let tag = Int(try readVarint())
        guard tag > section.lastTag else { throw .tagOutOfOrder(at: at, tag: tag) }
        let size = Int(try readVarint())
        guard size <= available else { throw truncated(size) }
        section.lastTag = tag
        section.nextTag = tag
        section.nextSize = size
        return tag
    }

    /// A length or a count, as `Fixed` where the version is not flexible; nil if it says null.
    private mutating func readLength<Fixed: FixedWidthInteger & SignedInteger>(
        _: Fixed.Type, nullable: Bool
    ) throws(WireError) -> Int? {
        let at = offset
        let length: Int
        if isFlexible {
            length = Int(try readVarint()) - 1
        } else {
            guard let number = buffer.readInteger(as: Fixed.self) else { throw truncated(MemoryLayout<Fixed>.size) }
            length = Int(number)
        }
        if length >= 0 { return length }
        guard length == -1 else { throw .negativeLength(at: at, length: length) }
        guard nullable else { throw .unexpectedNull(at: at) }
        return nil
    }

    /// An UNSIGNED_VARINT: seven bits a byte, the lowest first.
    private mutating func readVarint() throws(WireError) -> UInt32 {
        let at = offset
        var value: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 35, by: 7) {
            guard let byte = buffer.readInteger(as: UInt8.self) else { throw truncated(1) }
            // Four bits are left of the fifth byte.
            if shift == 28, byte > 0x0F { throw .varintTooLong(at: at) }
            value |= UInt32(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw .varintTooLong(at: at)
    }

    private func truncated(_ needed: Int) -> WireError {
        .truncated(at: offset, needed: needed, available: available)
    }
}
