import Foundation
import KrunBroker
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// What is told when the settings do not fit the port. Each test needs a port that is secured so that it can go wrong.
struct ConnectionTests {
    static let security = SharedKafka.properties["security.protocol"]?.lowercased() ?? "plaintext"
    static let hasLogin = security.hasPrefix("sasl")
    static let hasTLS = security.hasSuffix("ssl")
    static let isPlain = security == "plaintext"

    /// An embedded cluster that wants a login.
    private func attemptToLogIn(_ properties: ClientProperties) async throws -> (ScenarioOutcome, addresses: String) {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, users: ["krun": "secret"]))
        defer { cluster.close() }
        var options = RunOptions(
            broker: BrokerChoice(.kafka(bootstrap: cluster.bootstrapServers), chosenBy: "--brokers"))
        options.properties = properties
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "connect": "3s" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """, options)
        return (outcome, cluster.bootstrapServers)
    }

    @Test(.timeLimit(.minutes(1))) func theEmbeddedBrokerKnowsItsUsers() async throws {
        let login: ClientProperties = [
            "security.protocol": "sasl_plaintext", "sasl.mechanism": "PLAIN", "sasl.username": "krun",
        ]
        let (right, _) = try await attemptToLogIn(login.merging(["sasl.password": "secret"]))
        #expect(right.printedDiagnostics == "")
        #expect(right.status == .passed)
        let (wrong, addresses) = try await attemptToLogIn(login.merging(["sasl.password": "not-the-password"]))
        expectTrouble(
            wrong, "the broker at \(addresses) refused the login",
            hint: "check sasl.mechanism, sasl.username and sasl.password (-X or --config)")
        let (missing, others) = try await attemptToLogIn([:])
        expectTrouble(
            missing, "the broker at \(others) wants a login",
            hint: "-X security.protocol=sasl_plaintext -X sasl.mechanism=... -X sasl.username=...")
    }

    private func attempt(_ change: (inout ClientProperties) -> Void) async throws -> ScenarioOutcome {
        try await run(
            """
            { "name": "test", "timeouts": { "connect": "5s" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """, SharedKafka.options { change(&$0.properties) })
    }

    private func expectTrouble(_ outcome: ScenarioOutcome, _ title: String, hint: String) {
        #expect(outcome.status == .error)
        #expect(outcome.steps == [])
        #expect(outcome.broker == nil)
        #expect(outcome.printedDiagnostics.hasPrefix("error: \(title)\n"))
        #expect(outcome.printedDiagnostics.contains("\n  = \(hint)"))
        #expect(outcome.duration < .seconds(30))
    }

    @Test(.enabled(if: hasLogin, "KRUN_TEST_CONFIG has no login"), .timeLimit(.minutes(1)))
    func aWrongPasswordIsRefused() async throws {
        let outcome = try await attempt { $0["sasl.password"] = "not-the-password" }
        expectTrouble(
            outcome, "the broker at \(SharedKafka.addresses) refused the login",
            hint: "check sasl.mechanism, sasl.username and sasl.password (-X or --config)")
        #expect(!outcome.printedDiagnostics.contains("not-the-password"))
    }

    @Test(.enabled(if: hasLogin, "KRUN_TEST_CONFIG has no login"), .timeLimit(.minutes(1)))
    func aLoginThatIsMissingIsAskedFor() async throws {
        let outcome = try await attempt {
            $0["security.protocol"] = Self.security.replacing("sasl_", with: "")
            for name in ["sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.password"] { $0[name] = nil }
        }
        expectTrouble(
            outcome, "the broker at \(SharedKafka.addresses) wants a login",
            hint: "-X security.protocol=\(Self.security) -X sasl.mechanism=... -X sasl.username=...")
    }

    @Test(.enabled(if: hasTLS, "KRUN_TEST_CONFIG has no TLS"), .timeLimit(.minutes(1)))
    func aCertificateOfAnUnknownAuthorityIsRefused() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: SharedKafka.freshName("ca") + ".pem")
        try Data(Self.unrelatedAuthority.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let outcome = try await attempt {
            $0["ssl.ca.pem"] = nil
            $0["ssl.ca.location"] = file.path
        }
        expectTrouble(
            outcome, "no TLS connection to \(SharedKafka.addresses)",
            hint: "name the authority that signed the broker's certificate: -X ssl.ca.location=ca.pem")
    }

    @Test(.enabled(if: hasTLS, "KRUN_TEST_CONFIG has no TLS"), .timeLimit(.minutes(1)))
    func aTLSPortSpokenToInPlain() async throws {
        let outcome = try await attempt { $0["security.protocol"] = Self.security.replacing("ssl", with: "plaintext") }
        let name = Self.security == "ssl" ? "plain Kafka" : "sasl_plaintext"
        expectTrouble(
            outcome, "what listens at \(SharedKafka.addresses) does not speak \(name)",
            hint: "for a TLS port: -X security.protocol=ssl -X ssl.ca.location=ca.pem (with a login: sasl_ssl)")
    }

    @Test(.enabled(if: isPlain, "the port of KRUN_TEST_BROKERS is secured"), .timeLimit(.minutes(1)))
    func aPlainPortSpokenToInTLS() async throws {
        let outcome = try await attempt { $0["security.protocol"] = "ssl" }
        expectTrouble(
            outcome, "no TLS connection to \(SharedKafka.addresses)",
            hint: "is it a TLS port? for a port without TLS: -X security.protocol=plaintext (or sasl_plaintext)")
    }

    /// A self-signed certificate whose key was thrown away.
    private static let unrelatedAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBkjCCATmgAwIBAgIUFpDaoM5nNMIsxIpzN6Hd7lbpKoUwCgYIKoZIzj0EAwIw
        HjEcMBoGA1UEAwwTVW5yZWxhdGVkIGF1dGhvcml0eTAgFw0yNjExMjMyMjQ2MTla
        GA8yMTI2MTAzMDIyNDYxOVowHjEcMBoGA1UEAwwTVW5yZWxhdGVkIGF1dGhvcml0
        eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLYk71V346/mgV2fFYKtwN0Ttbm2
        CF2Rog7uUFjPS0qmTGN/m3ZLemH1fIr2ciILLToUswPwZ5iX/yo2zlRJA5KjUzBR
        MB0GA1UdDgQWBBQ+hz/i118ctV23AiDVKCd/kSdlRzAfBgNVHSMEGDAWgBQ+hz/i
        118ctV23AiDVKCd/kSdlRzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cA
        MEQCIDGo/AGBacGDOImj+8RBPQC6yy2XSqpMRhF4RJ+bttooAiBLm8e+NXQQzzaT
        xfqHRdwwx4/4vCFOoP/SQb82zI8TCQ==
        -----END CERTIFICATE-----
        """
}
