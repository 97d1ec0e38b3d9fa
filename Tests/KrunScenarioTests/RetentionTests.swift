import KrunDiagnostics
import KrunScenario
import Testing

/// Messages that are too old for their topic are told of before anything runs.
@Suite struct RetentionTests {
    /// 2026-01-15T00:00:00Z
    private let now: Int64 = 1_768_435_200_000

    private func warnings(topic: String = "", message: String) throws -> [String] {
        let text = """
            { "name": "test", "variables": { "start": "2026-01-01T00:00:00Z" },
              "topics": [{ "name": "orders"\(topic) }],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x", \(message) }] }] }
            """
        return try Scenario.decode(Array(text.utf8), file: "test.json").warnings(now: now)
            .map { DiagnosticText(style: .plain).text($0) }
    }

    @Test func aFixedTimestampInThePast() throws {
        #expect(
            try warnings(message: #""timestamp": "2026-01-01T00:00:00Z""#) == [
                """
                warning: messages to orders are older than the topic keeps them: they may be gone before they are read
                 --> test.json:3:78
                  |
                3 |   "steps": [{ "produce": "orders", "messages": [{ "value": "x", "timestamp": "2026-01-01T00:00:00Z" }] }] }
                  |                                                                              ^^^^^^^^^^^^^^^^^^^^^^ more than 7 days ago
                  |
                  = retention.ms of orders is 604800000 (7 days, Kafka's default): a message whose timestamp is older is removed; "config": { "retention.ms": "-1" } on the topic keeps it
                """
            ])
        #expect(try warnings(message: #""timestamp": "{{start}}""#).count == 1)
        #expect(try warnings(message: #""timestamp": "{{1767225600000 + index * 1000}}", "count": 5"#).count == 1)
    }

    @Test func whatIsKeptIsNotTold() throws {
        let old = #""timestamp": "2026-01-01T00:00:00Z""#
        #expect(try warnings(message: #""timestamp": "2026-01-14T00:00:00Z""#) == [])
        #expect(try warnings(message: #""key": "a""#) == [])
        #expect(try warnings(message: old + #", "count": 0"#) == [])
        for topic in [
            #", "config": { "retention.ms": "-1" }"#, #", "config": { "retention.ms": 2592000000 }"#,
            #", "config": { "cleanup.policy": "compact" }"#,
            #", "config": { "message.timestamp.type": "LogAppendTime" }"#, #", "existing": true"#,
        ] {
            #expect(try warnings(topic: topic, message: #""key": "k", "# + old) == [], "\(topic)")
        }
    }

    @Test func theTopicsOwnRetentionCounts() throws {
        let found = try warnings(
            topic: #", "config": { "retention.ms": 3600000, "cleanup.policy": "compact,delete" }"#,
            message: #""key": "k", "timestamp": "2026-01-14T22:00:00Z""#)
        #expect(found.count == 1)
        #expect(found.first?.contains("^ more than 1 hour ago\n") == true)
        #expect(found.first?.contains("  = retention.ms of orders is 3600000: a message") == true)
    }

    @Test func ofManyWarningsTheFirstAreTold() throws {
        let messages = Array(repeating: #"{ "value": "x", "timestamp": "2026-01-01T00:00:00Z" }"#, count: 53)
        let text = """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [\(messages.joined(separator: ","))] }] }
            """
        let warnings = try Scenario.decode(Array(text.utf8), file: "test.json").warnings(now: now)
        #expect(warnings.count == 51)
        #expect(warnings.last?.title == "3 more warnings of test.json are not shown")
    }
}
