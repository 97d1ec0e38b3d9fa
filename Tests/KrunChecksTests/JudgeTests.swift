import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// The whole text of what is said about a step that is not as expected.
@Suite struct JudgeTests {
    private let records = TopicRecords(
        partitions: [
            0: PartitionOutcome(messages: 2, first: 0, last: 1, committed: 1, lag: 1),
            1: PartitionOutcome(messages: 1, first: 4, last: 4, committed: nil, lag: 5),
            2: PartitionOutcome(messages: 0, first: nil, last: nil, committed: nil, lag: 0),
        ],
        keys: [JudgeFixture.key("alice", 2, on: [0]), JudgeFixture.key("bob", 1, on: [1])], distinctKeys: 2)

    private func judge(_ expect: String) throws -> String {
        JudgeFixture.judge(try JudgeFixture.consume(expect), JudgeFixture.consumed(records, lag: 6))
    }

    @Test(arguments: [
        #"{ "messages": 3, "lag": { "min": 6 }, "idle": 0, "rebalances": { "oneOf": [0, 1] } }"#,
        #"{ "partitions": { "0": { "messages": 2, "first": 0, "last": 1, "committed": 1, "lag": 1 } } }"#,
        #"{ "partitions": { "2": { "messages": 0, "first": null, "last": null } }, "committed": { "1": null } }"#,
        #"{ "keys": { "alice": { "partition": 0, "partitions": 1, "messages": { "max": 2 } } } }"#,
        #"{ "keys": { "carol": { "messages": 0, "partitions": 0, "values": [] } } }"#,
        #"{ "duration": { "min": "1s", "max": "1250ms" } }"#,
    ])
    func whatIsAsExpectedIsNotMentioned(expect: String) throws {
        #expect(try judge(expect) == "")
    }

