import Testing

@testable import KrunRunner

@Suite struct EmbeddedLimitsTests {
    private func problems(topics: String = #"{ "name": "orders" }"#, steps: String) throws -> String {
        let scenario = try decode(
            """
            { "name": "test",
              "topics": [\(topics)],
              "steps": [
                \(steps)
              ] }
            """)
        return printed(EmbeddedLimits.diagnostics(for: scenario))
    }

    private func dropped(_ partition: Int, _ size: String, step: String) -> String {
        """
        error: the embedded broker would drop messages of orders
         --> test.json:4:18
          |
        4 |     \(step)
          |                  ^^^^^^^^ partition \(partition) would hold about \(size) MiB; it keeps the newest 5 MiB
          |
          = use more partitions, fewer or smaller messages, or a real broker: --brokers host:port
        """
    }

    /// 1012 bytes with a record's overhead: 5180 of them are the last that fit.
    @Test func theLastMessageThatFitsIsTakenAndTheNextIsNot() throws {
        #expect(try problems(steps: #"{ "produce": "orders", "count": 5180, "value": { "bytes": 1000 } }"#) == "")
        let step = #"{ "produce": "orders", "count": 5181, "value": { "bytes": 1000 } }"#
        #expect(try problems(steps: step) == dropped(0, "5.0", step: step))
    }

    @Test func oneKeyFillsOnePartition() throws {
        let step = #"{ "produce": "orders", "count": 6000, "key": "alice", "value": { "bytes": 1000 } }"#
        #expect(
            try problems(topics: #"{ "name": "orders", "partitions": 3 }"#, steps: step)
                == dropped(0, "5.8", step: step))
    }

    @Test func nullKeysAreSpreadEvenly() throws {
        let topics = #"{ "name": "orders", "partitions": 3 }"#
        #expect(
            try problems(
                topics: topics, steps: #"{ "produce": "orders", "count": 15000, "value": { "bytes": 1000 } }"#) == "")
        let step = #"{ "produce": "orders", "count": 15600, "value": { "bytes": 1000 } }"#
        let text = try problems(topics: topics, steps: step)
        #expect(text == dropped(0, "5.0", step: step))
    }

    @Test func explicitPartitionsAreFollowed() throws {
        let topics = #"{ "name": "orders", "partitions": 3 }"#
        let step = #"{ "produce": "orders", "count": 6000, "partition": 1, "value": { "bytes": 1000 } }"#
        #expect(try problems(topics: topics, steps: step) == dropped(1, "5.8", step: step))
        #expect(
            try problems(
                topics: topics,
                steps:
                    #"{ "produce": "orders", "count": 6000, "partition": "{{index % 3}}", "value": { "bytes": 1000 } }"#
            ) == "")
    }

    @Test func headersCountAndStepsAddUp() throws {
        let step =
            #"{ "produce": "orders", "count": 3000, "headers": { "trace": "0123456789" }, "value": { "bytes": 1000 } }"#
        #expect(try problems(steps: step) == "")
        #expect(
            try problems(steps: step + ",\n" + step).hasPrefix(
                """
                error: the embedded broker would drop messages of orders
                 --> test.json:5:14
                """))
    }

    /// Only the first step that does not fit is told.
    @Test func aTopicIsToldOnce() throws {
        let step = #"{ "produce": "orders", "count": 6000, "value": { "bytes": 1000 } }"#
        #expect(
            try problems(steps: step + ",\n" + step)
                == dropped(0, "5.8", step: step + ","))
    }

    /// Nobody knows what compression makes of it.
    @Test func compressedMessagesAreNotRefused() throws {
        #expect(
            try problems(
                steps: #"{ "produce": "orders", "count": 100000, "compression": "gzip", "value": { "bytes": 1000 } }"#)
                == "")
    }

    /// More messages than are rendered one by one.
    @Test func theSizeOfVeryManyIsTakenFromTheFirst() throws {
        let step = #"{ "produce": "orders", "count": 2000000, "value": "{{index}}" }"#
        let text = try problems(steps: step)
        #expect(text == dropped(0, "33.3", step: step))
    }

    @Test func nothingIsSentAndNothingIsRefused() throws {
        #expect(try problems(steps: #"{ "produce": "orders", "count": 0, "value": { "bytes": 1000 } }"#) == "")
    }

    @Test func membersOfOneGroupNeedOneAssignor() throws {
        let range = #"{ "consume": "orders", "group": "billing", "assignor": "range" }"#
        let plain = #"{ "consume": "orders", "group": "billing" }"#
        let other = #"{ "consume": "orders", "group": "shipping", "assignor": "cooperative-sticky" }"#
        #expect(try problems(steps: [range, range, other, other].joined(separator: ",\n")) == "")
        let withDefault = try problems(steps: [range, other, plain].joined(separator: ",\n"))
        #expect(
            withDefault == """
                error: the embedded broker cannot run group billing with different assignors
                 --> test.json:6:33
                  |
                6 | { "consume": "orders", "group": "billing" }
                  |                                 ^^^^^^^^^ step 1 uses range, this one the default
                  |
                  = use the same assignor in both steps, or a real broker: --brokers host:port
                """)
        let sticky = #"{ "consume": "orders", "group": "billing", "assignor": "cooperative-sticky" }"#
        let withOther = try problems(steps: [range, sticky].joined(separator: ",\n"))
        #expect(
            withOther == """
                error: the embedded broker cannot run group billing with different assignors
                 --> test.json:5:56
                  |
                5 | { "consume": "orders", "group": "billing", "assignor": "cooperative-sticky" }
                  |                                                        ^^^^^^^^^^^^^^^^^^^^ step 1 uses range, this one cooperative-sticky
                  |
                  = use the same assignor in both steps, or a real broker: --brokers host:port
                """)
    }
}
