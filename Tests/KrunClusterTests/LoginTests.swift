import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// SASL/PLAIN (KIP-43, KIP-152).
@Suite(.timeLimit(.minutes(1)))
struct LoginTests {
    private static func cluster() throws -> EmbeddedCluster {
        try EmbeddedCluster(ClusterOptions(brokers: 1, users: ["alice": "secret"]))
    }

    private static func handshake(_ mechanism: String = "PLAIN") -> SaslHandshakeRequest {
        with(SaslHandshakeRequest()) { $0.mechanism = mechanism }
    }

    private static func token(_ text: String) -> SaslAuthenticateRequest {
        with(SaslAuthenticateRequest()) { $0.authBytes = Array(text.utf8) }
    }

    @Test(arguments: Int16(0)...2)
    func letsAUserIn(version: Int16) async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        _ = try await client.send(ApiVersionsRequest(), version: 0)
        let shaken = try await client.send(Self.handshake(), version: 1)
        #expect(shaken == with(SaslHandshakeResponse()) { $0.mechanisms = ["PLAIN"] })
        let answer = try await client.send(Self.token("\0alice\0secret"), version: version)
        #expect(answer.errorCode == .none)
        #expect(answer.authBytes == [])
        #expect(try await client.send(Ask.metadata([]), version: 4).controllerId == 1)
        // Once is enough.
        #expect(try await client.send(Self.handshake(), version: 1).errorCode == .illegalSaslState)
    }

    /// An é of one scalar and one of two are two names to Kafka, and to Java.
    @Test
    func aNameIsItsBytes() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, users: ["caf\u{E9}": "secret"]))
        defer { cluster.close() }
        for (name, code) in [("caf\u{E9}", ErrorCode.none), ("cafe\u{301}", .saslAuthenticationFailed)] {
            let client = try await cluster.client()
            _ = try await client.send(Self.handshake(), version: 1)
            #expect(try await client.send(Self.token("\0\(name)\0secret"), version: 1).errorCode == code)
        }
    }

    /// After a handshake of version 0 the credentials come bare, and an empty frame answers them.
    @Test
    func takesABareToken() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        #expect(try await client.send(Self.handshake(), version: 0).errorCode == .none)
        let token = Array("alice\0alice\0secret".utf8)
        try await client.write([0, 0, 0, UInt8(token.count)] + token)
        #expect(try await client.frame().readableBytes == 0)
        #expect(try await client.send(Ask.metadata([]), version: 4).controllerId == 1)
        let other = try await cluster.client()
        _ = try await other.send(Self.handshake(), version: 0)
        try await other.write([0, 0, 0, 6] + Array("\0bob\0x".utf8))
        #expect(try await other.closed() == 0)
        #expect(cluster.closings == ["a login that was refused"])
    }

    @Test(arguments: [
        "\0alice\0wrong", "\0alice\0", "\0alice\0secretsecret", "\0alice", "", "\0\0", "\0eve\0secret",
        "bob\0alice\0secret",
        "\0alice\0secret\0", "\0bob\0x",
    ])
    func refusesWrongCredentials(text: String) async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        _ = try await client.send(Self.handshake(), version: 1)
        // What comes after it in one piece, another try included, is not served.
        let number = try await client.post(Self.token(text), version: 2)
        _ = try? await client.post(Self.token("\0alice\0secret"), version: 2)
        let answer = try await client.receive(SaslAuthenticateRequest.self, version: 2, number: number)
        #expect(answer.errorCode == .saslAuthenticationFailed)
        #expect(answer.errorMessage == "Authentication failed: Invalid username or password")
        #expect(try await client.closed() == 0)
    }

    @Test
    func hasNoUsersWithAnEmptyPassword() {
        #expect(
            throws: ClusterError(
                "user bob has an empty password", hint: "Kafka takes no empty passwords either", isBadOption: true)
        ) { try EmbeddedCluster(ClusterOptions(brokers: 1, users: ["alice": "secret", "bob": ""])) }
        #expect(throws: ClusterError("a user has no name", isBadOption: true)) {
            try EmbeddedCluster(ClusterOptions(brokers: 1, users: ["": "secret"]))
        }
    }

    /// `connection.failed.authentication.delay.ms`: passwords cannot be tried in a hurry, and others do not wait.
    @Test
    func refusesAfterADelay() async throws {
        let configs = ["connection.failed.authentication.delay.ms": "300"]
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, configs: configs, users: ["alice": "secret"]))
        defer { cluster.close() }
        let (client, bare, other) = (
            try await cluster.client(), try await cluster.client(), try await cluster.client()
        )
        _ = try await client.send(Self.handshake(), version: 1)
        _ = try await bare.send(Self.handshake(), version: 0)
        _ = try await other.send(Self.handshake(), version: 1)
        let clock = ContinuousClock()
        let start = clock.now
        try await bare.write([0, 0, 0, 8] + Array("\0alice\0x".utf8))
        let number = try await client.post(Self.token("\0alice\0wrong"), version: 2)
        #expect(try await other.send(Self.token("\0alice\0secret"), version: 2).errorCode == .none)
        let answer = try await client.receive(SaslAuthenticateRequest.self, version: 2, number: number)
        #expect(answer.errorCode == .saslAuthenticationFailed)
        #expect(clock.now - start >= .milliseconds(300))
        try await bare.closed()
        #expect(clock.now - start >= .milliseconds(300))
    }

    @Test
    func servesNobodyWithoutLogin() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        try await client.post(Ask.metadata([]), version: 4)
        #expect(try await client.closed() == 0)
        #expect(cluster.closings == ["a request before the login"])
        let other = try await cluster.client()
        let refused = try await other.send(Self.handshake("SCRAM-SHA-256"), version: 1)
        #expect(
            refused
                == with(SaslHandshakeResponse()) {
                    $0.errorCode = .unsupportedSaslMechanism
                    $0.mechanisms = ["PLAIN"]
                })
        // As with Kafka it may not choose another one.
        try await other.closed()
    }

    @Test
    func hasNoLoginWhereNobodyNeedsOne() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        #expect(try await client.send(Self.handshake(), version: 1).errorCode == .illegalSaslState)
        #expect(try await client.send(Self.token("\0alice\0secret"), version: 2).errorCode == .illegalSaslState)
        #expect(try await client.send(Ask.metadata([]), version: 4).controllerId == 1)
    }
}
