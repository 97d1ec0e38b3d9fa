import Testing

/// What is wrong with a consume step.
@Suite("Consume Faults") struct ConsumeFaultsTests {
    @Test("a fault is told with its place and the way out", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    static let faults: [Fault] = [
        Fault(
            "topics that are not there",
            steps: #"""
                { "consume": [] },
                { "consume": ["orders", "orders"] },
                { "consume": ["orders", "invoice", 5] },
                { "consume": 5 }
                """#,
            #"""
            6:14-15 "consume" names no topic
              ^ expected at least one
            7:25-32 "consume" names topic "orders" twice
              ^ the second one
            8:25-33 topic "invoice" is not declared
              ^ did you mean "invoices"?
            8:36 wrong type for an element of "consume"
              ^ expected a string, found the number 5
            9:14 wrong type for "consume"
              ^ expected a string or a list of strings, found the number 5
            """#),
        Fault(
            "what needs a group",
            steps: #"""
                { "consume": "orders", "members": 2, "from": "committed", "commit": "end", "assignor": "range",
                  "expect": { "messages": 1, "members": {}, "idle": 0, "rebalances": 0, "committed": {}, "lag": 0, "partitions": { "0": { "committed": 1, "lag": 0 } } } }
                """#,
            #"""
            6:35 "members": 2 needs a group
              ^ this step reads without one
              = add "group": "…" to the step
            6:46-56 "from": "committed" needs a group
              ^ this step reads without one
              = add "group": "…" to the step
            6:69-73 "commit" needs a group
              ^ this step reads without one
              = add "group": "…" to the step
            6:88-94 "assignor" needs a group
              ^ this step reads without one
              = add "group": "…" to the step
            7:30-38 "members" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "members" out
            7:45-50 "idle" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "idle" out
            7:56-67 "rebalances" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "rebalances" out
            7:73-83 "committed" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "committed" out
            7:90-94 "lag" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "lag" out
            7:123-133 "committed" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "committed" out
            7:139-143 "lag" needs a group
              ^ this step reads without one
              = add "group": "…" to the step, or leave "lag" out
            """#),
        Fault(
            "where to begin",
            steps: #"""
                { "consume": "orders", "from": "erliest" },
                { "consume": "orders", "from": "2026-13-01T00:00:00Z" },
                { "consume": "orders", "from": 5 },
                { "consume": "orders", "from": { "9": 5 } },
                { "consume": "orders", "from": true }
                """#,
            #"""
            6:32-40 "erliest" is not a value of "from"
              ^ did you mean "earliest"?
            7:32-53 "from" is no time
              ^ no calendar has it, or it is before 1970
              = such as "2026-01-01T00:00:00Z"; Kafka has no parts of a millisecond
            8:32 "from": 5 is no time that can be meant
              ^ as milliseconds since 1970 it is in January of that year
              = an offset is said by partition: { "0": 5 }
              = the last 5 of each partition: -5
            9:34-36 partition 9 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            10:32-35 wrong type for "from"
              ^ expected "committed", "earliest", "latest", a time, -N, or an object, found true
            """#),
        Fault(
            "when to end",
            steps: #"""
                { "consume": "orders", "until": "ende" },
                { "consume": "orders", "until": {} },
                { "consume": "orders", "until": { "messages": 5, "idle": "1s" } },
                { "consume": "orders", "until": { "messages": -1 } },
                { "consume": "orders", "until": { "idle": 5 } },
                { "consume": "orders", "until": { "mesages": 5 } },
                { "consume": "orders", "until": 5 }
                """#,
            #"""
            6:33-38 "ende" is not a value of "until"
              ^ did you mean "end"?
            7:33 "until" says nothing
              ^ "messages", "idle" or "matching" is missing
            8:50-55 "until" has "messages" and "idle"
              ^ only one of them can end a step
            9:47-48 "messages" is out of range
              ^ expected 0 or more, found -1
            10:43 wrong type for "idle"
              ^ expected a duration such as "500ms", found the number 5
            11:35-43 unknown field "mesages"
              ^ did you mean "messages"?
            12:33 wrong type for "until"
              ^ expected "end", { "messages": N }, { "idle": "2s" } or { "matching": … }, found the number 5
            """#),
        Fault(
            "options of a reader",
            steps: #"""
                { "consume": "orders", "group": "g", "members": 0, "commit": "always", "assignor": "sticky" },
                { "consume": "orders", "group": "g", "members": "two" },
                { "consume": "orders", "group": 5 },
                { "consume": "orders", "messages": 3 }
                """#,
            #"""
            6:49 "members" is out of range
              ^ expected 1 or more, found 0
            6:62-69 "always" is not a value of "commit"
              ^ not one of them
              = the values of "commit": end, each, auto, none
            6:84-91 "sticky" is not a value of "assignor"
              ^ not one of them
              = the values of "assignor": range, roundrobin, cooperative-sticky
            7:49-53 wrong type for "members"
              ^ expected a whole number, found a string "two"
            8:33 wrong type for "group"
              ^ expected a string, found the number 5
            9:24-33 "messages" is not a field of a consume step
              ^ a produce step has it; how many are expected goes into "expect"
            """#),
    ]
}
