import CRdKafka
import Testing

@testable import KrunScenario

/// What a run on the embedded broker would refuse is an error of the file.
@Suite("Embedded Faults") struct EmbeddedFaultsTests {
    @Test("a fault is told with its place", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    private static func topics(_ topics: String, _ extra: String = "") -> String {
        #"{ "name": "t", \#(extra)"topics": [\#(topics)], "steps": [{ "consume": "t0" }] }"#
    }

    @Test("what only a real broker can do is left to it")
    func realBroker() {
        let wide = (0..<21).map { #"{ "name": "t\#($0)", "partitions": 10000 }"# }.joined(separator: ",")
        #expect(problems(Self.topics(wide, #""requires": "real-broker", "#)) == "")
        #expect(problems(Self.topics(wide)).contains("the topics have too many partitions"))
        let replicated = #"{ "name": "t0", "replicationFactor": 5 }"#
        #expect(problems(Self.topics(replicated, #""requires": "real-broker", "#)) == "")
        #expect(problems(Self.topics(replicated, #""requires": "brokers>=5", "#)) == "")
        #expect(problems(Self.topics(replicated, #""embedded": { "brokers": 5 }, "#)) == "")
    }

    @Test("of two names of one property the last counts, as in a run")
    func aliases() {
        for (first, second) in [
            ("delivery.timeout.ms", "message.timeout.ms"), ("message.timeout.ms", "delivery.timeout.ms"),
        ] {
            let step =
                #"{ "produce": "orders", "messages": [], "linger": "5s", "client": { "\#(first)": 10, "\#(second)": 60000 } }"#
            #expect(problems(scenario(steps: step)) == "")
            #expect(ClientPropertyTable.canonicalName(first) == ClientPropertyTable.canonicalName(second))
        }
    }

    @Test("librdkafka refuses the same")
    func librdkafka() {
        let consumer = RD_KAFKA_CONSUMER
        #expect(
            !librdkafkaMakes(consumer, ["message.max.bytes": "100000000", "receive.message.max.bytes": "60000000"]))
        #expect(librdkafkaMakes(consumer, ["message.max.bytes": "1000000", "receive.message.max.bytes": "60000000"]))
        #expect(
            librdkafkaMakes(consumer, ["queued.max.messages.kbytes": "2000", "receive.message.max.bytes": "3000000"]))
        #expect(
            !librdkafkaMakes(consumer, ["queued.max.messages.kbytes": "4000", "receive.message.max.bytes": "3000000"]))
    }

    static let faults: [Fault] = [
        Fault(
            "one partition too many",
            topics(#"{ "name": "t0", "partitions": 10000 }"#),
            #"""
            1:57-61 "partitions" is more than Kafka makes at once
              ^ expected at most 9999
              = a request may make 10000 topics and partitions, and the topic is one of them
            """#),
        Fault(
            "a topic of Kafka's own",
            #"{ "name": "t", "topics": [{ "name": "__consumer_offsets" }], "steps": [{ "consume": "__consumer_offsets" }] }"#,
            #"""
            1:37-56 topic "__consumer_offsets" is Kafka's own
              ^ every cluster has it, or makes it by itself
              = "existing": true reads it as it is
            """#),
        Fault(
            "tiered storage",
            topics(#"{ "name": "t0", "config": { "remote.storage.enable": true } }"#),
            #"""
            1:80-83 "remote.storage.enable" needs a broker with tiered storage
              ^ the embedded one has none
              = "requires": "real-broker" leaves it to a Kafka that has it
            """#),
        Fault(
            "too many members",
            #"""
            { "name": "t", "embedded": { "brokers": 6 }, "topics": [{ "name": "t0" }], "steps": [
            { "consume": "t0", "group": "g", "members": 833 },
            { "consume": "t0", "group": "g", "members": 834 }
            ] }
            """#,
            #"""
            3:45-47 834 members are too many on a cluster of 6 brokers
              ^ at most 833 here
              = each member has a thread for each broker: 5004 in all, and krun runs at most 5000
              = fewer members, or a cluster of fewer brokers ("embedded": { "brokers": 5 })
            """#),
        Fault(
            "messages without a key to a compacted topic",
            #"""
            { "name": "t", "topics": [{ "name": "t0", "config": { "cleanup.policy": "delete, compact" } }], "steps": [
            { "produce": "t0", "count": 2, "value": "v" },
            { "produce": "t0", "count": 0, "value": "v" },
            { "produce": "t0", "messages": [{ "key": "", "value": "v" }, { "value": "w" }] }
            ] }
            """#,
            #"""
            2:1 a message to "t0" has no key
              ^ "cleanup.policy" of the topic has "compact": a broker refuses it
              = compaction keeps the last message of each key; give it a "key"
            4:62 a message to "t0" has no key
              ^ "cleanup.policy" of the topic has "compact": a broker refuses it
              = compaction keeps the last message of each key; give it a "key"
            """#),
        Fault(
            "messages that are too large",
            #"""
            { "name": "t", "topics": [{ "name": "t0", "config": { "max.message.bytes": 70 } }, { "name": "t1" }], "steps": [
            { "produce": "t0", "messages": [{ "value": "22" }, { "value": "333" }] },
            { "produce": "t0", "compression": "lz4", "messages": [{ "value": "333" }] },
            { "produce": "t1", "count": 1, "value": { "bytes": 999964 } },
            { "produce": "t1", "count": 1, "value": { "bytes": 999965 } },
            { "produce": "t1", "count": 1, "client": { "message.max.bytes": 2000000 }, "value": { "bytes": 1048516 } },
            { "produce": "t1", "count": 1, "client": { "message.max.bytes": 2000000 }, "value": { "bytes": 1048517 } },
            { "produce": "t1", "count": 1, "client": { "queue.buffering.max.kbytes": 2 }, "value": { "bytes": 3000 } },
            { "produce": "t1", "count": 1, "value": { "bytes": 1000001 }, "expect": { "failed": 1 } }
            ] }
            """#,
            #"""
            2:63 a message is larger than "t0" takes
              ^ a batch of 71 bytes or more
              = "max.message.bytes" of the topic is 70
            5:41 a message is larger than the client takes
              ^ 999965 bytes, of which it takes 1000000 with 36 of its own
              = before compression; "message.max.bytes" in "client" allows up to 134217728, and "max.message.bytes" in the topic's "config" what a broker takes
            7:85 a message is larger than "t1" takes
              ^ a batch of 1048589 bytes or more
              = "max.message.bytes" of the topic is 1048588
            8:88 a message is larger than the client's queue
              ^ 3000 bytes, and "queue.buffering.max.kbytes" is 2
            """#),
        Fault(
            "more replicas than brokers",
            topics(#"{ "name": "t0", "replicationFactor": 4 }"#),
            #"""
            1:64 "replicationFactor" is more than there are brokers
              ^ the embedded cluster has 3
              = "embedded": { "brokers": 4 } starts more of them
              = "requires": ["brokers>=4"] skips the scenario where there are too few
            """#),
        Fault(
            "a client's name without end",
            steps: #"{ "consume": "orders", "client": { "client.id": "\#(String(repeating: "x", count: 33_000))" } }"#,
            #"""
            6:49-33050 "client.id" is too long
              ^ expected at most 255 bytes, found 33000
            """#),
        Fault(
            "the name of a group that is there, without end",
            #"{ "name": "t", "groups": [{ "name": "\#(String(repeating: "x", count: 33_000))", "existing": true }], "topics": [{ "name": "o" }], "steps": [{ "consume": "o" }] }"#,
            #"""
            1:37-33038 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" is no name for a group
              ^ it has 33000 bytes, at most 32767 are allowed
            """#),
        Fault(
            "a session longer than the broker allows, and queues that would fill the machine",
            steps: #"""
                { "consume": "orders", "client": { "session.timeout.ms": 3600000, "max.poll.interval.ms": 3600000 } },
                { "produce": "orders", "messages": [], "client": { "queue.buffering.max.kbytes": 2147483647, "message.max.bytes": "1000000000" } }
                """#,
            #"""
            6:58-64 "session.timeout.ms" is out of range
              ^ expected at most 1800000, found 3600000
            7:82-91 "queue.buffering.max.kbytes" is out of range
              ^ expected at most 1048576, found 2147483647
            7:115-126 "message.max.bytes" is out of range
              ^ expected at most 134217728, found 1000000000
            """#),
        Fault(
            "receiving less than a message may have",
            steps: #"""
                { "consume": "orders", "client": { "message.max.bytes": 100000000, "receive.message.max.bytes": 60000000 } },
                { "consume": "orders", "client": { "queued.max.messages.kbytes": 2000, "receive.message.max.bytes": 3000000 } }
                """#,
            #"""
            6:97-104 "receive.message.max.bytes" is below "fetch.max.bytes"
              ^ expected 100000512 or more, found 60000000
              = "fetch.max.bytes" is 100000000 unless it is set
            """#),
        Fault(
            "times that no message can have",
            steps: #"""
                { "produce": "orders", "messages": [{ "timestamp": 0 }, { "timestamp": "{{index}}" }, { "count": 3, "timestamp": "{{1 - index}}" }] }
                """#,
            #"""
            6:52 "timestamp" is out of range
              ^ expected 1 or more, found 0
            6:72-82 "timestamp" is out of range
              ^ expected 1 or more, found 0 at index 0
            6:114-128 "timestamp" is out of range
              ^ expected 1 or more, found 0 at index 1
            """#),
    ]
}
