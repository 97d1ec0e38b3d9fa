import KrunKafka
import Testing

@Suite struct JavaPropertiesTests {
    private func read(_ text: String) throws -> JavaProperties {
        try ClientProperties.javaProperties(text, file: "client.properties")
    }

    @Test func theSyntaxIsJavas() throws {
        let text = """
            # a comment
              ! another one
            bootstrap.servers = a:9092,\\
                b:9092
            client.id: krun\\u0020x
            group.id\tg\\=1\\\\
            security.protocol=SSL

            security.protocol=SASL_SSL\r
            client.rack=
            """
        #expect(
            try read(text).properties == [
                "bootstrap.servers": "a:9092,b:9092", "client.id": "krun x", "group.id": "g=1\\",
                "security.protocol": "SASL_SSL", "client.rack": "",
            ])
    }

    static let mapped: [(text: String, properties: ClientProperties)] = [
        ("request.timeout.ms=5000", ["socket.timeout.ms": "5000"]),
        ("sasl.mechanism=SCRAM-SHA-256", ["sasl.mechanism": "SCRAM-SHA-256"]),
        ("ssl.endpoint.identification.algorithm=", ["ssl.endpoint.identification.algorithm": "none"]),
        ("ssl.endpoint.identification.algorithm=HTTPS", ["ssl.endpoint.identification.algorithm": "https"]),
        ("client.dns.lookup=default", [:]),
        ("max.request.size=2000000", ["message.max.bytes": "2000000"]),
        ("fetch.max.wait.ms=20", ["fetch.wait.max.ms": "20"]),
        ("linger.ms=5", ["linger.ms": "5"]),
        ("queue.buffering.max.messages=7", ["queue.buffering.max.messages": "7"]),
        ("ssl.key.password=p", ["ssl.key.password": "p"]),
        ("ssl.truststore.certificates=PEM", ["ssl.ca.pem": "PEM"]),
        ("ssl.keystore.key=K\nssl.keystore.certificate.chain=C", ["ssl.key.pem": "K", "ssl.certificate.pem": "C"]),
        ("ssl.truststore.type=PEM\nssl.truststore.location=/ca", ["ssl.ca.location": "/ca"]),
        (
            "ssl.keystore.type=PKCS12\nssl.keystore.location=/k\nssl.keystore.password=p",
            ["ssl.keystore.location": "/k", "ssl.keystore.password": "p"]
        ),
        (
            "ssl.keystore.type=PEM\nssl.keystore.location=/k",
            ["ssl.certificate.location": "/k", "ssl.key.location": "/k"]
        ),
        (
            "partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor, org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            ["partition.assignment.strategy": "range,cooperative-sticky"]
        ),
        (
            "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n  username=\"alice\" password='a \"b;=';",
            ["sasl.username": "alice", "sasl.password": "a \"b;="]
        ),
        (
            "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=bob password=\"x\\\\\"y\";",
            ["sasl.username": "bob", "sasl.password": "x\"y"]
        ),
    ]

    @Test(arguments: mapped)
    func propertiesAreMapped(_ text: String, _ expected: ClientProperties) throws {
        #expect(try read(text).properties == expected)
    }

    @Test func whatMeansNothingHereIsToldNotRefused() throws {
        let result = try read("key.serializer=x\nlinger.ms=1\nmetrics.num.samples=2\nssl.truststore.password=p")
        #expect(result.properties == ["linger.ms": "1"])
        #expect(result.ignored.map(\.name) == ["key.serializer", "metrics.num.samples", "ssl.truststore.password"])
        #expect(result.ignored.map(\.line) == [1, 3, 4])
    }

    @Test func allThatIsWrongIsToldAtOnceWithoutSecrets() {
        let text = """
            lingering.ms=5
            ssl.truststore.location=/trust.jks
            ssl.keystore.location=/key.jks
            sasl.jaas.config=hunter2
            partition.assignment.strategy=org.apache.kafka.clients.consumer.StickyAssignor
            """
        let error = #expect(throws: JavaPropertiesError.self) { _ = try read(text) }
        #expect(
            error?.description == """
                client.properties:1: unknown property "lingering.ms"
                client.properties:2: librdkafka reads no JKS truststore
                client.properties:3: librdkafka reads no JKS keystore
                client.properties:4: sasl.jaas.config cannot be read (not shown: it is a secret)
                client.properties:5: librdkafka has no StickyAssignor
                """)
        #expect(
            error?.problems[1].hint
                == "keytool -exportcert -rfc -alias NAME -keystore /trust.jks -file ca.pem, then ssl.truststore.type=PEM and ssl.truststore.location=ca.pem"
        )
    }

    @Test(
        "a line that may be nothing but a secret is not shown",
        arguments: [
            "hunter2", "my secret", "aHVudGVyMg==", "hunter2=", "p@ss:word", "hunter2=abc", "Hun.ter2:abc",
            "eyJh.bG:ciO",
        ])
    func nothingButASecret(line: String) {
        let error = #expect(throws: JavaPropertiesError.self) { _ = try read("linger.ms=5\n" + line) }
        #expect(error?.description == "client.properties:2: this is not name=value (not shown: it may be a secret)")
    }

    static let refused: [(text: String, message: String)] = [
        ("ssl.truststore.location=/t.p12", "librdkafka reads no PKCS12 truststore"),
        (
            "sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true;",
            "login module Krb5LoginModule has no counterpart here"
        ),
        ("sasl.jaas.config=a.PlainLoginModule required username=\"u\";", "sasl.jaas.config names no password"),
    ]

    @Test(arguments: refused)
    func storesAndLoginsThatDoNotFitAreNamed(_ text: String, _ message: String) {
        let error = #expect(throws: JavaPropertiesError.self) { _ = try read(text) }
        #expect(error?.problems.map(\.message) == [message])
    }
}
