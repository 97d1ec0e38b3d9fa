import Testing

/// What is wrong with a produce step.
@Suite("Produce Faults") struct ProduceFaultsTests {
    @Test("a fault is told with its place and the way out", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    static let faults: [Fault] = [
        Fault(
            "no verb",
            steps: #"""
                { "prodcue": "orders" },
                { "count": 3 },
                "produce",
                { "transaction": "commit" }
                """#,
            #"""
            6:3-11 unknown verb "prodcue"
              ^ did you mean "produce"?
            7:1 a step has no verb
              ^ one of "produce", "consume", "group", "transaction", "offsets", "topic", "fault", "pause", "together" and "repeat" is missing
              = such as { "produce": "orders", … }
            8:1-9 wrong type for a step
              ^ expected an object, found a string "produce"
            9:1 a transaction step has no "end"
              ^ "end" is missing
            9:18-25 no earlier step has a producer "commit"
              ^ nothing is open
              = such as { "produce": "orders", "producer": "commit", "transaction": "open", … }
            """#),
        Fault(
            "two verbs",
            steps: #"""
                { "produce": "orders", "messages": [], "consume": "orders" },
                { "consume": "orders", "fault": {} }
                """#,
            #"""
            6:40-48 a step has two verbs, "produce" and "consume"
              ^ make it a step of its own
            7:24-30 a step has two verbs, "consume" and "fault"
              ^ make it a step of its own
            """#),
        Fault(
            "an undeclared topic",
            steps: #"""
                { "produce": "order", "messages": [] },
                { "produce": "payments", "messages": [] }
                """#,
            #"""
            6:14-20 topic "order" is not declared
              ^ did you mean "orders"?
            7:14-23 topic "payments" is not declared
              ^ not in "topics"
              = the topics of this file: invoices, old, orders
            """#),
        Fault(
            "nothing to send",
            steps: #"""
                { "produce": "orders" },
                { "produce": "orders", "value": "x" },
                { "produce": "orders", "mesages": [] }
                """#,
            #"""
            6:1 a produce step has nothing to send
              ^ "messages" or "count" is missing
            7:1 a produce step has no "count"
              ^ "count" is missing
              = say how many messages to make, or put them into "messages"
            8:24-32 unknown field "mesages"
              ^ did you mean "messages"?
            """#),
        Fault(
            "messages and a generator",
            steps: #"""
                { "produce": "orders", "messages": [], "count": 3, "key": "a" }
                """#,
            #"""
            6:40-46 a produce step has "messages" and "count"
              ^ it belongs into a message, or stands without "messages"
            6:52-56 a produce step has "messages" and "key"
              ^ it belongs into a message, or stands without "messages"
            """#),
        Fault(
            "a count below zero",
            steps: #"""
                { "produce": "orders", "count": -1, "value": "{{index}}" },
                { "produce": "orders", "messages": [{ "count": 1.5 }] }
                """#,
            #"""
            6:33-34 "count" is out of range
              ^ expected 0 or more, found -1
            7:48-50 wrong type for "count"
              ^ expected a whole number, found the number 1.5
            """#),
        Fault(
            "a misspelt field beside a transaction",
            steps: #"""
                { "produce": "orders", "mesages": [], "transaction": "commit", "producer": "p" },
                { "produce": "orders", "messages": [], "transaction": "commit", "end": "commit" }
                """#,
            #"""
            6:24-32 unknown field "mesages"
              ^ did you mean "messages"?
            7:65-69 unknown field "end"
              ^ not a field of a produce step
              = the fields of a produce step: produce, messages, count, key, value, headers, partition, timestamp, partitioner, acks, idempotent, compression, linger, rate, producer, transaction, transactionalId, offsetsOf, client, allow, expect, note
            """#),
        Fault(
            "fields of another verb",
            steps: #"""
                { "produce": "orders", "messages": [], "group": "g", "from": "latest" }
                """#,
            #"""
            6:40-46 "group" is not a field of a produce step
              ^ a consume step has it
            6:54-59 "from" is not a field of a produce step
              ^ a consume step has it
            """#),
        Fault(
            "fields of a message",
            steps: #"""
                { "produce": "orders", "messages": [{ "keey": "a" }, { "acks": 1 }, 5, { "topic": "x" }] }
                """#,
            #"""
            6:39-44 unknown field "keey"
              ^ did you mean "key"?
            6:56-61 "acks" is not a field of a message
              ^ it belongs on the produce step
            6:69 wrong type for a message
              ^ expected an object, found the number 5
            6:74-80 unknown field "topic"
              ^ not a field of a message
              = the fields of a message: key, value, headers, partition, timestamp, count, note
            """#),
        Fault(
            "a partition beyond the topic's",
            steps: #"""
                { "produce": "orders", "messages": [{ "partition": 3 }, { "partition": -1 }, { "partition": "{{n}}" },
                  { "count": 10, "partition": "{{index % 4}}" }, { "count": 2, "partition": "{{index - 1}}" }, { "partition": "1" }, { "partition": "p{{n}}" },
                  { "partition": "{{city}}" }, { "count": 3, "partition": "{{index % 3}}" }] },
                { "produce": "invoices", "messages": [{ "partition": 1 }] },
                { "produce": "old", "messages": [{ "partition": 100 }] }
                """#,
            #"""
            6:52 partition 3 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            6:72-73 "partition" is out of range
              ^ expected 0 or more, found -1
            6:93-99 partition 5 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            7:31-45 partition 3 of "orders" does not exist
              ^ at index 3: the topic has partitions 0 to 2
            7:77-91 "partition" is out of range
              ^ expected 0 or more, found -1 at index 0
            7:111-113 wrong type for "partition"
              ^ expected a whole number or a template of one, found a string "1"
            7:133-140 wrong type for "partition"
              ^ expected a whole number or a template of one, found text around a template
            8:18-27 wrong type for "partition"
              ^ expected a whole number or a template of one, found a string "Paris"
            9:54 partition 1 of "invoices" does not exist
              ^ the topic has only partition 0
            """#),
        Fault(
            "timestamps",
            steps: #"""
                { "produce": "orders", "messages": [
                  { "timestamp": 0 }, { "timestamp": "yesterday" }, { "timestamp": "2026-02-29T00:00:00Z" }, { "timestamp": true },
                  { "timestamp": "{{index}}" }, { "timestamp": "1969-12-31T23:59:59Z" }, { "timestamp": "2026-01-01T00:00:00+01:00" },
                  { "timestamp": "2026-01-01T00:00:0{{n}}Z" }] }
                """#,
            #"""
            7:18 "timestamp" is out of range
              ^ expected 1 or more, found 0
            7:38-48 "timestamp" is no time
              ^ expected milliseconds since 1970 or an RFC 3339 time, found a string "yesterday"
              = such as 1767225600000 or "2026-01-01T00:00:00Z"; Kafka has no parts of a millisecond
            7:68-89 "timestamp" is no time
              ^ expected milliseconds since 1970 or an RFC 3339 time, found a string "2026-02-29T00:00:00Z"
              = such as 1767225600000 or "2026-01-01T00:00:00Z"; Kafka has no parts of a millisecond
            7:109-112 wrong type for "timestamp"
              ^ expected milliseconds since 1970 or an RFC 3339 time, found true
            8:18-28 "timestamp" is out of range
              ^ expected 1 or more, found 0 at index 0
            8:48-69 "timestamp" is out of range
              ^ expected a time after 1970-01-01T00:00:00Z
            9:18-43 wrong type for "timestamp"
              ^ expected milliseconds since 1970 or an RFC 3339 time, found text around a template
            """#),
        Fault(
            "payloads",
            steps: #"""
                { "produce": "orders", "messages": [
                  { "value": { "base64": "YWJ" } }, { "value": { "base64": "YW-j" } }, { "value": { "base64": "YWJj=" } }, { "value": { "base64": 5 } },
                  { "value": { "hex": "abc" } }, { "value": { "hex": "zz" } }, { "value": { "bytes": -1 } }, { "value": { "bytes": "1 KiB" } },
                  { "value": { "file": "a.txt" } }, { "value": { "cycle": [] } }, { "value": { "oneOf": [] } }] }
                """#,
            #"""
            7:29 "base64" does not hold base64
              ^ the text stops within a group of four; pad it with =
            7:63 "base64" does not hold base64
              ^ not a letter of base64
            7:100 "base64" does not hold base64
              ^ padding comes too early
            7:131 wrong type for "base64"
              ^ expected a string, found the number 5
            8:26 "hex" does not hold hexadecimal digits
              ^ a digit is missing after this one
            8:55 "hex" does not hold hexadecimal digits
              ^ not a hexadecimal digit
            8:86-87 "bytes" is out of range
              ^ expected 0 or more, found -1
            8:116-122 "bytes" is not a size
              ^ found "1 KiB"
              = a size is a number of bytes, or a string such as "16KiB" or "5MB"
            9:24-30 cannot read the file "a.txt"
              ^ this scenario has no folder
              = one that comes from stdin or from a pipe has none: save it to a file, beside those that it names
            9:59-60 "cycle" is empty
              ^ there is nothing to send
            9:89-90 "oneOf" is empty
              ^ there is nothing to send
            """#),
        Fault(
            "headers",
            steps: #"""
                { "produce": "orders", "messages": [
                  { "headers": "a" }, { "headers": [{ "value": "v" }] }, { "headers": [{ "key": "k", "valu": "v" }, 5] }, { "headers": { "k": { "hex": "0" } } }] }
                """#,
            #"""
            7:16-18 wrong type for "headers"
              ^ expected a list of headers or an object, found a string "a"
            7:37 a header has no "key"
              ^ "key" is missing
            7:86-91 unknown field "valu"
              ^ did you mean "value"?
            7:101 wrong type for a header
              ^ expected an object, found the number 5
            7:137 "hex" does not hold hexadecimal digits
              ^ a digit is missing after this one
            """#),
        Fault(
            "options",
            steps: #"""
                { "produce": "orders", "messages": [], "acks": 2, "idempotent": "yes", "compression": "zip", "linger": 5,
                  "partitioner": "Murmur2" },
                { "produce": "orders", "messages": [], "acks": 1, "idempotent": true },
                { "produce": "orders", "messages": [], "linger": "16m" }
                """#,
            #"""
            6:48 wrong value for "acks"
              ^ expected "all", -1, 0 or 1, found the number 2
            6:65-69 wrong type for "idempotent"
              ^ expected true or false, found a string "yes"
            6:87-91 "zip" is not a value of "compression"
              ^ did you mean "gzip"?
            6:104 wrong type for "linger"
              ^ expected a duration such as "500ms", found the number 5
            7:18-26 "Murmur2" is not a value of "partitioner"
              ^ did you mean "murmur2"?
            8:48 an idempotent producer cannot have "acks": 1
              ^ it needs the acknowledgement of all replicas
              = leave "acks" out, or "idempotent"
            9:50-54 "linger" is out of range
              ^ expected 0s to 15m, found 16m
            """#),
    ]
}
