import KrunKafka
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ErrorTests {
    @Test func anErrorNamesTheActivityTheCodeAndTheReason() {
        let error = KafkaError(
            code: 36, activity: "creating topic orders", reason: "Topic 'orders' already exists.")
        #expect(error.description == "creating topic orders: TOPIC_ALREADY_EXISTS: Topic 'orders' already exists.")
        #expect(
            KafkaError(code: -195, activity: "asking").description
                == "asking: _TRANSPORT: Local: Broker transport failure")
        #expect(KafkaError(code: -185, activity: "asking").isTimeout)
    }

    @Test func anUnknownPropertyIsNamed() {
        let error = #expect(throws: KafkaError.self) {
            _ = try Producer(properties: ["lingering.ms": "5"], log: ClientLog())
        }
        #expect(
            error?.description
                == "making a producer: _INVALID_ARG: there is no property \"lingering.ms\" in librdkafka \(KafkaLibrary.version)"
        )
    }

    @Test func aBadValueIsNamed() {
        let error = #expect(throws: KafkaError.self) {
            _ = try AdminClient(properties: ["socket.timeout.ms": "soon"], log: ClientLog())
        }
        #expect(
            error?.description
                == "making an admin client: _INVALID_ARG: property \"socket.timeout.ms\": Invalid value for configuration property \"socket.timeout.ms\""
        )
        let conflict = #expect(throws: KafkaError.self) {
            _ = try Consumer(
                properties: ["group.id": "g", "session.timeout.ms": "6000", "max.poll.interval.ms": "5000"],
                log: ClientLog())
        }
        #expect(
            conflict?.description
                == "making a consumer: _INVALID_ARG: `max.poll.interval.ms`must be >= `session.timeout.ms`")
    }

    @Test func aSecretIsInNoError() {
        let secret = "hunter2-not-a-key"
        let log = ClientLog()
        let error = #expect(throws: KafkaError.self) {
            _ = try Producer(
                properties: ["security.protocol": "ssl", "ssl.key.pem": secret, "ssl.key.password": secret], log: log)
        }
        #expect(error?.activity == "making a producer")
        #expect(error?.description.contains(secret) == false)
        #expect(!log.lines.contains { $0.text.contains(secret) })
        let properties: ClientProperties = ["client.id": "krun", "sasl.password": secret]
        #expect(properties.redacted == ["client.id": "krun", "sasl.password": "***"])
    }

    @Test(arguments: [
        ("sasl.password", true), ("ssl.key.password", true), ("ssl.keystore.password", true), ("ssl.key.pem", true),
        ("sasl.oauthbearer.client.secret", true), ("sasl.oauthbearer.config", true), ("sasl.jaas.config", true),
        ("ssl.truststore.password", true), ("my.Secret", true), ("sasl.username", false), ("client.id", false),
        ("ssl.ca.pem", false),
    ])
    func secretsAreKnownByTheirNames(_ name: String, _ isSecret: Bool) {
        #expect(ClientProperties.isSecret(name) == isSecret)
    }

    /// The client keeps trying; why it fails is in its log.
    @Test func aRefusedConnectionIsInTheLog() async throws {
        try await onThread {
            let log = ClientLog()
            let admin = try AdminClient(properties: ["bootstrap.servers": "127.0.0.1:1"], log: log)
            let error = #expect(throws: KafkaError.self) { _ = try admin.metadata(timeout: .milliseconds(500)) }
            #expect(error?.activity == "asking for the cluster's metadata")
            #expect(["_TRANSPORT", "_TIMED_OUT"].contains(error?.name))
            #expect(log.errors.map(\.name).contains("_TRANSPORT"))
            #expect(
                log.errors.contains {
                    $0.reason.contains("127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused")
                })
        }
    }

    @Test func theLogKeepsItsLastLines() async throws {
        try await onThread {
            let log = ClientLog(limit: 3)
            let producer = try Producer(properties: ["bootstrap.servers": "127.0.0.1:1", "debug": "all"], log: log)
            let topic = try producer.topic("orders", partitioner: "random")
            _ = try? producer.waitForMetadata(topic, timeout: .milliseconds(100))
            #expect(log.lines.count == 3)
            #expect(log.lines.allSatisfy { $0.level == 7 && !$0.text.isEmpty && !$0.facility.isEmpty })
        }
    }
}

extension ClientProperties {
    /// The same properties with the value of every secret one replaced by `***`.
    fileprivate var redacted: ClientProperties {
        var redacted = self
        for property in all where Self.isSecret(property.name) { redacted[property.name] = "***" }
        return redacted
    }
}
