import KrunWire
import NIOCore
import Testing

/// Every kind of bytes that is no request, each with what is said of it.
@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
    private func expect(_ hex: String, _ error: WireError) {
        #expect(throws: error) { try Request.decode(ByteBuffer(hex: hex)) }
    }

    @Test
    func unknownApi() {
        expect("7FFF 0002 00000007", .unknownApiKey(0x7FFF, version: 2, correlationId: 7))
        // LeaderAndIsr: an API of Kafka, but one between brokers.
        expect("0004 0000 00000007 FFFF", .unknownApiKey(4, version: 0, correlationId: 7))
    }

    /// The rest of the request is not looked at: nobody knows what it would be.
    @Test
    func unsupportedVersion() {
        expect("0012 0063 00000007", .unsupportedVersion(.apiVersions, version: 99, correlationId: 7))
        expect("0000 0002 00000007", .unsupportedVersion(.produce, version: 2, correlationId: 7))
        expect("0000 FFFF 00000007", .unsupportedVersion(.produce, version: -1, correlationId: 7))
    }

    @Test
    func truncatedHeader() {
        expect("", .truncated(at: 0, needed: 2, available: 0))
        expect("0012 00", .truncated(at: 2, needed: 2, available: 1))
        expect("0012 0000 00000007 0004 6B", .truncated(at: 10, needed: 4, available: 1))
    }

    /// As Kafka does it: librdkafka 2.16 sends three bytes too many with a Metadata request for all topics.
    @Test
    func whatFollowsARequestIsLeftUnread() throws {
        var frame = ByteBuffer(hex: "0003 000D 00000003 0007 72646B61666B61 00 00 00 00 00 010000")
        var expected = MetadataRequest()
        expected.topics = nil
        expected.allowAutoTopicCreation = false
        let (header, request) = try Request.decode(frame)
        #expect(header == RequestHeader(apiKey: 3, apiVersion: 13, correlationId: 3, clientId: "rdkafka"))
        #expect(request == .metadata(expected))
        frame.writeBytes([1, 2, 3])
        #expect(try Request.decode(frame).1 == request)
    }

    /// ListGroups v4 as librdkafka 2.0.2 sends it: no states, and its empty tagged fields twice.
    @Test
    func trailingBytesAreNotRefused() throws {
        let (header, request) = try Request.decode(ByteBuffer(hex: "0010 0004 00000003 0001 6B 00 01 00 00"))
        #expect(header.correlationId == 3)
        #expect(request == .listGroups(ListGroupsRequest()))
    }

    @Test
    func lengthsBelowNull() {
        // Of the client's id, an array, and bytes (in SyncGroup).
        expect("0012 0000 00000007 FFFE", .negativeLength(at: 8, length: -2))
        expect("0003 0001 00000007 FFFF FFFFFFFE", .negativeLength(at: 10, length: -2))
        expect(
            "000E 0000 00000007 FFFF 0000 00000000 0000 00000001 0000 80000000",
            .negativeLength(at: 24, length: Int(Int32.min)))
    }

    @Test
    func nullWhereNoneIsAllowed() {
        // Topics of Metadata can be null from version 1 on; names of groups never.
        expect("0003 0000 00000007 FFFF FFFFFFFF", .unexpectedNull(at: 10))
        expect("000C 0000 00000007 FFFF FFFF", .unexpectedNull(at: 10))
        expect("000C 0004 00000007 FFFF 00 00", .unexpectedNull(at: 11))
    }

    /// An array is refused for its count alone, before any memory is taken for it.
    @Test
    func countBeyondBytes() {
        expect(
            "0003 0001 00000007 FFFF 7FFFFFFF 0000",
            .countBeyondBytes(at: 10, count: 0x7FFF_FFFF, available: 2))
        expect(
            "0003 000C 00000007 FFFF 00 FFFFFFFF0F 00",
            .countBeyondBytes(at: 11, count: 0xFFFF_FFFE, available: 1))
    }

    @Test
    func notUTF8() {
        expect("0012 0000 00000007 0002 C328", .notUTF8(at: 8))
        // A surrogate, which UTF-8 has no place for, in a group's name.
        expect("000C 0004 00000007 FFFF 00 04 EDA080", .notUTF8(at: 11))
    }

    /// Compact lengths could say more than Kafka lets a string have.
    @Test
    func stringOfMoreThan32767Bytes() {
        var frame = ByteBuffer(hex: "000C 0004 00000007 FFFF 00 818002")
        frame.writeRepeatingByte(0x67, count: 40_000)
        #expect(throws: WireError.tooLong(at: 11, length: 32_768)) { try Request.decode(frame) }
    }

    @Test
    func varintOfMoreThan32Bits() {
        expect("000C 0004 00000007 FFFF 00 FFFFFFFF1F", .varintTooLong(at: 11))
        expect("000C 0004 00000007 FFFF 00 8080808080", .varintTooLong(at: 11))
    }

    @Test
    func presenceIsMinusOneOrOne() {
        // The cursor of DescribeTopicPartitions.
        expect("004B 0000 00000007 FFFF 00 01 00000000 00", .invalidPresence(at: 16, value: 0))
    }
}
