import KrunConfigs
import Testing

/// A topic's configs are known by name and value before a broker is asked.
@Suite("Topic Configs") struct TopicConfigTests {
    private func config(_ config: String, requires: String = "[]") -> String {
        problems(
            """
            { "name": "t", "requires": \(requires), "topics": [{ "name": "orders", "config": {
            \(config)
            } }], "variables": { "days": "seven" }, "steps": [{ "produce": "orders", "messages": [] }] }
            """)
    }

    @Test("every default of Kafka 3.9 is accepted, as text and as JSON has it")
    func defaults() {
        for definition in ConfigTable.topic.definitions {
            guard let value = definition.defaultValue else { continue }
            #expect(config("\"\(definition.name)\": \"\(value)\"") == "", "\(definition.name)")
            if [.boolean, .short, .int, .long, .double].contains(definition.type) {
                #expect(config("\"\(definition.name)\": \(value)") == "", "\(definition.name)")
            }
        }
    }

    @Test("a name that no topic has")
    func names() {
        #expect(
            config(#""retention.mss": 5, "retention": 4, "retentionMs": 5"#) == """
                2:1-15 a topic has no config "retention.mss"
                  ^ did you mean "retention.ms"?
                2:21-31 a topic has no config "retention"
                  ^ did you mean "retention.ms"?
                2:37-49 a topic has no config "retentionMs"
                  ^ did you mean "retention.ms"?
                """)
        let names = ConfigTable.topic.definitions.map(\.name).sorted().joined(separator: ", ")
        #expect(
            config(#""confluent.placement.constraints": "x""#) == """
                2:1-33 a topic has no config "confluent.placement.constraints"
                  ^ not one of Kafka 3.9
                  = the configs of a topic: \(names)
                  = one that only another broker has may be set where "requires" says "real-broker"
                """)
    }

    @Test("where only a real broker will do, that broker judges names that are near to none")
    func realBroker() {
        #expect(config(#""confluent.placement.constraints": "x""#, requires: #"["real-broker"]"#) == "")
        #expect(
            config(#""retention.mss": 5"#, requires: #""real-broker""#) == """
                2:1-15 a topic has no config "retention.mss"
                  ^ did you mean "retention.ms"?
                """)
    }

    @Test(
        "values that the config does not take",
        arguments: [
            (#""retention.ms": "5 days""#, #"a whole number, -1 or more, found a string "5 days""#),
            (#""retention.ms": "{{days}}""#, #"a whole number, -1 or more, found a string "seven""#),
            (#""retention.ms": -2"#, "a whole number, -1 or more, found the number -2"),
            (#""retention.bytes": 1.5"#, "a whole number, found the number 1.5"),
            (#""min.insync.replicas": 0"#, "a whole number from 1 to 2147483647, found the number 0"),
            (#""segment.bytes": 99999999999"#, "a whole number from 14 to 2147483647, found the number 99999999999"),
            (#""preallocate": "yes""#, #"true or false, found a string "yes""#),
            (
                #""cleanup.policy": "compact,deleted""#,
                #"a list of "compact", "delete", found a string "compact,deleted""#
            ),
            (#""message.timestamp.type": "Create""#, #"one of "CreateTime", "LogAppendTime", found a string "Create""#),
            (#""min.cleanable.dirty.ratio": 2"#, "a number from 0 to 1, found the number 2"),
            (#""compression.gzip.level": 0"#, "1 to 9, or -1, found the number 0"),
            (#""message.format.version": "9.9""#, #"a version of Kafka such as "3.9", found a string "9.9""#),
            (#""leader.replication.throttled.replicas": "all""#, #""*" or partition:broker,…, found a string "all""#),
        ])
    func values(entry: String, label: String) throws {
        let name = try #require(entry.split(separator: "\"").first)
        let lines = config(entry).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix(" wrong value for \"\(name)\"") == true)
        #expect(lines.last.map(String.init) == "  ^ expected " + label)
    }

    @Test("compaction that must be over before it may begin")
    func compactionLags() {
        #expect(
            config(#""min.compaction.lag.ms": 10, "max.compaction.lag.ms": 5"#) == """
                2:26-27 "min.compaction.lag.ms" is above "max.compaction.lag.ms"
                  ^ expected at most 5, found 10
                """)
        #expect(config(#""min.compaction.lag.ms": 5, "max.compaction.lag.ms": 5"#) == "")
    }
}
