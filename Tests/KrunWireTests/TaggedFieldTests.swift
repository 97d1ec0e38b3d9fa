import KrunWire
import NIOCore
import Testing

/// Tagged fields, which both sides may add to a version that is out already (KIP-482).
@Suite(.timeLimit(.minutes(1)))
struct TaggedFieldTests {
    /// ApiVersions version 3, with tagged fields in its header and its body.
    private func apiVersions(header: String = "00", body: String = "00") throws -> (RequestHeader, Request) {
        try Request.decode(ByteBuffer(hex: "0012 0003 00000007 FFFF \(header) 01 01 \(body)"))
    }

    /// Fetch version 15 with nothing in it but the tagged fields given.
    private func fetch(_ tags: String) throws -> FetchRequest? {
        let frame = ByteBuffer(
            hex: """
                0001 000F 00000007 FFFF 00
                00000000 00000000 00000000 00 00000000 FFFFFFFF 01 01 01 \(tags)
                """)
        return try Request.decode(frame).1.message as? FetchRequest
    }

    @Test
    func unknownOnesAreSkipped() throws {
        let expected = (
            RequestHeader(apiKey: 18, apiVersion: 3, correlationId: 7), Request.apiVersions(ApiVersionsRequest())
        )
        #expect(try apiVersions() == expected)
        #expect(try apiVersions(header: "02 00 00 05 03 AABBCC", body: "01 FFFFFFFF0F 01 AA") == expected)
        // Around the known 0 and 1.
        let known = try fetch("03 00 02 02 63 01 0D 00000001 0000000000000002 00 07 01 AA")
        #expect(known?.clusterId == "c")
        #expect(known?.replicaState.replicaEpoch == 2)
        #expect(try fetch("01 02 01 AA") == fetch("00"))
    }

    @Test
    func orderIsAscending() {
        #expect(throws: WireError.tagOutOfOrder(at: 16, tag: 1)) { try apiVersions(body: "02 02 00 01 00") }
        #expect(throws: WireError.tagOutOfOrder(at: 16, tag: 2)) { try apiVersions(body: "02 02 00 02 00") }
        #expect(throws: WireError.tagOutOfOrder(at: 51, tag: 0)) {
            try fetch("02 01 0D 00000001 0000000000000002 00 00 02 02 63")
        }
    }

    /// A known field ends where its size says, neither before nor after.
    @Test
    func sizeIsKept() {
        #expect(throws: WireError.tagLeftover(at: 40, count: 1)) { try fetch("01 00 03 02 63 00") }
        #expect(throws: WireError.truncated(at: 39, needed: 1, available: 0)) { try fetch("01 00 01 02 63") }
        #expect(throws: WireError.truncated(at: 38, needed: 4, available: 2)) { try fetch("01 00 04 02 63") }
        #expect(throws: WireError.truncated(at: 36, needed: 1, available: 0)) { try fetch("04") }
    }
}
