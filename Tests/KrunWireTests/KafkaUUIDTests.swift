import KrunWire
import Testing

@Suite(.timeLimit(.minutes(1)))
struct KafkaUUIDTests {
    /// As Kafka prints them: 16 bytes in base64url without padding.
    @Test
    func description() {
        #expect(KafkaUUID.zero.description == "AAAAAAAAAAAAAAAAAAAAAA")
        #expect(KafkaUUID(high: 0, low: 1).description == "AAAAAAAAAAAAAAAAAAAAAQ")
        #expect(KafkaUUID(high: .max, low: .max).description == "_____________________w")
        #expect(
            KafkaUUID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10).description == "AQIDBAUGBwgJCgsMDQ4PEA")
        #expect(KafkaUUID(high: 0xFBEF_BE00_0000_0000, low: 0).description == "----AAAAAAAAAAAAAAAAAA")
    }
}
