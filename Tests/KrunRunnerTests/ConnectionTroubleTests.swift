import KrunConnection
import KrunDiagnostics
import Testing

@testable import KrunKafka
@testable import KrunRunner

@Suite struct ConnectionTroubleTests {
    private static let passed = KrunConnection.Deadline(after: .zero)
    private static let running = KrunConnection.Deadline(after: .seconds(1000))
    private static let timeout = KafkaError(code: -185, activity: "asking for the cluster's metadata")

    private func text(
        _ errors: [(code: Int32, reason: String)], protocol name: String? = nil,
        after deadline: KrunConnection.Deadline = passed
    ) -> String {
        let log = ClientLog()
        for error in errors { log.append(KafkaError(code: error.code, activity: "", reason: error.reason)) }
        var properties = ClientProperties()
        properties["security.protocol"] = name
        let trouble = ConnectionTrouble(
            bootstrap: "kafka:9092", properties: properties, log: log, words: .scenario)
        return trouble.diagnosis(after: deadline, lastError: Self.timeout).map {
            DiagnosticText(style: .plain).text($0)
        } ?? ""
    }

    @Test func waitingMayHelpUntilTimeIsUp() {
        #expect(text([], after: Self.running) == "")
        #expect(text([(-195, "Connect to ipv4#127.0.0.1:1 failed: Connection refused")], after: Self.running) == "")
    }

    @Test func nothingListens() {
        #expect(
            text([(-195, "kafka:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused")]) == """
                error: no broker answers at kafka:9092
                  = _TRANSPORT: kafka:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused
                  = waited 0 ms (timeouts.connect) with security.protocol plaintext
                  = nothing listens there: start the broker, or check host and port
                  = without --brokers and KRUN_BROKERS krun runs on its embedded broker
                """)
    }

    @Test func theNameIsNotKnown() {
        #expect(
            text([(-193, "Failed to resolve 'kafka:9092': Name or service not known")]) == """
                error: the name of the broker kafka:9092 is not known
                  = _RESOLVE: Failed to resolve 'kafka:9092': Name or service not known
                  = waited 0 ms (timeouts.connect) with security.protocol plaintext
                  = check the host name in --brokers or KRUN_BROKERS
                """)
    }

    /// Waiting does not make a password right.
    @Test func theLoginIsRefusedAtOnce() {
        #expect(
            text(
                [(-169, "SASL authentication error: Authentication failed: Invalid username or password")],
                protocol: "SASL_SSL", after: Self.running) == """
                    error: the broker at kafka:9092 refused the login
                      = _AUTHENTICATION: SASL authentication error: Authentication failed: Invalid username or password
                      = check sasl.mechanism, sasl.username and sasl.password (-X or --config)
                    """)
    }

    @Test func theCertificateIsNotTrusted() {
        #expect(
            text(
                [(-181, "SSL handshake failed: certificate verify failed: broker certificate could not be verified")],
                protocol: "ssl", after: Self.running) == """
                    error: no TLS connection to kafka:9092
                      = _SSL: SSL handshake failed: certificate verify failed: broker certificate could not be verified
                      = name the authority that signed the broker's certificate: -X ssl.ca.location=ca.pem
                      = the certificate must be for the host name in --brokers
                    """)
    }

    @Test func aPlainPortIsSpokenToInTLS() {
        #expect(
            text(
                [(-181, "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?")],
                protocol: "ssl")
                    == """
                    error: no TLS connection to kafka:9092
                      = _SSL: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?
                      = is it a TLS port? for a port without TLS: -X security.protocol=plaintext (or sasl_plaintext)
                    """)
    }

    @Test func aLoginIsWanted() {
        #expect(
            text([
                (
                    -195,
                    "Disconnected: verify that security.protocol is correctly configured, broker might require SASL authentication"
                )
            ])
                == """
                error: the broker at kafka:9092 wants a login
                  = _TRANSPORT: Disconnected: verify that security.protocol is correctly configured, broker might require SASL authentication
                  = waited 0 ms (timeouts.connect) with security.protocol plaintext
                  = -X security.protocol=sasl_plaintext -X sasl.mechanism=... -X sasl.username=... -X sasl.password=...
                  = or a client.properties with these: --config FILE
                """)
    }

    @Test func aTLSPortIsSpokenToInPlain() {
        #expect(
            text([(-195, "Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol")])
                == """
                error: what listens at kafka:9092 does not speak plain Kafka
                  = _TRANSPORT: Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol
                  = waited 0 ms (timeouts.connect) with security.protocol plaintext
                  = for a TLS port: -X security.protocol=ssl -X ssl.ca.location=ca.pem (with a login: sasl_ssl)
                  = and check that the port is a Kafka listener
                """)
    }

    @Test func anotherProtocolThanTheOneThatWasChosen() {
        #expect(
            text([(-195, "Receive failed: Connection reset by peer")], protocol: "sasl_ssl") == """
                error: what listens at kafka:9092 does not speak sasl_ssl
                  = _TRANSPORT: Receive failed: Connection reset by peer
                  = waited 0 ms (timeouts.connect) with security.protocol sasl_ssl
                  = for a port without TLS: -X security.protocol=plaintext (or sasl_plaintext)
                  = and check that the port is a Kafka listener
                """)
    }

    @Test func nothingWasHeardAtAll() {
        #expect(
            text([]) == """
                error: no broker answers at kafka:9092
                  = _TIMED_OUT: Local: Timed out
                  = waited 0 ms (timeouts.connect) with security.protocol plaintext
                  = check host, port and security settings; -v shows librdkafka's log
                """)
    }

    @Test func propertiesThatLibrdkafkaRefuses() {
        let error = KafkaError(
            code: -186, activity: "making an admin client", reason: "No such configuration property: \"sasl.pasword\"")
        #expect(
            DiagnosticText(style: .plain).text(ConnectionTrouble.badProperties(error)) == """
                error: the client configuration is refused
                  = No such configuration property: "sasl.pasword"
                  = it comes from -X or --config
                """)
        #expect(ConnectionTrouble.badProperties(error).kind == .usage)
    }
}
