import KrunWire
import NIOCore
import Testing

/// What a message cannot say in a version is not dropped on the way out without a word.
@Suite(.timeLimit(.minutes(1)))
struct WritingTests {
    @Test
    func fieldThatTheVersionLacks() {
        var request = CreateTopicsRequest()
        request.validateOnly = true
        #expect(throws: WireError.notInVersion(field: "validateOnly", version: 0)) {
            try request.frame(version: 0, correlationId: 0)
        }
        var response = ProduceResponse()
        response.nodeEndpoints = [ProduceResponse.NodeEndpoint()]
        #expect(throws: WireError.notInVersion(field: "nodeEndpoints", version: 9)) {
            try ProduceRequest.responseFrame(response, version: 9, correlationId: 0)
        }
        // An ignorable one may be dropped.
        response = ProduceResponse()
        response.responses = [ProduceResponse.TopicProduceResponse()]
        response.responses[0].partitionResponses = [ProduceResponse.PartitionProduceResponse()]
        response.responses[0].partitionResponses[0].logStartOffset = 5
        #expect(throws: Never.self) { try ProduceRequest.responseFrame(response, version: 4, correlationId: 0) }
    }

    @Test
    func nullThatTheVersionLacks() {
        var request = MetadataRequest()
        request.topics = nil
        #expect(throws: WireError.unexpectedNull(at: 10)) { try request.frame(version: 0, correlationId: 0) }
    }

    @Test
    func textOfMoreThanItsLengthCanSay() throws {
        var request = HeartbeatRequest()
        for version in [0, 4] as [Int16] {
            request.groupId = String(repeating: "g", count: 32_767)
            let frame = try request.frame(version: version, correlationId: 0)
            #expect(try Request.decode(frame.unframed()).1 == .heartbeat(request))
            request.groupId += "g"
            #expect(throws: WireError.self) { try request.frame(version: version, correlationId: 0) }
        }
    }

    /// A payload of 128 bytes and more has a size of two bytes, which is known only when the payload is written.
    @Test
    func longTaggedField() throws {
        var request = FetchRequest()
        for length in [126, 127, 128, 16_382, 16_383] {
            request.clusterId = String(repeating: "c", count: length)
            let frame = try request.frame(version: 12, correlationId: 0)
            #expect(try Request.decode(frame.unframed()).1 == .fetch(request))
        }
    }

    /// A code that Kafka has got since is a server's error, of which nothing more is known.
    @Test
    func unknownErrorCode() throws {
        let (_, response) = try HeartbeatRequest.decodeResponse(
            ByteBuffer(hex: "00000007 00000000 7FFF"), version: 3)
        #expect(response.errorCode == .unknownServerError)
    }
}

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
