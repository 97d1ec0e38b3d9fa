import CRdKafka
import Testing

/// Properties that do not go together: librdkafka says so when it makes a client, krun when it reads the file.
@Suite("Client Property Order") struct ClientPropertyOrderTests {
    @Test("a fault is told with its place", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    @Test(
        "what goes together is no fault",
        arguments: [
            #"{ "consume": "orders", "client": { "max.poll.interval.ms": 30000 } }"#,
            #"{ "consume": "orders", "client": { "max.poll.interval.ms": 6000, "session.timeout.ms": 6000 } }"#,
            #"{ "consume": "orders", "client": { "fetch.max.bytes": 200000000 } }"#,
            #"{ "produce": "orders", "messages": [], "linger": "2s" }"#,
            #"{ "produce": "orders", "messages": [], "client": { "linger.ms": 5000, "message.timeout.ms": 0 } }"#,
        ])
    func together(step: String) {
        #expect(problems(scenario(steps: step)) == "")
    }

    @Test("librdkafka refuses the same")
    func librdkafka() {
        let consumer = RD_KAFKA_CONSUMER
        #expect(!librdkafkaMakes(consumer, ["max.poll.interval.ms": "10000"]))
        #expect(librdkafkaMakes(consumer, ["max.poll.interval.ms": "30000", "session.timeout.ms": "30000"]))
        #expect(!librdkafkaMakes(consumer, ["max.poll.interval.ms": "29999", "session.timeout.ms": "30000"]))
        #expect(!librdkafkaMakes(consumer, ["session.timeout.ms": "300001"]))
        #expect(!librdkafkaMakes(consumer, ["receive.message.max.bytes": "1000000"]))
        #expect(librdkafkaMakes(consumer, ["receive.message.max.bytes": "52429312"]))
        #expect(!librdkafkaMakes(consumer, ["fetch.max.bytes": "999999"]))
        #expect(librdkafkaMakes(consumer, ["fetch.max.bytes": "1000000"]))
        let producer = RD_KAFKA_PRODUCER
        #expect(!librdkafkaMakes(producer, ["reconnect.backoff.max.ms": "99"]))
        #expect(!librdkafkaMakes(producer, ["reconnect.backoff.ms": "10001"]))
        #expect(!librdkafkaMakes(producer, ["linger.ms": "5000", "message.timeout.ms": "5000"]))
        #expect(librdkafkaMakes(producer, ["linger.ms": "4999", "message.timeout.ms": "5000"]))
    }

    static let faults: [Fault] = [
        Fault(
            "a poll interval below the session timeout",
            steps: #"""
                { "consume": "orders", "client": { "max.poll.interval.ms": 6000, "session.timeout.ms": 10000 } },
                { "consume": "orders", "client": { "max.poll.interval.ms": 10000 } },
                { "consume": "orders", "client": { "session.timeout.ms": 400000 } }
                """#,
            #"""
            6:88-92 "session.timeout.ms" is above "max.poll.interval.ms"
              ^ expected at most 6000, found 10000
            7:60-64 "max.poll.interval.ms" is below "session.timeout.ms"
              ^ expected 30000 or more, found 10000
              = "session.timeout.ms" is 30000 unless it is set
            8:58-63 "session.timeout.ms" is above "max.poll.interval.ms"
              ^ expected at most 300000, found 400000
              = "max.poll.interval.ms" is 300000 unless it is set
            """#),
        Fault(
            "the file's properties, once",
            """
            { "name": "t", "requires": "real-broker", "topics": [{ "name": "orders" }],
            "client": { "max.poll.interval.ms": 40000, "reconnect.backoff.max.ms": 50 },
            "steps": [
            { "consume": "orders" },
            { "consume": "orders", "client": { "session.timeout.ms": 40000 } },
            { "consume": "orders" },
            { "produce": "orders", "messages": [] }
            ] }
            """,
            #"""
            2:37-41 "max.poll.interval.ms" is below "session.timeout.ms"
              ^ expected 45000 or more, found 40000
              = "session.timeout.ms" is 45000 unless it is set
            2:72-73 "reconnect.backoff.max.ms" is below "reconnect.backoff.ms"
              ^ expected 100 or more, found 50
              = "reconnect.backoff.ms" is 100 unless it is set
            """#),
        Fault(
            "fetching more than may be received",
            steps: #"""
                { "consume": "orders", "client": { "receive.message.max.bytes": 1000000 } },
                { "consume": "orders", "client": { "fetch.max.bytes": 1000000, "receive.message.max.bytes": 1000511 } },
                { "consume": "orders", "client": { "fetch.max.bytes": 5000 } }
                """#,
            #"""
            6:65-71 "receive.message.max.bytes" is below "fetch.max.bytes"
              ^ expected 52429312 or more, found 1000000
              = "fetch.max.bytes" is 52428800 unless it is set
            7:55-61 "fetch.max.bytes" is not 512 below "receive.message.max.bytes"
              ^ expected at most 999999, found 1000000
            8:55-58 "fetch.max.bytes" is below "message.max.bytes"
              ^ expected 1000000 or more, found 5000
              = "message.max.bytes" is 1000000 unless it is set
            """#),
        Fault(
            "lingering longer than messages live",
            """
            { "name": "t", "timeouts": { "deliver": "2s" }, "topics": [{ "name": "orders" }],
            "steps": [
            { "produce": "orders", "messages": [], "linger": "2s" },
            { "produce": "orders", "messages": [], "client": { "queue.buffering.max.ms": 10, "delivery.timeout.ms": 10 } }
            ] }
            """,
            #"""
            3:50-53 "linger" is not below "message.timeout.ms"
              ^ expected at most 1999, found 2000
              = "message.timeout.ms" is timeouts.deliver, 2000, unless it is set
            4:78-79 "queue.buffering.max.ms" is not below "delivery.timeout.ms"
              ^ expected at most 9, found 10
            """#),
    ]
}
