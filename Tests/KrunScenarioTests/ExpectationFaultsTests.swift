import Testing

/// Expectations that cannot be judged.
@Suite("Expectation Faults") struct ExpectationFaultsTests {
    @Test("a fault is told with its place and the way out", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    static let faults: [Fault] = [
        Fault(
            "unknown and foreign names",
            steps: #"""
                { "produce": "orders", "messages": [], "expect": { "distinctKeys": 1, "mesages": 1, "lag": 0, "topics": {}, "error": "X", "records": 5 } },
                { "consume": "orders", "group": "g", "expect": { "failed": 0, "latency": {}, "partition": 1 } }
                """#,
            #"""
            6:52-65 "distinctKeys" is not a field of the expectation of a produce step
              ^ it stands in the report only
            6:71-79 unknown field "mesages"
              ^ did you mean "messages"?
            6:85-89 "lag" is not a field of the expectation of a produce step
              ^ only a consume step with a group has it
            6:95-102 "topics" is not a field of the expectation of a produce step
              ^ a produce step has one topic: write "partitions", "keys" and "nullKey" without it
            6:134 wrong type for "records"
              ^ expected a list of record matchers, { "contains": [ … ] } or { "inOrder": [ … ] }, found the number 5
            7:50-57 "failed" is not a field of the expectation of a consume step
              ^ only a produce step has it
            7:78-88 unknown field "partition"
              ^ did you mean "partitions"?
            """#),
        Fault(
            "keys that are never sent",
            steps: #"""
                { "produce": "orders", "messages": [{ "key": "alice" }, { "key": "bob", "count": 0 }], "expect": { "keys": { "alcie": {}, "bob": {}, "alice": {} } } }
                """#,
            #"""
            6:110-116 key "alcie" is never sent to "orders"
              ^ did you mean "alice"?
              = no message of this step has it
            6:123-127 key "bob" is never sent to "orders"
              ^ no message of this step has it
            """#),
        Fault(
            "keys of somebody else's service",
            steps: #"""
                { "group": "old group", "expect": { "state": "Stable" } },
                { "consume": "orders", "expect": { "keys": { "zoe": {} } } },
                { "produce": "orders", "messages": [{ "key": "alice" }] },
                { "consume": "orders", "expect": { "keys": { "zoe": {}, "alice": {} } } }
                """#,
            #"""
            9:46-50 key "zoe" is never sent to "orders"
              ^ no earlier step sends it
            """#),
        Fault(
            "keys that no earlier step sends",
            steps: #"""
                { "produce": "orders", "messages": [{ "key": "alice" }] },
                { "consume": "orders", "expect": { "keys": { "zoe": {}, "alice": {} } } },
                { "consume": "invoices", "expect": { "keys": { "zoe": {} } } },
                { "consume": "old", "expect": { "keys": { "zoe": {} } } },
                { "produce": "invoices", "messages": [{ "key": "zoe" }] },
                { "consume": ["orders", "invoices"], "expect": { "topics": { "invoices": { "keys": { "zoe": {} } }, "orders": { "keys": { "zoe": {} } } } } }
                """#,
            #"""
            7:46-50 key "zoe" is never sent to "orders"
              ^ no earlier step sends it
            8:48-52 key "zoe" is never sent to "invoices"
              ^ no earlier step sends it
            11:123-127 key "zoe" is never sent to "orders"
              ^ no earlier step sends it
            """#),
        Fault(
            "keys of a generator",
            steps: #"""
                { "produce": "orders", "count": 1000, "key": "user-{{index % 10}}", "value": "x",
                  "expect": { "keys": { "user-9": {}, "user-10": {}, "user9": {} } } }
                """#,
            #"""
            7:39-47 key "user-10" is never sent to "orders"
              ^ no message of this step has it
            7:54-60 key "user9" is never sent to "orders"
              ^ no message of this step has it
            """#),
        Fault(
            "keys where some cannot be known",
            steps: #"""
                { "produce": "orders", "messages": [{ "key": { "bytes": 3 } }] },
                { "consume": "orders", "expect": { "keys": { "zoe": { "mesages": 1 } } } }
                """#,
            #"""
            7:55-63 unknown field "mesages"
              ^ did you mean "messages"?
            """#),
        Fault(
            "a foretold partition without a key",
            steps: #"""
                { "produce": "orders", "messages": [{}], "expect": { "nullKey": { "partition": 1, "partitions": 1 } } },
                { "consume": "orders", "expect": { "nullKey": { "partition": { "equals": 1 } } } },
                { "consume": "orders", "expect": { "nullKey": { "partition": { "min": 1 } } } }
                """#,
            #"""
            6:80 the partition of messages without a key cannot be expected
              ^ murmur2_random places them at random
              = expect "partitions": how many they are on
            7:62-76 the partition of messages without a key cannot be expected
              ^ murmur2_random places them at random
              = expect "partitions": how many they are on
            """#),
        Fault(
            "partitions that do not exist",
            steps: #"""
                { "produce": "orders", "messages": [{ "key": "a" }], "expect": { "partitions": { "3": {}, "-1": {}, "00": {}, "x": {} },
                  "keys": { "a": { "partition": 3 } } } },
                { "consume": "orders", "group": "g", "expect": { "committed": { "7": 1 }, "keys": { "a": { "partition": { "oneOf": [0, 3] } } } } },
                { "consume": "old", "expect": { "partitions": { "7": {} } } }
                """#,
            #"""
            6:82-84 partition 3 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            6:91-94 "-1" is not a partition
              ^ expected a number such as "0"
            6:101-104 "00" is not a partition
              ^ expected a number such as "0"
            6:111-113 "x" is not a partition
              ^ expected a number such as "0"
            7:33 partition 3 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            8:65-67 partition 7 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            8:120 partition 3 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            """#),
        Fault(
            "offsets without acknowledgement",
            steps: #"""
                { "produce": "orders", "messages": [], "acks": 0, "expect": { "partitions": { "0": { "messages": 1, "first": 0, "last": null, "lag": 0 } } } }
                """#,
            #"""
            6:101-107 "first" is unknown with "acks": 0
              ^ the broker does not tell offsets without an acknowledgement
            6:113-118 "last" is unknown with "acks": 0
              ^ the broker does not tell offsets without an acknowledgement
            6:127-131 "lag" is not an outcome of a produce step
              ^ only a consume step with a group has it
            """#),
        Fault(
            "members",
            steps: #"""
                { "consume": "orders", "group": "g", "members": 2, "expect": { "members": {
                  "1": { "partitions": ["orders/3", "invoices/0", "orders", 5, "orders/0"] }, "3": {}, "0": {}, "01": {}, "two": {},
                  "2": { "partitions": { "min": 1 }, "message": 5 } } } },
                { "consume": "orders", "group": "g", "expect": { "members": { "2": {} } } }
                """#,
            #"""
            7:25-34 partition 3 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            7:37-48 this step does not read topic "invoices"
              ^ it reads orders
            7:51-58 "orders" is not a partition
              ^ expected a topic and a number, such as "orders/0"
            7:61 wrong type for "partitions"
              ^ expected a string, found the number 5
            7:79-81 there is no member "3"
              ^ the step has members "1" to "2"
            7:88-90 there is no member "0"
              ^ the step has members "1" to "2"
            7:97-100 there is no member "01"
              ^ the step has members "1" to "2"
            7:107-111 there is no member "two"
              ^ the step has members "1" to "2"
            8:38-46 unknown field "message"
              ^ did you mean "messages"?
            9:63-65 there is no member "2"
              ^ the step has only member "1"
            """#),
        Fault(
            "several topics",
            steps: #"""
                { "consume": ["orders", "invoices"], "group": "g", "expect": { "partitions": {}, "committed": { "order": {}, "invoices": { "1": 0 } },
                  "topics": { "old": {}, "orders": { "partitions": { "9": {} }, "committed": { "0": -1 } } } } }
                """#,
            #"""
            6:64-75 "partitions" does not say of which topic
              ^ this step reads 2
              = write "topics": { "orders": { "partitions": … } }
            6:97-103 this step does not read topic "order"
              ^ did you mean "orders"?
            6:124-126 partition 1 of "invoices" does not exist
              ^ the topic has only partition 0
            7:15-19 this step does not read topic "old"
              ^ it reads orders, invoices
            7:54-56 partition 9 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            7:85-86 "committed" can never be -1
              ^ expected 0 or more, found -1
            """#),
        Fault(
            "matchers",
            steps: #"""
                { "consume": "orders", "group": "g", "expect": { "messages": {}, "lag": { "min": 5, "max": 4 }, "idle": -1, "rebalances": 1.5,
                  "duration": 5 } },
                { "consume": "orders", "group": "g", "expect": { "messages": { "equals": 1, "min": 2 }, "lag": { "matches": "a" }, "idle": "two",
                  "duration": { "min": "2s", "max": "1s" }, "rebalances": { "oneOf": [] } } },
                { "consume": "orders", "group": "g", "expect": { "messages": null, "lag": { "contains": 1 }, "idle": { "equal": 0 }, "rebalances": { "note": "x" },
                  "duration": { "max": "soon" } } },
                { "consume": "orders", "expect": { "nullKey": { "values": [{ "min": "a" }, { "equals": 1, "oneOf": [1] }, { "matches": 5 }, { "size": "x" }, { "min": 9007199254740993, "max": 9007199254740992.0 }] } } }
                """#,
            #"""
            6:62 a matcher says nothing
              ^ expected one of equals, oneOf, min, max, not
            6:92 "min" is above "max"
              ^ nothing is between them
            6:105-106 "idle" can never be -1
              ^ expected 0 or more, found -1
            6:123-125 wrong type for "rebalances"
              ^ expected a whole number, found the number 1.5
            7:15 wrong type for "duration"
              ^ expected a duration such as "500ms", found the number 5
            8:77-81 a matcher has "equals" and "min"
              ^ only "min" and "max" go together
            8:98-106 "lag" cannot match a regular expression
              ^ it is no text
              = a number is judged with a literal, "min", "max", "equals", "oneOf" or "not"
            8:124-128 wrong type for "idle"
              ^ expected a whole number or a matcher, found a string "two"
            9:37-40 "min" is above "max"
              ^ nothing is between them
            9:70-71 "oneOf" is empty
              ^ nothing can be one of these
            10:62-65 wrong type for "messages"
              ^ expected a whole number or a matcher, found null
            10:77-86 "lag" cannot have "contains"
              ^ it is no record's value
              = a number is judged with a literal, "min", "max", "equals", "oneOf" or "not"
            10:104-110 unknown field "equal"
              ^ did you mean "equals"?
            10:132 a matcher says nothing
              ^ expected one of equals, oneOf, min, max, not
            11:24-29 "max" is not a duration
              ^ found "soon"
              = a duration is a number and a unit, one of us, ms, s, m, h: "500ms", "5s", "2m"
            12:69-71 wrong type for "min"
              ^ expected a number, found a string "a"
            12:91-97 a matcher has "equals" and "oneOf"
              ^ only "min" and "max" go together
            12:120 wrong type for "matches"
              ^ expected a string, found the number 5
            12:135-137 wrong type for "values"
              ^ expected a whole number or a matcher, found a string "x"
            12:176-193 "min" is above "max"
              ^ nothing is between them
            """#),
        Fault(
            "wrong shapes",
            steps: #"""
                { "consume": "orders", "group": "g", "expect": { "partitions": [], "keys": { "a": 1 }, "members": 2, "committed": [1], "topics": { "orders": 1 }, "nullKey": { "values": "x" } } },
                { "consume": "orders", "expect": 5 }
                """#,
            #"""
            6:64-65 wrong type for "partitions"
              ^ expected an object, found a list
            6:78-80 key "a" is never sent to "orders"
              ^ no earlier step sends it
            6:83 wrong type for the expectation of a key
              ^ expected an object, found the number 1
            6:99 wrong type for "members"
              ^ expected an object, found the number 2
            6:115-117 wrong type for "committed"
              ^ expected an object, found a list
            6:142 wrong type for the expectation of a topic
              ^ expected an object, found the number 1
            6:170-172 wrong type for "values"
              ^ expected a list, found a string "x"
            7:34 wrong type for "expect"
              ^ expected an object, found the number 5
            """#),
    ]
}
