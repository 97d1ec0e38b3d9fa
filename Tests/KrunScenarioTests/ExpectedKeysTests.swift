import KrunDiagnostics
import KrunScenario
import Testing

/// Keys that are expected: as a map, as a list, and what of them cannot be judged.
@Suite("Expected Keys") struct ExpectedKeysTests {
    @Test("a list says keys in any form of a payload")
    func list() throws {
        let decoded = try decode(
            scenario(
                steps: #"""
                    { "produce": "orders", "messages": [
                      { "key": { "hex": "000000000000002a" } }, { "key": { "base64": "/wA=" } }, { "key": "in {{city}}" },
                      { "key": 7 }, { "key": { "id": 1 } }, { "key": "" }],
                      "expect": { "keys": [{ "key": { "base64": "AAAAAAAAACo=" }, "partition": 1, "note": "a number" }] } },
                    { "consume": "orders", "expect": { "keys": [
                      { "key": { "hex": "000000000000002a" }, "partition": 1 }, { "key": { "hex": "ff00" }, "messages": 1 },
                      { "key": "in {{city}}", "partitions": 1 }, { "key": 7, "values": [null] }, { "key": { "id": 1 } },
                      { "key": "" }] } },
                    { "consume": ["orders", "invoices"], "expect": { "topics": { "orders": { "keys": [{ "key": 7 }] } } } }
                    """#))
        func keys(_ step: Int) -> [KeyExpectation] {
            switch decoded.steps[step].action {
            case .produce(let produce): produce.expect.topics[0].keys
            case .consume(let consume): consume.expect.topics[0].keys
            case .group, .transaction, .offsets, .topic, .fault, .pause, .together, .repeat: []
            }
        }
        #expect(keys(0).map(\.key) == [[0, 0, 0, 0, 0, 0, 0, 42]])
        #expect(
            keys(1).map(\.key) == [
                [0, 0, 0, 0, 0, 0, 0, 42], [0xff, 0], Array("in Paris".utf8), Array("7".utf8), Array(#"{"id":1}"#.utf8),
                [],
            ])
        #expect(keys(1)[3].values?.values.count == 1)
        // Of `{ "hex": … }`.
        #expect(keys(1)[0].keyPlace.column == 12)
        #expect(keys(2).map(\.key) == [Array("7".utf8)])
    }

    @Test("a fault is told with its place", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    @Test("what can be judged is no fault", arguments: judgeable)
    func sound(steps: String) {
        #expect(problems(scenario(steps: steps)) == "")
    }

    static let faults: [Fault] = [
        Fault(
            "entries of the list",
            steps: #"""
                { "produce": "orders", "messages": [{ "key": "a" }, { "key": { "hex": "00" } }], "expect": { "keys": [
                  { "partition": 1 }, { "key": null }, { "key": { "bytes": 5 } }, { "key": { "hex": "0" } }, "a",
                  { "key": "a" }, { "key": { "hex": "61" } }, { "key": "a", "partition": 3 }, { "key": "a", "base64": "YQ==" },
                  { "key": { "hex": "ff" } }, { "key": "b", "partitionNumbers": [1] }] } },
                { "consume": "orders", "expect": { "keys": 5 } }
                """#,
            #"""
            7:3 the expectation of a key has no "key"
              ^ "key" is missing
            7:32-35 "key" is null
              ^ what is expected of messages without a key goes into "nullKey"
            7:49-62 "bytes" cannot be expected
              ^ which letters they are is drawn
            7:86 "hex" does not hold hexadecimal digits
              ^ a digit is missing after this one
            7:94-96 wrong type for the expectation of a key
              ^ expected an object, found a string "a"
            8:28-42 key "a" is expected twice
              ^ the second one
            8:56-58 key "a" is expected twice
              ^ the second one
            8:74 partition 3 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            8:88-90 key "a" is expected twice
              ^ the second one
            8:93-100 "base64" is not a field of the expectation of a key
              ^ it belongs in "key"
            9:12-26 key {"hex":"ff"} is never sent to "orders"
              ^ no message of this step has it
            9:40-42 key "b" is never sent to "orders"
              ^ no message of this step has it
            9:45-62 "partitionNumbers" is not a field of the expectation of a key
              ^ it stands in the report only
            10:44 wrong type for "keys"
              ^ expected an object or a list, found the number 5
            """#),
        Fault(
            "partitions that chance decides",
            steps: #"""
                { "produce": "orders", "messages": [{}], "expect": { "nullKey": { "partition": 1, "partitions": 1 } } },
                { "consume": "orders", "expect": { "nullKey": { "partition": { "equals": 1 } } } },
                { "produce": "old", "partitioner": "fnv1a_random", "messages": [{}] },
                { "consume": "old", "expect": { "nullKey": { "partition": 1 } } }
                """#,
            #"""
            6:80 the partition of messages without a key cannot be expected
              ^ murmur2_random places them at random
              = expect "partitions": how many they are on
            7:62-76 the partition of messages without a key cannot be expected
              ^ murmur2_random places them at random
              = expect "partitions": how many they are on
            9:59 the partition of messages without a key cannot be expected
              ^ fnv1a_random places them at random
              = expect "partitions": how many they are on
            """#),
        Fault(
            "values without an order",
            steps: #"""
                { "produce": "orders", "messages": [{ "value": "a" }, { "value": "b" }, { "key": "k", "value": "c", "partition": 0 }] },
                { "produce": "orders", "count": 4, "key": "k", "value": "{{index}}", "partition": "{{index % 2}}" },
                { "produce": "orders", "count": 4, "key": "m{{index % 2}}", "value": "{{index}}", "partition": "{{index / 2}}" },
                { "consume": "orders", "expect": { "nullKey": { "values": ["a", "b"] },
                  "keys": { "k": { "values": ["c", "0"] }, "m1": { "values": ["1", "3"] } } } },
                { "consume": "orders", "expect": { "keys": [{ "key": "k", "values": ["0", "c"] }] } }
                """#,
            #"""
            9:59-68 the values of messages without a key have no order
              ^ murmur2_random places them at random
              = only records of one partition have an order
              = expect them in whatever order, with { "anyOrder": [ … ] }, or send them to one partition
            10:30-39 the values of key "k" have no order
              ^ they are on partitions 0, 1
              = only records of one partition have an order
              = expect them in whatever order, with { "anyOrder": [ … ] }, or send them to one partition
            10:62-71 the values of key "m1" have no order
              ^ they are on partitions 0, 1
              = only records of one partition have an order
              = expect them in whatever order, with { "anyOrder": [ … ] }, or send them to one partition
            11:69-78 the values of key "k" have no order
              ^ they are on partitions 0, 1
              = only records of one partition have an order
              = expect them in whatever order, with { "anyOrder": [ … ] }, or send them to one partition
            """#),
    ]

    static let judgeable: [String] = [
        // On several partitions, all but one of which are read from behind their last record.
        #"""
        { "produce": "orders", "count": 4, "key": "k", "value": "{{index}}", "partition": "{{index % 2}}" },
        { "consume": "orders", "from": { "0": "latest" }, "expect": { "keys": { "k": { "values": ["1", "3"] } } } }
        """#,
        // Partitioners that hash what is missing like what is empty.
        #"""
        { "produce": "orders", "partitioner": "murmur2", "messages": [{ "value": "a" }, { "value": "b" }],
          "expect": { "nullKey": { "partition": 1 } } },
        { "consume": "orders", "expect": { "nullKey": { "partition": 1, "values": ["a", "b"] } } }
        """#,
        // Messages that name their partition, and a topic that has only one.
        #"""
        { "produce": "orders", "messages": [{ "value": "a", "partition": 2 }, { "value": "b", "partition": 2 }],
          "expect": { "nullKey": { "partition": 2, "values": ["a", "b"] } } },
        { "consume": "orders", "expect": { "nullKey": { "partition": 2, "values": ["a", "b"] } } }
        """#,
        #"""
        { "produce": "invoices", "messages": [{ "value": "a" }, { "value": "b" }] },
        { "consume": "invoices", "expect": { "nullKey": { "partition": 0, "values": ["a", "b"] } } }
        """#,
        // What others wrote: who knows where.
        #"{ "consume": "old", "expect": { "nullKey": { "partition": 5, "values": ["a", "b"] } } }"#,
        // A producer knows in which order it sent; equal values, or one, are in any order.
        #"""
        { "produce": "orders", "messages": [{ "value": "a" }, { "value": "b" }],
          "expect": { "nullKey": { "values": ["a", "b"] } } },
        { "consume": "orders", "expect": { "nullKey": { "values": [{ "matches": "." }, { "matches": "." }] } } }
        """#,
        #"""
        { "produce": "orders", "messages": [{ "value": "a" }] },
        { "consume": "orders", "expect": { "nullKey": { "values": ["a", "b"] } } }
        """#,
        // A key that the partitioner places is on one partition.
        #"""
        { "produce": "orders", "count": 9, "key": "k{{index % 3}}", "value": "{{index}}" },
        { "consume": "orders", "expect": { "keys": { "k1": { "values": ["1", "4", "7"] } } } }
        """#,
    ]
}
