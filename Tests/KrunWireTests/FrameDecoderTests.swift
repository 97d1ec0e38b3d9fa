import KrunWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameDecoderTests {
    private func frames(_ decoder: inout FrameDecoder) throws -> [ByteBuffer] {
        var frames: [ByteBuffer] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    private let stream = ByteBuffer(hex: "00000003 010203  00000000  00000001 FF  00000005 0102030405")
    private let expected = ["010203", "", "FF", "0102030405"].map { ByteBuffer(hex: $0) }

    @Test
    func allAtOnce() throws {
        var decoder = FrameDecoder()
        decoder.append(stream)
        #expect(try frames(&decoder) == expected)
        #expect(decoder.pendingBytes == 0)
    }

    /// Whatever the pieces, the frames are the same; those handed out stay as they were while more bytes come.
    @Test(arguments: 1...25)
    func inPieces(of size: Int) throws {
        var decoder = FrameDecoder()
        var found: [ByteBuffer] = []
        var rest = stream
        while rest.readableBytes > 0 {
            let piece = try #require(rest.getSlice(at: rest.readerIndex, length: min(size, rest.readableBytes)))
            rest.moveReaderIndex(forwardBy: piece.readableBytes)
            decoder.append(piece)
            found += try frames(&decoder)
        }
        #expect(found == expected)
        #expect(decoder.pendingBytes == 0)
    }

    @Test
    func waitsForTheRest() throws {
        var decoder = FrameDecoder()
        decoder.append(ByteBuffer(hex: "0000"))
        #expect(try decoder.next() == nil)
        decoder.append(ByteBuffer(hex: "0002 AA"))
        #expect(try decoder.next() == nil)
        #expect(decoder.pendingBytes == 5)
        decoder.append(ByteBuffer(hex: "BB"))
        #expect(try decoder.next() == ByteBuffer(hex: "AABB"))
    }

    /// Refused for the four bytes of its length, and so is everything after it.
    @Test(arguments: [
        ("FFFFFFFF", FrameError.negativeLength(-1)), ("80000000", .negativeLength(Int(Int32.min))),
        ("00000011", .tooLong(17, most: 16)), ("7FFFFFFF", .tooLong(Int(Int32.max), most: 16)),
    ])
    func refusesLengths(hex: String, error: FrameError) throws {
        var decoder = FrameDecoder(maxFrameLength: 16)
        decoder.append(ByteBuffer(hex: "00000010 00000000000000000000000000000000 \(hex)"))
        #expect(try decoder.next()?.readableBytes == 16)
        #expect(throws: error) { try decoder.next() }
        decoder.append(ByteBuffer(hex: "00000000"))
        #expect(throws: error) { try decoder.next() }
    }

    /// A claimed length of 100 MiB takes no memory before its bytes are there.
    @Test
    func claimedLengthCostsNothing() throws {
        var decoder = FrameDecoder()
        decoder.append(ByteBuffer(hex: "06400000 00"))
        #expect(try decoder.next() == nil)
        decoder.append(ByteBuffer(hex: "00"))
        #expect(try decoder.next() == nil)
        #expect(decoder.pendingCapacity < 4096)
    }
}
