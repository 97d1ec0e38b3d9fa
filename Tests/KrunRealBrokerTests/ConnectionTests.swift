import Foundation
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// What is told when the settings do not fit the port. Each test needs a port that is secured so that it can go wrong.
struct ConnectionTests {
    static let security = RealBroker.properties["security.protocol"]?.lowercased() ?? "plaintext"
    static let hasLogin = RealBroker.isThere && security.hasPrefix("sasl")
    static let hasTLS = RealBroker.isThere && security.hasSuffix("ssl")
    static let isPlain = RealBroker.isThere && security == "plaintext"

    private func attempt(_ change: (inout ClientProperties) -> Void) async throws -> ScenarioOutcome {
        try await run(
            """
            { "name": "test", "timeouts": { "connect": "5s" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """, RealBroker.options { change(&$0.properties) })
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
            outcome, "the broker at \(RealBroker.addresses) refused the login",
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
            outcome, "the broker at \(RealBroker.addresses) wants a login",
            hint: "-X security.protocol=\(Self.security) -X sasl.mechanism=... -X sasl.username=...")
    }

    @Test(.enabled(if: hasTLS, "KRUN_TEST_CONFIG has no TLS"), .timeLimit(.minutes(1)))
    func aCertificateOfAnUnknownAuthorityIsRefused() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: RealBroker.freshName("ca") + ".pem")
        try Data(Self.unrelatedAuthority.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let outcome = try await attempt {
            $0["ssl.ca.pem"] = nil
            $0["ssl.ca.location"] = file.path
        }
        expectTrouble(
            outcome, "no TLS connection to \(RealBroker.addresses)",
            hint: "name the authority that signed the broker's certificate: -X ssl.ca.location=ca.pem")
    }

    @Test(.enabled(if: hasTLS, "KRUN_TEST_CONFIG has no TLS"), .timeLimit(.minutes(1)))
    func aTLSPortSpokenToInPlain() async throws {
        let outcome = try await attempt { $0["security.protocol"] = Self.security.replacing("ssl", with: "plaintext") }
        let name = Self.security == "ssl" ? "plain Kafka" : "sasl_plaintext"
        expectTrouble(
            outcome, "what listens at \(RealBroker.addresses) does not speak \(name)",
            hint: "for a TLS port: -X security.protocol=ssl -X ssl.ca.location=ca.pem (with a login: sasl_ssl)")
    }

    @Test(.enabled(if: isPlain, "the port of KRUN_TEST_BROKERS is secured, or there is none"), .timeLimit(.minutes(1)))
    func aPlainPortSpokenToInTLS() async throws {
        let outcome = try await attempt { $0["security.protocol"] = "ssl" }
        expectTrouble(
            outcome, "no TLS connection to \(RealBroker.addresses)",
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
