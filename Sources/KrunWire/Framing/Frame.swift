internal import NIOCore

/// What goes over a connection one after another: four bytes of length, and that many bytes.
package enum Frame {
    /// Writes a frame, of which `body` writes what follows the length.
    static func make(
        isFlexible: Bool, recordBytes: Int, _ body: (inout WireWriter) throws(WireError) -> Void
    ) throws(WireError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 256 + recordBytes)
        buffer.writeInteger(Int32(0))
        var writer = WireWriter(buffer, isFlexible: isFlexible)
        // The writer is to be the only one that holds the memory: else its first byte copies all of it.
        buffer = ByteBuffer()
        try body(&writer)
        guard let length = Int32(exactly: writer.offset) else { throw .tooLong(at: 0, length: writer.offset) }
        writer.set(length, at: 0)
        return writer.finish()
    }
}