    @Test func numbersOfTheStep() throws {
        let expect = #"{ "duration": { "max": "1s" }, "messages": 4, "lag": 0, "idle": { "min": 1 }, "rebalances": 0 }"#
        #expect(
            try judge(expect) == """
                failure: the step's duration is not as expected
                consume orders as baristas, step 2 of 2
                at { "max": "1s" } <- actual: "1.25s"
                failure: another number of messages was read than expected
                consume orders as baristas, step 2 of 2
                at 4 <- actual: 3
                failure: the group's lag is not as expected
                consume orders as baristas, step 2 of 2
                at 0 <- actual: 6
                = orders/1: lag 5, committed nothing
                = orders/0: lag 1, committed 1
                failure: another number of members is idle than expected
                consume orders as baristas, step 2 of 2
                at { "min": 1 } <- actual: 0
                failure: the group was rebalanced another number of times than expected
                consume orders as baristas, step 2 of 2
                at 0 <- actual: 1
                """)
    }

    @Test func partitions() throws {
        let expect =
            #"{ "partitions": { "1": { "messages": 2, "first": 0, "last": { "max": 3 }, "lag": 0 }, "#
            + #""0": { "committed": 2 } } }"#
        #expect(
            try judge(expect) == """
                failure: another number of messages was read from partition 1 of orders than expected
                consume orders as baristas, step 2 of 2
                at 2 <- actual: 1
                = messages per partition: orders/0: 2, orders/1: 1, orders/2: 0
                failure: the first offset in partition 1 of orders is not as expected
                consume orders as baristas, step 2 of 2
                at 0 <- actual: 4
                failure: the last offset in partition 1 of orders is not as expected
                consume orders as baristas, step 2 of 2
                at { "max": 3 } <- actual: 4
                failure: the lag of partition 1 of orders is not as expected
                consume orders as baristas, step 2 of 2
                at 0 <- actual: 5
                = nothing is committed there
                failure: the committed offset of partition 0 of orders is not as expected
                consume orders as baristas, step 2 of 2
                at 2 <- actual: 1
                """)
    }

    @Test func oneOfSeveralTopics() throws {
        let step = try JudgeFixture.consume(
            #"{ "messages": 4, "topics": { "bills": { "lag": 1 } } }"#, topics: #"["orders", "bills"]"#)
        let bills = TopicRecords(partitions: [0: PartitionOutcome(messages: 2, first: 0, last: 1, committed: 0, lag: 2)]
        )
        #expect(
            JudgeFixture.judge(step, JudgeFixture.consumed(records, messages: 5, others: ["bills": bills])) == """
                failure: another number of messages was read than expected
                consume orders, bills as baristas, step 2 of 2
                at 4 <- actual: 5
                = 2 from bills
                = 3 from orders
                failure: the group's lag on bills is not as expected
                consume orders, bills as baristas, step 2 of 2
                at 1 <- actual: 2
                = bills/0: lag 2, committed 0
                """)
    }

    @Test func members() throws {
        let expect =
            #"{ "members": { "1": { "partitions": ["orders/1", "orders/0"], "messages": 3 }, "#
            + #""2": { "partitions": ["orders/0"], "messages": 1 } } }"#
        let members = [
            MemberOutcome(name: "1", partitions: ["orders/0", "orders/1"], messages: 3),
            MemberOutcome(name: "2", partitions: [], messages: 0),
        ]
        #expect(
            JudgeFixture.judge(try JudgeFixture.consume(expect), JudgeFixture.consumed(records, members: members))
                == """
                failure: member 2 owns other partitions than expected
                consume orders as baristas, step 2 of 2
                at ["orders/0"] <- actual: []
                = member 1: orders/0, orders/1
                = member 2: no partition
                failure: member 2 read another number of messages than expected
                consume orders as baristas, step 2 of 2
                at 1 <- actual: 0
                = member 1: 3 messages from orders/0, orders/1
                = member 2: 0 messages from no partition
                """)
    }

    @Test func aProduceStep() throws {
        let outcome = ProduceOutcome(
            topic: "orders", messages: 1, failed: 2, errors: ["_MSG_TIMED_OUT": 2], partitioner: "murmur2_random",
            records: TopicRecords(partitions: [0: PartitionOutcome(messages: 1, first: 0, last: 0)]), duration: .zero)
        let step = try JudgeFixture.produce(
            #"{ "messages": 3, "failed": 0, "partitions": { "0": { "messages": 2 } }, "#
                + #""keys": { "bob": { "messages": 1 } } }"#
        )
        #expect(
            JudgeFixture.judge(step, .produce(outcome)) == """
                failure: another number of messages was acknowledged than expected
                produce orders, step 1 of 2
                at 3 <- actual: 1
                = 2 failed with _MSG_TIMED_OUT
                failure: another number of messages failed than expected
                produce orders, step 1 of 2
                at 0 <- actual: 2
                = 2 failed with _MSG_TIMED_OUT
                failure: partition 0 of orders received another number of messages than expected
                produce orders, step 1 of 2
                at 2 <- actual: 1
                failure: key "bob" was not sent
                produce orders, step 1 of 2
                at "bob" <- actual: 0 messages
                = no message with a key was sent
                """)
    }

    @Test func brokenInvariants() throws {
        let step = try JudgeFixture.consume("{}")
        let invariants = [
            InvariantOutcome(.noLoss, .broken(count: 7, cases: ["one", "two"], allowed: false)),
            InvariantOutcome(.noDuplicates, .broken(count: 1, cases: ["three"], allowed: true)),
            InvariantOutcome(.keyAffinity, .notJudged("why")), InvariantOutcome(.offsetOrder, .held),
            InvariantOutcome(.singleOwner, .broken(count: 1, cases: ["four"], allowed: false)),
        ]
        #expect(
            JudgeFixture.judge(step, JudgeFixture.consumed(records), invariants: invariants) == """
                failure: 7 acknowledged records were not read
                consume orders as baristas, step 2 of 2
                at "orders" <- no-loss is broken
                = one
                = two
                = these are 2 cases; 7 in all
                = if that is meant, the step or the file says "allow": ["no-loss"]
                failure: 1 partition did not have exactly one owner
                consume orders as baristas, step 2 of 2
                at "orders" <- single-owner is broken
                = four
                = if that is meant, the step or the file says "allow": ["single-owner"]
                """)
    }
}
