import KrunWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RoundTripTests {
    /// What is written is read as it was, in every version of every API, with what the version has no field for at its default.
    @Test(arguments: VersionedApi.all)
    func requestComesBack(_ api: VersionedApi) throws {
        func check<Message: KafkaRequest>(_: Message.Type) throws {
            for seed in 0..<12 as Range<UInt64> {
                let request = try Message.random(seed: seed, version: api.version)
                let frame = try request.frame(
                    version: api.version, correlationId: Int32(seed), clientId: seed % 2 == 0 ? nil : "krun")
                let (header, decoded) = try Request.decode(frame.unframed())
                #expect(decoded.message as? Message == request)
                #expect(decoded.apiKey == Message.apiKey)
                #expect(
                    header
                        == RequestHeader(
                            apiKey: Message.apiKey.rawValue, apiVersion: api.version, correlationId: Int32(seed),
                            clientId: seed % 2 == 0 ? nil : "krun"))
            }
        }
        try check(api.type)
    }

    @Test(arguments: VersionedApi.all)
    func responseComesBack(_ api: VersionedApi) throws {
        func check<Message: KafkaRequest>(_: Message.Type) throws {
            for seed in 0..<12 as Range<UInt64> {
                let response = try Message.randomResponse(seed: seed, version: api.version)
                let frame = try Message.responseFrame(response, version: api.version, correlationId: -5)
                let (header, decoded) = try Message.decodeResponse(frame.unframed(), version: api.version)
                #expect(decoded == response)
                #expect(header == ResponseHeader(correlationId: -5))
            }
        }
        try check(api.type)
    }

    /// Whatever a connection breaks off in, the reader says so and touches nothing beyond.
    @Test(arguments: VersionedApi.all)
    func everyPrefixIsRefused(_ api: VersionedApi) throws {
        func check<Message: KafkaRequest>(_: Message.Type) throws {
            for seed in 0..<1 as Range<UInt64> {
                let request = try Message.random(seed: seed, version: api.version)
                let frame = try request.frame(version: api.version, correlationId: 1, clientId: "krun").unframed()
                for length in 0..<frame.readableBytes {
                    let prefix = try #require(frame.getSlice(at: frame.readerIndex, length: length))
                    #expect(throws: WireError.self) { try Request.decode(prefix) }
                }
                let response = try Message.randomResponse(seed: seed, version: api.version)
                let answer = try Message.responseFrame(response, version: api.version, correlationId: 1).unframed()
                for length in 0..<answer.readableBytes {
                    let prefix = try #require(answer.getSlice(at: answer.readerIndex, length: length))
                    #expect(throws: WireError.self) { try Message.decodeResponse(prefix, version: api.version) }
                }
            }
        }
        try check(api.type)
    }

    /// The tables of `Request` and what the types say of themselves are one and the same.
    @Test
    func tablesAgree() {
        #expect(Set(Request.types.map { $0.apiKey }).count == Request.types.count)
        for type in Request.types {
            #expect(Request.versions(of: type.apiKey) == type.versions)
            #expect(Request.firstFlexibleVersion(of: type.apiKey) == type.firstFlexibleVersion)
        }
        let known = ApiKey.allCases.filter { Request.versions(of: $0) != nil }
        #expect(Set(known) == Set(Request.types.map { $0.apiKey }))
    }
}
