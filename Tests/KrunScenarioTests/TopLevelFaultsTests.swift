import Testing

/// What is wrong before the steps.
@Suite("Top Level Faults") struct TopLevelFaultsTests {
    @Test("a fault is told with its place and the way out", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    static let faults: [Fault] = [
        Fault(
            "an unknown field",
            #"""
            { "name": "a", "topcs": [], "steps": [{ "produce": "orders", "count": 1, "value": "" }] }
            """#,
            #"""
            1:16-22 unknown field "topcs"
              ^ did you mean "topics"?
            1:52-59 topic "orders" is not declared
              ^ not in "topics"
              = declare it: "topics": [{ "name": "orders" }]
            """#),
        Fault(
            "an empty name",
            #"""
            { "name": "", "topics": [{ "name": "t" }], "steps": [{ "consume": "t" }] }
            """#,
            #"""
            1:11-12 a scenario's name is empty
              ^ every report shows it
            """#),
        Fault(
            "no object",
            #"""
            []
            """#,
            #"""
            1:1-2 wrong type for a scenario
              ^ expected an object, found a list
            """#),
        Fault(
            "nothing in it",
            #"""
            {}
            """#,
            #"""
            1:1 a scenario has no "name"
              ^ "name" is missing
            1:1 a scenario has no "steps"
              ^ "steps" is missing
            """#),
        Fault(
            "fields of the wrong type",
            #"""
            { "name": 5, "description": [], "tags": [1], "skip": true, "embedded": 3,
              "seed": "7", "client": [], "timeouts": "5s", "partitioner": 1, "allow": "no-loss", "topics": {},
              "groups": null, "steps": 0, "variables": [], "requires": 1 }
            """#,
            #"""
            1:11 wrong type for "name"
              ^ expected a string, found the number 5
            1:29-30 wrong type for "description"
              ^ expected a string, found a list
            1:42 wrong type for an element of "tags"
              ^ expected a string, found the number 1
            1:54-57 wrong type for "skip"
              ^ expected a string, found true
            1:72 wrong type for "embedded"
              ^ expected an object, found the number 3
            2:11-13 wrong type for "seed"
              ^ expected a whole number, found a string "7"
            2:26-27 wrong type for "client"
              ^ expected an object, found a list
            2:42-45 wrong type for "timeouts"
              ^ expected an object, found a string "5s"
            2:63 wrong type for "partitioner"
              ^ expected a string, found the number 1
            2:75-83 wrong type for "allow"
              ^ expected a list, found a string "no-loss"
            2:96-97 wrong type for "topics"
              ^ expected a list, found an object
            3:13-16 wrong type for "groups"
              ^ expected a list, found null
            3:28 wrong type for "steps"
              ^ expected a list, found the number 0
            3:44-45 wrong type for "variables"
              ^ expected an object, found a list
            3:60 wrong type for "requires"
              ^ expected a string or a list of strings, found the number 1
            """#),
        Fault(
            "names that are none of them",
            #"""
            { "name": "a", "partitioner": "murmur", "allow": ["no-los", "aborted-invisible", "everything"],
              "requires": ["brokers>3", "brokers>=three", "librdkafka>=2.3"],
              "steps": [] }
            """#,
            #"""
            1:31-38 "murmur" is not a value of "partitioner"
              ^ did you mean "murmur2"?
            1:51-58 "no-los" is not a value of "allow"
              ^ did you mean "no-loss"?
            1:82-93 "everything" is not a value of "allow"
              ^ not one of them
              = the values of "allow": no-loss, no-duplicates, key-affinity, per-key-order, offset-order, single-owner, assigned-only, commit-not-ahead, aborted-invisible, fenced-silent
            2:16-26 "brokers>3" is not something a scenario can require
              ^ not understood
              = write "real-broker", "embedded-broker", "brokers>=3" or "librdkafka>=2.3", with your own numbers
            2:29-44 "brokers>=three" is not something a scenario can require
              ^ not understood
              = write "real-broker", "embedded-broker", "brokers>=3" or "librdkafka>=2.3", with your own numbers
            3:12-13 "steps" is empty
              ^ a scenario needs at least one step
            """#),
        Fault(
            "numbers out of range",
            #"""
            { "name": "a", "seed": -1, "embedded": { "brokers": 0, "borkers": 1 },
              "timeouts": { "connect": "0s", "join": "5 s", "receive": "2d", "settle": "1s" },
              "topics": [{ "name": "t", "partitions": 0, "replicationFactor": 0 }, { "name": "u", "partitions": "3" }],
              "steps": [{ "consume": "t" }] }
            """#,
            #"""
            1:24-25 "seed" is out of range
              ^ expected 0 or more, found -1
            1:53 "brokers" is out of range
              ^ expected 1 or more, found 0
            1:56-64 unknown field "borkers"
              ^ did you mean "brokers"?
            2:28-31 "connect" is out of range
              ^ expected 1ms to 24h, found 0s
            2:42-46 "join" is not a duration
              ^ found "5 s"
              = a duration is a number and a unit, one of us, ms, s, m, h: "500ms", "5s", "2m"
            2:60-63 "receive" is not a duration
              ^ found "2d"
              = a duration is a number and a unit, one of us, ms, s, m, h: "500ms", "5s", "2m"
            2:66-73 "settle" is not a field of "timeouts"
              ^ a consume step has it
            3:43 "partitions" is out of range
              ^ expected 1 or more, found 0
            3:67 "replicationFactor" is out of range
              ^ expected 1 or more, found 0
            3:101-103 wrong type for "partitions"
              ^ expected a whole number, found a string "3"
            """#),
        Fault(
            "topics that cannot be",
            #"""
            { "name": "a", "topics": [
              { "name": "a b" }, { "name": "" }, { "name": ".." }, { "partitions": 1 }, { "name": "t" }, { "name": "t" },
              { "name": "a.b" }, { "name": "a_b" }, { "name": "e", "existing": true, "config": {}, "replicationFactor": 1 },
              { "name": "c", "config": { "retention.ms": null, "cleanup.policy": "compact" } }, "t"],
              "steps": [{ "consume": "t" }] }
            """#,
            #"""
            2:13-17 "a b" is no name for a topic
              ^ only letters, digits, ".", "_" and "-" of ASCII are allowed
            2:32-33 "" is no name for a topic
              ^ it is empty
            2:48-51 ".." is no name for a topic
              ^ "." and ".." are no names
            2:56 a topic has no "name"
              ^ "name" is missing
            2:104-106 topic "t" is declared twice
              ^ the second one
            3:32-36 topics "a.b" and "a_b" are one to Kafka
              ^ names that differ only in "." and "_" collide
            3:74-81 an existing topic has no "config" here
              ^ krun does not alter a topic that is there already
            3:88-106 an existing topic has no "replicationFactor" here
              ^ krun does not alter a topic that is there already
            4:46-49 wrong type for "retention.ms"
              ^ expected a string, a number or a boolean, found null
            4:85-87 wrong type for a topic
              ^ expected an object, found a string "t"
            """#),
        Fault(
            "groups that cannot be",
            #"""
            { "name": "a", "topics": [{ "name": "t" }],
              "groups": [{ "name": "g" }, { "name": "g" }, {}, { "name": "a/b" }, { "name": "", "existing": true }],
              "steps": [{ "consume": "t", "group": "a:b" }] }
            """#,
            #"""
            2:41-43 group "g" is declared twice
              ^ the second one
            2:48 a group has no "name"
              ^ "name" is missing
            2:62-66 "a/b" is no name for a group
              ^ only letters, digits, ".", "_" and "-" of ASCII are allowed
            2:81-82 "" is no name for a group
              ^ it is empty
            3:40-44 "a:b" is no name for a group
              ^ only letters, digits, ".", "_" and "-" of ASCII are allowed
            """#),
        Fault(
            "notes that are no text",
            #"""
            { "name": "a", "note": 5, "topics": [{ "name": "t", "note": [] }], "steps": [{ "consume": "t", "note": true }] }
            """#,
            #"""
            1:24 wrong type for "note"
              ^ expected a string, found the number 5
            1:61-62 wrong type for "note"
              ^ expected a string, found a list
            1:104-107 wrong type for "note"
              ^ expected a string, found true
            """#),
        Fault(
            "variables with impossible names",
            #"""
            { "name": "a", "variables": { "index": 1, "two words": 2, "now": 3, "1st": 4, "_ok1": 5 },
              "topics": [{ "name": "t" }], "steps": [{ "consume": "t" }] }
            """#,
            #"""
            1:31-37 "index" is no name for a variable
              ^ the language uses it itself
            1:43-53 "two words" is no name for a variable
              ^ expected letters, digits and _, not beginning with a digit
            1:59-63 "now" is no name for a variable
              ^ the language uses it itself
            1:69-73 "1st" is no name for a variable
              ^ expected letters, digits and _, not beginning with a digit
            """#),
    ]
}
