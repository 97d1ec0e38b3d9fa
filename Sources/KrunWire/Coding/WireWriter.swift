package import NIOCore

/// Writes messages at the end of a buffer.
package struct WireWriter: WireCoder {
    package let isFlexible: Bool
    private var buffer: ByteBuffer
    private let start: Int

    /// - Parameter buffer: what is written goes behind what is in it.
    package init(_ buffer: ByteBuffer, isFlexible: Bool) {
        self.buffer = buffer
        self.isFlexible = isFlexible
        start = buffer.writerIndex
    }

    /// Sets bytes that were there before the writer, such as the length of what it has written since.
    mutating func set(_ number: Int32, at index: Int) {
        buffer.setInteger(number, at: index)
    }

    /// Hands out what was written, and all that was there before.
    package mutating func finish() -> ByteBuffer {
        // Not shared with the writer for a moment longer, or the next byte written to it copies it all.
        defer { buffer = ByteBuffer() }
        return buffer
    }

    /// Bytes written so far.
    package var offset: Int { buffer.writerIndex - start }

    package mutating func code<Integer: FixedWidthInteger>(_ value: inout Integer) throws(WireError) {
        buffer.writeInteger(value)
    }

    package mutating func code(_ value: inout String?, nullable: Bool) throws(WireError) {
        guard let text = value else { return try writeNull(Int16.self, nullable: nullable) }
        let length = text.utf8.count
        // As the reader: 32 767 bytes, compact or not.
        guard length <= Int16.max else { throw .tooLong(at: offset, length: length) }
        try writeLength(length, Int16.self)
        buffer.writeString(text)
    }

    package mutating func codeFixedLength(_ value: inout String?) throws(WireError) {
        guard let text = value else {
            buffer.writeInteger(-1, as: Int16.self)
            return
        }
        let length = text.utf8.count
        guard let number = Int16(exactly: length) else { throw .tooLong(at: offset, length: length) }
        buffer.writeInteger(number)
        buffer.writeString(text)
    }

    package mutating func code(_ value: inout [UInt8]?, nullable: Bool) throws(WireError) {
        guard let bytes = value else { return try writeNull(Int32.self, nullable: nullable) }
        try writeLength(bytes.count, Int32.self)
        buffer.writeBytes(bytes)
    }

    package mutating func codeRecords(_ value: inout ByteBuffer?) throws(WireError) {
        guard let records = value else { return try writeNull(Int32.self, nullable: true) }
        try writeLength(records.readableBytes, Int32.self)
        buffer.writeImmutableBuffer(records)
    }

    package mutating func codeArray<Element>(
        _ values: inout [Element]?, nullable: Bool, blank: Element,
        _ codeElement: (inout WireWriter, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        guard let elements = values else { return try writeNull(Int32.self, nullable: nullable) }
        try writeLength(elements.count, Int32.self)
        for element in elements {
            // A buffer that would take more than 4 GiB ends the process.
            guard offset <= Int32.max else { throw .tooLong(at: offset, length: elements.count) }
            var element = element
            try codeElement(&self, &element)
        }
    }

    package mutating func codePresence(_ isPresent: Bool) throws(WireError) -> Bool {
        buffer.writeInteger(isPresent ? 1 : -1, as: Int8.self)
        return isPresent
    }

    package mutating func expectDefault(_ isDefault: Bool, _ field: StaticString, version: Int16) throws(WireError) {
        if !isDefault { throw .notInVersion(field: "\(field)", version: version) }
    }

    package mutating func beginTags() throws(WireError) -> TagSection {
        var section = TagSection()
        guard isFlexible else { return section }
        section.isActive = true
        section.countIndex = buffer.writerIndex
        // No structure of Kafka has 128 tagged fields, so the count takes one byte.
        buffer.writeInteger(0, as: UInt8.self)
        return section
    }

    package mutating func beginTag(
        _ tag: Int, _ section: inout TagSection, isDefault: Bool
    ) throws(WireError) -> Bool {
        guard section.isActive, !isDefault else { return false }
        writeVarint(UInt32(tag))
        section.count += 1
        section.mark = buffer.writerIndex
        return true
    }

    package mutating func endTag(_ section: inout TagSection) throws(WireError) {
        let size = buffer.writerIndex - section.mark
        // The size goes before the payload, and how many bytes it takes is known only now.
        let payload = buffer.getSlice(at: section.mark, length: size)
        buffer.moveWriterIndex(to: section.mark)
        writeVarint(UInt32(size))
        if let payload { buffer.writeImmutableBuffer(payload) }
    }

    package mutating func endTags(_ section: inout TagSection) throws(WireError) {
        guard section.isActive, section.count > 0 else { return }
        buffer.setInteger(UInt8(section.count), at: section.countIndex)
    }

    private mutating func writeNull<Fixed: FixedWidthInteger & SignedInteger>(
        _: Fixed.Type, nullable: Bool
    ) throws(WireError) {
        guard nullable else { throw .unexpectedNull(at: offset) }
        if isFlexible {
            writeVarint(0)
        } else {
            buffer.writeInteger(-1, as: Fixed.self)
        }
    }

    private mutating func writeLength<Fixed: FixedWidthInteger & SignedInteger>(
        _ length: Int, _: Fixed.Type
    ) throws(WireError) {
        guard length < Int32.max else { throw .tooLong(at: offset, length: length) }
        if isFlexible {
            writeVarint(UInt32(length) + 1)
        } else {
            guard let number = Fixed(exactly: length) else { throw .tooLong(at: offset, length: length) }
            buffer.writeInteger(number)
        }
    }

    /// An UNSIGNED_VARINT: seven bits a byte, the lowest first.
    private mutating func writeVarint(_ number: UInt32) {
        var rest = number
        while rest > 0x7F {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(rest))
    }
}
