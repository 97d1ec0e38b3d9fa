import KrunWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct GoldenTests {
    @Test
    func apiVersionsBeforeItsFirstFlexibleVersion() throws {
        let frame = try ApiVersionsRequest().frame(version: 0, correlationId: 7, clientId: "krun")
        #expect(frame.readableBytesView.elementsEqual([
            0, 0, 0, 14, 0, 18, 0, 0, 0, 0, 0, 7, 0, 4, 0x6B, 0x72, 0x75, 0x6E,
        ]))
    }
}
