package import NIOCore

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

/// Cuts the bytes of a connection, in whatever pieces they come, into frames.
///
/// A claimed length costs nothing: memory grows with the bytes that have come. Frames share memory with the pieces they
/// came in where that saves a copy.
package struct FrameDecoder {
    /// The longest frame that is let through, in bytes without its length: `socket.request.max.bytes`.
    package let maxFrameLength: Int
    /// What has come and is in no frame yet.
    private var pending = ByteBuffer()
    private var failure: FrameError?

    package init(maxFrameLength: Int = 100 * 1024 * 1024) {
        self.maxFrameLength = maxFrameLength
    }

    /// Bytes that wait for the rest of their frame.
    package var pendingBytes: Int { pending.readableBytes }

    /// Bytes of memory that are held for them.
    package var pendingCapacity: Int { pending.capacity }

    package mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            if pending.readerIndex > 0 {
                // Frames cut off before may still hold the memory; what is left of it moves to memory of its own.
                pending = ByteBuffer(readable: pending, reserving: bytes.readableBytes)
            }
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// Gives back the memory of a long piece of which only a short rest waits.
    package mutating func trim() {
        guard pending.readableBytes > 0, pending.storageCapacity > 2 * pending.readableBytes + 4096 else { return }
        pending = ByteBuffer(readable: pending, reserving: 0)
    }

    /// The next frame, without its length; nil until more bytes come.
    ///
    /// - Throws: when a length cannot be, and from then on always.
    package mutating func next() throws(FrameError) -> ByteBuffer? {
        if let failure { throw failure }
        guard let length = pending.getInteger(at: pending.readerIndex, as: Int32.self) else { return nil }
        if length < 0 { throw fail(.negativeLength(Int(length))) }
        if length > maxFrameLength { throw fail(.tooLong(Int(length), most: maxFrameLength)) }
        guard pending.readableBytes >= 4 + Int(length) else { return nil }
        pending.moveReaderIndex(forwardBy: 4)
        let frame = pending.readSlice(length: Int(length))
        if pending.readableBytes == 0 { pending = ByteBuffer() }
        return frame
    }

    private mutating func fail(_ error: FrameError) -> FrameError {
        failure = error
        pending = ByteBuffer()
        return error
    }
}

extension ByteBuffer {
    /// A copy of what is readable in `other`, with room for more.
    fileprivate init(readable other: ByteBuffer, reserving more: Int) {
        self = ByteBufferAllocator().buffer(capacity: other.readableBytes + more)
        writeImmutableBuffer(other)
    }
}

/// Why the bytes of a connection cannot be cut into frames any more; it has to be closed.
package enum FrameError: Error, Equatable, Sendable {
    case negativeLength(Int)
    case tooLong(Int, most: Int)
}

extension FrameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .negativeLength(let length): "a frame of length \(length)"
        case .tooLong(let length, let most): "a frame of \(length) bytes, of at most \(most)"
        }
    }
}
