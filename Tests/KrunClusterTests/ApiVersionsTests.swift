import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ApiVersionsTests {
    /// What is offered is what Kafka 3.9 offers and the codec can read, and its features.
    @Test(arguments: Int16(0)...4)
    func offersWhatItCanRead(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let response = try await cluster.client().send(Self.request(), version: version)
        let expected = with(ApiVersionsResponse()) { answer in
            answer.apiKeys = Request.types.map { type in
                with(ApiVersionsResponse.ApiVersion()) {
                    $0.apiKey = type.apiKey.rawValue
                    $0.minVersion = type.apiKey == .produce ? 0 : type.versions.lowerBound
                    $0.maxVersion = KafkaVersion.served(type.apiKey)?.upperBound ?? -1
                }
            }.sorted { $0.apiKey < $1.apiKey }
            guard version >= 3 else { return }
            answer.finalizedFeaturesEpoch = 0
            answer.finalizedFeatures = [
                with(ApiVersionsResponse.FinalizedFeatureKey()) {
                    ($0.name, $0.minVersionLevel, $0.maxVersionLevel) = ("metadata.version", 21, 21)
                }
            ]
            answer.supportedFeatures = [
                with(ApiVersionsResponse.SupportedFeatureKey()) {
                    ($0.name, $0.minVersion, $0.maxVersion) = ("metadata.version", 1, 21)
                }
            ]
            // A version of 0 is not told to clients of version 3 (KAFKA-17011).
            guard version >= 4 else { return }
            answer.supportedFeatures.insert(
                with(ApiVersionsResponse.SupportedFeatureKey()) { ($0.name, $0.maxVersion) = ("kraft.version", 1) },
                at: 0)
        }
        #expect(response == expected)
    }

    /// The ranges by which clients recognise what a broker can do; a change here is a decision.
    @Test
    func offersTheseVersions() {
        let offered = ClusterCore.offeredVersions.map { "\($0.apiKey):\($0.minVersion)-\($0.maxVersion)" }
        #expect(
            offered.joined(separator: " ")
                == "0:0-11 1:4-17 2:1-9 3:0-12 8:0-9 9:0-9 10:0-6 11:0-9 12:0-4 13:0-5 14:0-5 15:0-5 16:0-5 "
                + "17:0-1 18:0-4 19:0-7 20:0-6 21:0-2 22:0-5 23:2-4 24:0-3 25:0-4 26:0-4 28:0-4 29:0-3 30:0-3 31:0-3 "
                + "32:1-4 33:0-2 35:0-4 36:0-2 37:0-3 42:0-2 43:0-2 44:0-1 46:0-0 47:0-0 48:0-1 49:0-1 50:0-0 51:0-0 "
                + "55:0-2 57:0-1 60:0-1 61:0-0 65:0-0 66:0-1 68:0-0 75:0-0")
    }

    /// KIP-511: a version that is not known is answered in version 0, with the versions of ApiVersions itself.
    @Test(arguments: [Int16(5), 99, .max, -1])
    func answersAnUnknownVersionInVersion0(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        var frame = ByteBuffer()
        frame.writeInteger(Int32(10))
        frame.writeInteger(ApiKey.apiVersions.rawValue)
        frame.writeInteger(version)
        frame.writeInteger(Int32(77))
        frame.writeInteger(Int16(-1))
        try await client.write(frame)
        let response = try await client.receive(ApiVersionsRequest.self, version: 0, number: 77)
        let expected = with(ApiVersionsResponse()) { answer in
            answer.errorCode = .unsupportedVersion
            answer.apiKeys = [
                with(ApiVersionsResponse.ApiVersion()) {
                    $0.apiKey = 18
                    $0.maxVersion = 4
                }
            ]
        }
        #expect(response == expected)
        // The connection goes on.
        #expect(try await client.send(Self.request(), version: 4).errorCode == .none)
    }

    @Test(arguments: [
        ("", "1"), ("kcat", ""), ("-kcat", "1"), ("kcat-", "1"), ("k cat", "1"), ("kcät", "1"), ("a", "1_0"),
    ])
    func refusesBadSoftwareNames(name: String, softwareVersion: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let response = try await cluster.client().send(Self.request(name, softwareVersion), version: 3)
        #expect(response == with(ApiVersionsResponse()) { $0.errorCode = .invalidRequest })
    }

    @Test(arguments: [("a", "1"), ("apache-kafka-java", "4.0.0-SNAPSHOT"), ("A.b", "0")])
    func takesGoodSoftwareNames(name: String, softwareVersion: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        #expect(try await cluster.client().send(Self.request(name, softwareVersion), version: 3).errorCode == .none)
    }

    private static func request(_ name: String = "krun", _ version: String = "1.0") -> ApiVersionsRequest {
        with(ApiVersionsRequest()) {
            $0.clientSoftwareName = name
            $0.clientSoftwareVersion = version
        }
    }
}
