import KrunOutcome
import KrunPatterns
import KrunScenario
import Testing

@testable import KrunChecks

/// What is said about keys and their values.
@Suite struct JudgeKeysTests {
    private func judge(
        _ expect: String, _ keys: [KeyOutcome], nullKey: KeyOutcome? = nil, distinct: Int? = nil,
        partitioners: Set<Partitioner> = [.murmur2Random]
    ) throws -> String {
        let records = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 3, first: 0, last: 2)], keys: keys, nullKey: nullKey,
            distinctKeys: distinct ?? keys.count)
        return JudgeFixture.judge(
            try JudgeFixture.consume(expect), JudgeFixture.consumed(records), partitioners: partitioners)
    }

    @Test func anotherPartition() throws {
        let expect = #"{ "keys": { "alice": { "partition": 2 } } }"#
        #expect(
            try judge(expect, [JudgeFixture.key("alice", 2, on: [0])]) == """
                failure: key "alice" is on another partition than expected
                consume orders as baristas, step 2 of 2
                at 2 <- actual: 0
                = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random
                = consistent_random (crc32) and fnv1a_random would have given 2: is one of them \
                what produced the value you expected?
                """)
    }

    /// With several partitioners the one is named that gives what happened.
    @Test func theResponsiblePartitionerIsNamed() throws {
        let text = try judge(
            #"{ "keys": { "alice": { "partition": { "min": 1 } } } }"#, [JudgeFixture.key("alice", 2, on: [0])],
            partitioners: [.consistentRandom, .murmur2Random])
        #expect(
            text == """
                failure: key "alice" is on another partition than expected
                consume orders as baristas, step 2 of 2
                at { "min": 1 } <- actual: 0
                = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random
                """)
    }

    @Test func severalPartitions() throws {
        #expect(
            try judge(
                #"{ "keys": { "alice": { "partition": 0, "partitions": 1, "messages": 4 } } }"#,
                [JudgeFixture.key("alice", 3, on: [0, 2])]) == """
                    failure: key "alice" is on several partitions
                    consume orders as baristas, step 2 of 2
                    at 0 <- actual: [0, 2]
                    = "partition" is the one partition of a key, "partitions" how many it is on
                    = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random
                    failure: key "alice" is on another number of partitions than expected
                    consume orders as baristas, step 2 of 2
                    at 1 <- actual: 2
                    = partitions 0 and 2
                    failure: key "alice" has another number of messages than expected
                    consume orders as baristas, step 2 of 2
                    at 4 <- actual: 3
                    """)
    }

    @Test func missingKeys() throws {
        let expect = #"{ "keys": { "carol": { "partition": 0, "messages": 2 } } }"#
        #expect(
            try judge(expect, [JudgeFixture.key("Carol", 1, on: [0]), JudgeFixture.key("bob", 1, on: [0])]) == """
                failure: key "carol" was not read
                consume orders as baristas, step 2 of 2
                at "carol" <- actual: 0 messages
                = the nearest key that was read: "Carol"
                """)
        let strangers = ["ann", "ben", "dora", "emil", "fritz", "gerda"].map { JudgeFixture.key($0, 1, on: [0]) }
        #expect(
            try judge(expect, strangers, distinct: 40) == """
                failure: key "carol" was not read
                consume orders as baristas, step 2 of 2
                at "carol" <- actual: 0 messages
                = keys that were read: "ann", "ben", "dora", "emil", "fritz" and 35 more
                """)
        #expect(
            try judge(#"{ "nullKey": { "messages": 1 } }"#, strangers) == """
                failure: no message without a key was read
                consume orders as baristas, step 2 of 2
                at "nullKey" <- actual: 0 messages
                """)
    }

    @Test func messagesWithoutAKey() throws {
        #expect(
            try judge(
                #"{ "nullKey": { "partitions": { "min": 2 }, "messages": 2 } }"#, [],
                nullKey: JudgeFixture.key("", 3, on: [1])) == """
                    failure: messages without a key are on another number of partitions than expected
                    consume orders as baristas, step 2 of 2
                    at { "min": 2 } <- actual: 1
                    = partition 1
                    failure: another number of messages without a key was read than expected
                    consume orders as baristas, step 2 of 2
                    at 2 <- actual: 3
                    """)
    }

    private func values(_ expected: String, _ actual: [String?]) throws -> String {
        try judge(
            "{ \"keys\": { \"alice\": { \"values\": \(expected) } } }",
            [JudgeFixture.key("alice", actual.count, on: [0], values: actual)])
    }

    @Test func valuesThatMatch() throws {
        #expect(try values(#"["espresso", null, ""]"#, ["espresso", nil, ""]) == "")
        #expect(try values(#"[{ "equals": { "b": [1, 2.0], "a": null } }]"#, [#"{"a":null,  "b":[1,2]}"#]) == "")
        #expect(try values(#"[3, true, [1]]"#, ["3.0", "true", "[ 1 ]"]) == "")
        #expect(try values(#"[{ "matches": "^esp" }, { "matches": "so$" }]"#, ["espresso", "espresso"]) == "")
        #expect(try values(#"[{ "oneOf": ["a", null, 7] }, { "oneOf": ["a", null, 7] }]"#, [nil, "7"]) == "")
        #expect(try values(#"[{ "min": 2, "max": 3 }, { "min": 1.5 }]"#, ["3", "1.5"]) == "")
    }

    @Test func numbersAreComparedExactly() throws {
        let large = #"{ "min": 9007199254740993.0, "max": 9007199254740993 }"#
        #expect(try values("[\(large)]", ["9007199254740993"]) == "")
        for value in ["9007199254740992", "9007199254740994", "9007199254740992.5"] {
            #expect(
                try values("[\(large)]", [value]) == """
                    failure: the values of key "alice" are not as expected
                    consume orders as baristas, step 2 of 2
                    at \(large) <- actual: \(value)
                    """)
        }
        #expect(try values(#"[0.1, { "oneOf": [0.3] }]"#, ["0.10", "0.30"]) == "")
        #expect(try values(#"[0.1]"#, ["0.10000000000000000001"]) != "")
    }

    @Test func patternsThatTakeTooLongAreOneFailure() throws {
        let step = try JudgeFixture.consume(
            ##"{ "keys": { "alice": { "values": ["a", { "matches": "b$" }] }, "bob": { "values": [{ "matches": "c" }, "d"] } } }"##
        )
        let outcome = JudgeFixture.consumed(
            TopicRecords(
                partitions: [:],
                keys: [
                    JudgeFixture.key("alice", 2, on: [0], values: ["a", "b"]),
                    JudgeFixture.key("bob", 2, on: [0], values: ["c", "x"]),
                ]))
        let budget = PatternBudget(.zero)
        let diagnostics = Judge.judge(
            step: step, stepCount: 2, outcome: outcome, invariants: [], partitionCounts: ["orders": 3],
            partitioners: [:], patterns: budget)
        #expect(budget.stop == .outOfTime)
        #expect(
            diagnostics.map(JudgeFixture.text).joined(separator: "\n") == """
                failure: the values of key "alice" could not be compared with a regular expression in time
                consume orders as baristas, step 2 of 2
                at { "matches": "b$" } <- no answer within 0ms
                = value 2 of 2 has 1 bytes
                = all regular expressions of a step have 0ms together: expect shorter values, or "equals"
                """)
        let interrupted = PatternBudget { true }
        let nothing = Judge.judge(
            step: step, stepCount: 2, outcome: outcome, invariants: [], partitionCounts: ["orders": 3],
            partitioners: [:], patterns: interrupted)
        #expect(interrupted.stop == .interrupted)
        #expect(nothing.isEmpty)
    }

    @Test func oneValueDiffers() throws {
        #expect(
            try values(#"["espresso", "croissant"]"#, ["espresso", "baguette"]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at "croissant" <- actual: "baguette"
                = value 2 of 2
                """)
        #expect(
            try values(#"[null]"#, [""]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at null <- actual: ""
                """)
        #expect(
            try values(#"[{ "min": 2 }]"#, ["two"]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at { "min": 2 } <- actual: "two"
                """)
    }

    @Test func severalValuesDiffer() throws {
        #expect(
            try values(#"["a", { "oneOf": ["b", 1] }, { "matches": "^c" }, { "max": 4 }]"#, ["a", "x", nil]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at ["a", { "oneOf": ["b", 1] }, { "matches": "^c" }, { "max": 4 }] <- actual: 3 values
                = value  expected                     actual
                = 2      one of "b", 1                "x"
                = 3      something that matches "^c"  tombstone
                = 4      at most 4                    nothing
                """)
        #expect(
            try values(#"["a"]"#, ["a", #"{"x": 1}"#]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at ["a"] <- actual: 2 values
                = value  expected  actual
                = 2      nothing   {"x":1}
                """)
    }

    @Test func bytesThatAreNoText() throws {
        let key = KeyOutcome(key: Array("alice".utf8), messages: 1, partitions: [0], values: [[0xff, 0x01]])
        #expect(
            try judge(#"{ "keys": { "alice": { "values": [{ "matches": "x" }] } } }"#, [key]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at { "matches": "x" } <- actual: {"hex":"ff01"}
                """)
    }

    /// Nothing says in which order partitions are read.
    @Test func valuesOfSeveralPartitions() throws {
        let key = JudgeFixture.key("alice", 2, on: [0, 2], values: ["b", "a"])
        #expect(
            try judge(#"{ "keys": { "alice": { "values": ["a", "b"] } } }"#, [key]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at ["a", "b"] <- 2 of 2 differ
                = value  expected  actual
                = 1      "a"       "b"
                = 2      "b"       "a"
                = they were read from partitions 0 and 2: there is no order between partitions
                """)
    }

    /// A key is told as the file may say it.
    @Test func keysThatAreNoText() throws {
        let keys = [JudgeFixture.key("alice", 1, on: [0]), KeyOutcome(key: [0, 42], messages: 1, partitions: [1])]
        #expect(
            try judge(#"{ "keys": [{ "key": "bob", "messages": 1 }] }"#, keys) == """
                failure: key "bob" was not read
                consume orders as baristas, step 2 of 2
                at "bob" <- actual: 0 messages
                = keys that were read: "alice", {"hex":"002a"}
                """)
    }

    private func bytes(_ expected: String, _ actual: [[UInt8]?]) throws -> String {
        let key = KeyOutcome(key: Array("alice".utf8), messages: actual.count, partitions: [0], values: actual)
        return try judge("{ \"keys\": { \"alice\": { \"values\": \(expected) } } }", [key])
    }

    @Test func bytesAreComparedAsBytes() throws {
        #expect(try bytes(#"[{ "hex": "ff01" }, { "base64": "/wE=" }]"#, [[0xff, 0x01], [0xff, 0x01]]) == "")
        #expect(try bytes(#"[{ "hex": "" }, { "oneOf": [{ "hex": "00" }, null] }]"#, [[], nil]) == "")
        // The same JSON in other bytes is another value.
        #expect(
            try bytes(#"[{ "base64": "eyJhIjoxfQ==" }]"#, [Array(#"{"a": 1}"#.utf8)]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at { "base64": "eyJhIjoxfQ==" } <- actual: "{\\"a\\": 1}"
                """)
        #expect(
            try bytes(#"[{ "hex": "ff01" }]"#, [nil]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at { "hex": "ff01" } <- actual: tombstone
                """)
    }

    /// An object without a matcher's field stands for itself, its order and spaces aside.
    @Test func objectsAreComparedAsJSON() throws {
        #expect(
            try values(
                #"[{ "id": 7, "tags": ["a"] }, { "equals": {} }]"#, [#"{"tags":["a"],  "id":7.0}"#, "{ }"]) == "")
        #expect(
            try values(#"[{ "id": 7 }]"#, [#"{"id": 7, "tax": 3}"#]) == """
                failure: the values of key "alice" are not as expected
                consume orders as baristas, step 2 of 2
                at { "id": 7 } <- actual: {"id":7,"tax":3}
                """)
    }
}
