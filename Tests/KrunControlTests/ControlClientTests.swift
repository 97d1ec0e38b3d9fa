import KrunBroker
import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunControl

/// Who asks a broker for a step.
@Suite(.timeLimit(.minutes(2)))
struct ControlClientTests {
    @Test(arguments: [
        ("127.0.0.1:9095", "127.0.0.1", 9095), ("localhost:1", "127.0.0.1", 1),
        ("LOCALHOST:65535", "127.0.0.1", 65_535),
        ("[::1]:9095", "::1", 9095),
    ])
    func addressesOfThisMachineAreTaken(_ text: String, _ host: String, _ port: Int) throws {
        let address = try #require(ControlAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.text == text)
    }

    @Test(arguments: [
        "", "9095", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.2:9095", "0.0.0.0:9095",
        "example.com:9095",
        "localhost.example.com:9095", "::1:9095", "http://127.0.0.1:9095", "127.0.0.1:9095/", "user@localhost:9095",
        " localhost:9095",
    ])
    func noOthersAre(_ text: String) {
        #expect(ControlAddress(text) == nil)
    }

    @Test func aStepIsAskedForAndAnswered() async throws {
        try await ControlledCluster.with(brokers: 2) { cluster in
            let address = try #require(ControlAddress(cluster.server.address))
            let down = try await ControlClient.run(
                Array("{ \"fault\": \"broker-down\", \"broker\": 2 }".utf8), at: address, chosenBy: "--control")
            #expect(down.status == .passed)
            #expect(down.problems == [])
            #expect(
                down.line(.plain)?.replacing(/\(.*\)/, with: "(<time>)") == "✓ fault: broker 2 down   (<time>)")
            #expect(cluster.cluster.brokers == [1: true, 2: false])

            let wrong = try await ControlClient.run(Array("{}".utf8), at: address, chosenBy: "--control")
            #expect(wrong.status == .invalid)
            #expect(wrong.line(.plain) == nil)
            #expect(wrong.problems.count == 1)
        }
    }

    @Test func nobodyAndStrangersAreSaid() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        let address = try #require(ControlAddress(cluster.bootstrapServers))
        let stranger = await #expect(throws: Diagnostic.self) {
            _ = try await ControlClient.run([], at: address, chosenBy: "--control")
        }
        #expect(stranger?.title == "no broker can be controlled at \(address.text) (--control)")
        cluster.close()
        let nobody = await #expect(throws: Diagnostic.self) {
            _ = try await ControlClient.run([], at: address, chosenBy: "KRUN_CONTROL")
        }
        #expect(
            nobody
                == Diagnostic(
                    .runtime, "no broker can be controlled at \(address.text) (KRUN_CONTROL)",
                    notes: [
                        "Connection refused", "`krun broker --control 0` starts one and says where it is controlled",
                    ]))
    }

    /// What a stranger answers steers no terminal and is no outcome.
    @Test func onlyAnswersOfBrokersAreRead() throws {
        for text in [
            "", "{}", "<html>", "{ \"status\": \"passed\", \"diagnostics\": [] }",
            "{ \"krun\": \"1\", \"status\": \"passed\" }",
        ] {
            #expect(StepReply(Array(text.utf8)) == nil)
        }
        let hostile = #"{ "krun": "1", "status": "failed", "diagnostics": [{ "text": "error: \u001b[2J\nnext" }] }"#
        let reply = try #require(StepReply(Array(hostile.utf8)))
        #expect(reply.status == .failed)
        #expect(reply.problems == ["error: \\u001B[2J\nnext"])
    }
}
