package import KrunDiagnostics
package import KrunKafka

/// Finds out, from what librdkafka said, why no broker answers.
package struct ConnectionTrouble {
    let bootstrap: String
    let properties: ClientProperties
    let log: ClientLog
    private let words: Words

    /// What only the caller knows about the ways out.
    package struct Words: Sendable {
        /// What sets the time that was waited, such as `timeouts.connect`.
        var budget: String
        /// What to do where nothing listens; a line each.
        var nothingListens: [String]

        package init(budget: String, nothingListens: [String]) {
            self.budget = budget
            self.nothingListens = nothingListens
        }
    }

    package init(bootstrap: String, properties: ClientProperties, log: ClientLog, words: Words) {
        self.bootstrap = bootstrap
        self.properties = properties
        self.log = log
        self.words = words
    }

    private var protocolName: String { properties["security.protocol"]?.lowercased() ?? "plaintext" }

    /// What to tell the user: at once where waiting cannot help, otherwise when the budget has run out; nil before.
    package func diagnosis(after deadline: Deadline, lastError: KafkaError) -> Diagnostic? {
        let errors = log.errors
        if let error = errors.last(where: { $0.name == "_AUTHENTICATION" }) {
            return diagnostic(
                "the broker at \(bootstrap) refused the login", error,
                ["check sasl.mechanism, sasl.username and sasl.password (-X or --config)"])
        }
        if let error = errors.last(where: { $0.name == "_SSL" }) {
            return diagnostic("no TLS connection to \(bootstrap)", error, tlsHints(error.reason))
        }
        guard deadline.hasPassed else { return nil }
        let waited = "waited \(Self.seconds(deadline.budget)) (\(words.budget)) with security.protocol \(protocolName)"
        if let error = errors.last(where: { $0.name == "_RESOLVE" }) {
            return diagnostic(
                "the name of the broker \(bootstrap) is not known", error,
                [waited, "check the host name in --brokers or KRUN_BROKERS"])
        }
        if let error = errors.last(where: { $0.reason.contains("Connection refused") }) {
            return diagnostic(
                "no broker answers at \(bootstrap)", error,
                [waited] + words.nothingListens)
        }
        if let error = errors.last(where: { $0.reason.contains("SASL auth") }), !protocolName.hasPrefix("sasl") {
            return diagnostic(
                "the broker at \(bootstrap) wants a login", error,
                [
                    waited,
                    "-X security.protocol=sasl_\(protocolName) -X sasl.mechanism=... -X sasl.username=... -X sasl.password=...",
                    "or a client.properties with these: --config FILE",
                ])
        }
        if let error = errors.last(where: { Self.looksLikeAnotherProtocol($0.reason) }) {
            return diagnostic(
                "what listens at \(bootstrap) does not speak \(protocolName == "plaintext" ? "plain Kafka" : protocolName)",
                error,
                [
                    waited,
                    protocolName.hasSuffix("ssl")
                        ? "for a port without TLS: -X security.protocol=plaintext (or sasl_plaintext)"
                        : "for a TLS port: -X security.protocol=ssl -X ssl.ca.location=ca.pem (with a login: sasl_ssl)",
                    "and check that the port is a Kafka listener",
                ])
        }
        return diagnostic(
            "no broker answers at \(bootstrap)", errors.last ?? lastError,
            [waited, "check host, port and security settings; -v shows librdkafka's log"])
    }

    /// A configuration that librdkafka refuses before it connects to anything.
    package static func badProperties(_ error: KafkaError) -> Diagnostic {
        Diagnostic(
            .usage, "the client configuration is refused", notes: [error.reason, "it comes from -X or --config"])
    }

    private func diagnostic(_ title: String, _ error: KafkaError, _ hints: [String]) -> Diagnostic {
        Diagnostic(.runtime, title, notes: ["\(error.name): \(error.plainReason)"] + hints)
    }

    private func tlsHints(_ reason: String) -> [String] {
        if reason.contains("verify") || reason.contains("certificate") {
            return [
                "name the authority that signed the broker's certificate: -X ssl.ca.location=ca.pem",
                "the certificate must be for the host name in --brokers",
            ]
        }
        return [
            "is it a TLS port? for a port without TLS: -X security.protocol=plaintext (or sasl_plaintext)"
        ]
    }

    private static func looksLikeAnotherProtocol(_ reason: String) -> Bool {
        ["Disconnected", "disconnected", "ApiVersion", "Receive failed", "connection closed"]
            .contains { reason.contains($0) }
    }

    private static func seconds(_ duration: Duration) -> String {
        duration.formattedForPeople
    }
}
