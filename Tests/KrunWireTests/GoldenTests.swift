import KrunWire
import NIOCore
import Testing

/// Bytes worked out by hand from the protocol guide: whoever writes both directions could err the same way twice.
@Suite(.timeLimit(.minutes(1)))
struct GoldenTests {
    private func expect<Message: KafkaRequest>(_ request: Message, version: Int16, _ hex: String) throws {
        let frame = ByteBuffer(hex: hex)
        #expect(try request.frame(version: version, correlationId: 7, clientId: "krun") == frame)
        #expect(try Request.decode(frame.unframed()).1.message as? Message == request)
    }

    @Test
    func apiVersionsBeforeItsFirstFlexibleVersion() throws {
        try expect(
            ApiVersionsRequest(), version: 0,
            """
            0000000E 0012 0000 00000007 0004 6B72756E
            """)
    }

    @Test
    func apiVersionsFlexible() throws {
        var request = ApiVersionsRequest()
        request.clientSoftwareName = "krun"
        request.clientSoftwareVersion = "1.0"
        try expect(
            request, version: 3,
            """
            00000019 0012 0003 00000007 0004 6B72756E 00
            05 6B72756E 04 312E30 00
            """)
    }

    @Test
    func metadataOfAllAndOfOneTopic() throws {
        var request = MetadataRequest()
        request.topics = nil
        try expect(request, version: 1, "00000012 0003 0001 00000007 0004 6B72756E FFFFFFFF")
        var topic = MetadataRequest.MetadataRequestTopic()
        topic.name = "t"
        request.topics = [topic]
        try expect(request, version: 1, "00000015 0003 0001 00000007 0004 6B72756E 00000001 0001 74")
    }

    @Test
    func joinGroup() throws {
        var request = JoinGroupRequest()
        request.groupId = "g"
        request.sessionTimeoutMs = 10_000
        request.rebalanceTimeoutMs = 60_000
        request.protocolType = "consumer"
        var range = JoinGroupRequest.JoinGroupRequestProtocol()
        range.name = "range"
        range.metadata = [1, 2, 3]
        request.protocols = [range]
        try expect(
            request, version: 5,
            """
            00000039 000B 0005 00000007 0004 6B72756E
            0001 67  00002710  0000EA60  0000  FFFF  0008 636F6E73756D6572
            00000001  0005 72616E6765  00000003 010203
            """)
    }

    @Test
    func produceBeforeAndAfterItsFirstFlexibleVersion() throws {
        var partition = ProduceRequest.PartitionProduceData()
        partition.records = ByteBuffer(bytes: [0xDE, 0xAD, 0xBE, 0xEF])
        var topic = ProduceRequest.TopicProduceData()
        topic.name = "t"
        topic.partitionData = [partition]
        var request = ProduceRequest()
        request.acks = -1
        request.timeoutMs = 30_000
        request.topicData = [topic]
        try expect(
            request, version: 3,
            """
            0000002D 0000 0003 00000007 0004 6B72756E
            FFFF FFFF 00007530  00000001 0001 74  00000001 00000000 00000004 DEADBEEF
            """)
        try expect(
            request, version: 9,
            """
            00000026 0000 0009 00000007 0004 6B72756E 00
            00 FFFF 00007530  02 02 74  02 00000000 05 DEADBEEF 00  00 00
            """)
    }

    @Test
    func fetchByTopicId() throws {
        var partition = FetchRequest.FetchPartition()
        partition.currentLeaderEpoch = 9
        partition.fetchOffset = 5
        partition.partitionMaxBytes = 1 << 20
        var topic = FetchRequest.FetchTopic()
        topic.topicId = KafkaUUID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
        topic.partitions = [partition]
        var request = FetchRequest()
        request.maxWaitMs = 500
        request.minBytes = 1
        request.maxBytes = 50 << 20
        request.isolationLevel = 1
        request.topics = [topic]
        try expect(
            request, version: 13,
            """
            0000005F 0001 000D 00000007 0004 6B72756E 00
            FFFFFFFF 000001F4 00000001 03200000 01 00000000 FFFFFFFF
            02 0102030405060708090A0B0C0D0E0F10
            02 00000000 00000009 0000000000000005 FFFFFFFF FFFFFFFFFFFFFFFF 00100000 00
            00 01 01 00
            """)
    }

    /// Tagged fields: how many, then for each its tag, its size and its bytes.
    @Test
    func fetchWithTaggedFields() throws {
        var request = FetchRequest()
        request.clusterId = "c"
        request.replicaState.replicaId = 1
        request.replicaState.replicaEpoch = 2
        request.maxBytes = 0
        try expect(
            request, version: 15,
            """
            0000003B 0001 000F 00000007 0004 6B72756E 00
            00000000 00000000 00000000 00 00000000 FFFFFFFF 01 01 01
            02  00 02 02 63  01 0D 00000001 0000000000000002 00
            """)
    }

    @Test
    func apiVersionsResponseHasAHeaderWithoutTags() throws {
        var own = ApiVersionsResponse.ApiVersion()
        own.apiKey = 18
        own.maxVersion = 4
        var response = ApiVersionsResponse()
        response.apiKeys = [own]
        response.finalizedFeaturesEpoch = 3
        #expect(
            try ApiVersionsRequest.responseFrame(response, version: 3, correlationId: 7)
                == ByteBuffer(
                    hex: """
                        0000001D 00000007
                        0000 02 0012 0000 0004 00 00000000  01  01 08 0000000000000003
                        """))
    }

    @Test
    func responsesOfFlexibleVersionsHaveAHeaderWithTags() throws {
        var response = HeartbeatResponse()
        response.errorCode = .rebalanceInProgress
        #expect(
            try HeartbeatRequest.responseFrame(response, version: 3, correlationId: 7)
                == ByteBuffer(hex: "0000000A 00000007 00000000 001B"))
        #expect(
            try HeartbeatRequest.responseFrame(response, version: 4, correlationId: 7)
                == ByteBuffer(hex: "0000000C 00000007 00 00000000 001B 00"))
    }
}
