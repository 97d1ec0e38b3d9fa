import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunChecks

/// What a mismatch holds, and what is said of it where a variable gave what is expected.
@Suite struct MismatchTests {
    private let records = TopicRecords(
        partitions: [0: PartitionOutcome(messages: 3, first: 0, last: 2, committed: 3, lag: 0)],
        keys: [JudgeFixture.key("alice", 3, on: [0], values: ["12", "true", nil])], distinctKeys: 1)

    private func judge(_ expect: String) throws -> [Diagnostic] {
        let step = try JudgeFixture.consume(
            expect, before: #""variables": { "n": 5, "text": "12", "time": "1m", "owned": "orders/1" },"#)
        let members = [
            MemberOutcome(name: "1", partitions: ["orders/0"], messages: 3),
            MemberOutcome(name: "2", partitions: [], messages: 0),
        ]
        return Judge.judge(
            step: step, stepCount: 2, outcome: JudgeFixture.consumed(records, members: members), invariants: [],
            partitionCounts: ["orders": 3, "bills": 2], partitioners: [:])
    }

    /// Labels in the order of the file.
    private func labels(_ expect: String) throws -> [String] { try judge(expect).map(\.label) }

    @Test func whatAVariableGaveIsSaid() throws {
        #expect(try labels(#"{ "messages": "{{n}}" }"#) == ["expected: 5, actual: 3"])
        #expect(try labels(#"{ "messages": { "min": "{{n}}" } }"#) == ["expected: at least 5, actual: 3"])
        #expect(try labels(#"{ "messages": { "min": 4, "max": "{{n}}" } }"#) == ["expected: from 4 to 5, actual: 3"])
        #expect(try labels(#"{ "messages": { "oneOf": [4, "{{n}}"] } }"#) == ["expected: one of 4, 5, actual: 3"])
        #expect(try labels(#"{ "messages": { "equals": "{{n + 1}}" } }"#) == ["expected: 6, actual: 3"])
        #expect(
            try labels(#"{ "duration": { "min": "{{time}}" } }"#) == [#"expected: at least "60s", actual: "1.25s""#])
        #expect(
            try labels(#"{ "members": { "2": { "partitions": ["{{owned}}"] } } }"#)
                == [#"expected: ["orders/1"], actual: []"#])
        #expect(
            try labels(#"{ "keys": { "alice": { "values": ["{{text}}!", "true", null] } } }"#)
                == [#"expected: "12!", actual: "12""#])
        #expect(
            try labels(#"{ "keys": { "alice": { "values": ["12", { "matches": "^{{text}}" }, null] } } }"#)
                == [#"expected: something that matches "^12", actual: "true""#])
    }

    @Test func whatTheFileShowsIsNotRepeated() throws {
        #expect(try labels(#"{ "messages": 5, "lag": { "min": 1, "max": 2 } }"#) == ["actual: 3", "actual: 0"])
        #expect(
            try labels(#"{ "partitions": { "0": { "first": null, "last": { "equals": 7 } } } }"#) == [
                "actual: 0", "actual: 2",
            ])
    }

    /// A text that looks like a number is told from the number.
    @Test func textsAreQuotedAndJSONIsNot() throws {
        #expect(try labels(#"{ "keys": { "alice": { "values": ["13", "true", null] } } }"#) == [#"actual: "12""#])
        #expect(try labels(#"{ "keys": { "alice": { "values": [13, "true", null] } } }"#) == ["actual: 12"])
        #expect(try labels(#"{ "keys": { "alice": { "values": ["12", null, null] } } }"#) == [#"actual: "true""#])
        #expect(try labels(#"{ "keys": { "alice": { "values": ["12", "true", ""] } } }"#) == ["actual: tombstone"])
        #expect(try labels(#"{ "partitions": { "2": { "first": 0 } } }"#) == ["the last one is 2"])
    }

    @Test func aMismatchIsAValue() throws {
        let found = try judge(
            #"{ "messages": { "max": "{{n - 4}}" }, "partitions": { "0": { "committed": null } }, "#
                + #""keys": { "bob": { "partition": 1, "messages": 2 } }, "members": { "1": { "partitions": 2 } } }"#
        ).map(\.mismatch)
        #expect(
            found == [
                Mismatch(.init("messages"), expected: .range(min: nil, max: .number(1)), actual: .number(3)),
                Mismatch(.init("committed", topic: "orders", partition: 0), expected: .null, actual: .number(3)),
                Mismatch(
                    .init(nil, topic: "orders", key: .bytes(Array("bob".utf8))),
                    expected: .object([.init("partition", .number(1)), .init("messages", .number(2))]),
                    actual: .object([.init("messages", .number(0))])),
                Mismatch(.init("partitions", member: "1"), expected: .number(2), actual: .number(1)),
            ])
    }

    /// What retention took is said where it may be the cause, and nowhere else.
    @Test func removedMessagesAreSaidAtTheFailure() throws {
        var records = records
        records.partitions[0]?.removed = 2
        let step = try JudgeFixture.consume(
            #"{ "messages": 5, "lag": 1, "partitions": { "0": { "messages": 5 }, "1": { "messages": 1 } }, "keys": { "bob": { "messages": 1 } } }"#
        )
        records.partitions[1] = PartitionOutcome(messages: 0, first: nil, last: nil)
        let found = Judge.judge(
            step: step, stepCount: 2, outcome: JudgeFixture.consumed(records), invariants: [],
            partitionCounts: ["orders": 3], partitioners: [:], retention: ["orders": "retention.ms is 1"])
        let said = found.map {
            Array($0.notes.suffix(2)) == [
                "2 acknowledged messages had been removed from orders/0 before they were read", "retention.ms is 1",
            ]
        }
        #expect(
            found.map(\.title) == [
                "another number of messages was read than expected", "the group's lag is not as expected",
                "another number of messages was read from partition 0 of orders than expected",
                "another number of messages was read from partition 1 of orders than expected",
                "key \"bob\" was not read",
            ])
        #expect(said == [true, false, true, false, true])
    }
}
