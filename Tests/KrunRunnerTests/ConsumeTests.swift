import KrunOutcome
import KrunRunner
import Testing

/// What `consume` does, on the embedded broker.
@Suite(.timeLimit(.minutes(1))) struct ConsumeTests {
    private func scenario(_ steps: String..., partitions: Int = 1, extra: String = "") -> String {
        """
        { "name": "test", \(extra) "topics": [{ "name": "orders", "partitions": \(partitions) }],
          "steps": [
            \(steps.joined(separator: ",\n    "))
          ] }
        """
    }

    private let twenty = #"{ "produce": "orders", "count": 20, "key": "{{index}}", "value": "{{index}}" }"#

    @Test func untilMessagesReadsAndCommitsExactlySoMany() async throws {
        let outcome = try await run(
            scenario(
                twenty,
                #"{ "consume": "orders", "group": "billing", "until": { "messages": 7 }, "expect": { "messages": 7, "lag": 13 } }"#,
                #"{ "consume": "orders", "group": "billing", "expect": { "messages": 13, "lag": 0 } }"#))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(2)?.extents == [PartitionOutcome(messages: 7, first: 0, last: 6)])
        #expect(outcome.consumed(2)?.committed == [7])
        #expect(outcome.verdict(.noLoss, step: 2) == .nothingToJudge("reading was not to go on until the end"))
        #expect(outcome.consumed(3)?.extents == [PartitionOutcome(messages: 13, first: 7, last: 19)])
        #expect(outcome.verdict(.noLoss, step: 3) == .held)
    }

    @Test func membersTogetherReadExactlySoMany() async throws {
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "count": 4000, "key": "{{index}}", "value": "{{index}}" }"#,
                #"{ "consume": "orders", "group": "billing", "members": 2, "until": { "messages": 1500 } }"#,
                partitions: 4))
        #expect(outcome.printedDiagnostics == "")
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.messages == 1500)
        #expect(consumed.members.reduce(0) { $0 + $1.messages } == 1500)
        #expect(consumed.committed.reduce(0) { $0 + ($1 ?? 0) } == 1500)
        #expect(consumed.extents.map { ($0.last ?? -1) + 1 } == consumed.committed.map { $0 ?? 0 })
        #expect(consumed.lag == 2500)
    }

    @Test func untilIdleEndsWhenNothingComes() async throws {
        let outcome = try await run(
            scenario(twenty, #"{ "consume": "orders", "until": { "idle": "3s" }, "expect": { "messages": 20 } }"#))
        #expect(outcome.printedDiagnostics == "")
        let received = try #require(outcome.consumed(2)?.receiveDuration)
        #expect(received >= .seconds(3))
    }

    @Test func fromEarliestIgnoresWhatWasCommittedAndFromLatestSkipsAll() async throws {
        let group = #""consume": "orders", "group": "billing""#
        let outcome = try await run(
            scenario(
                twenty, #"{ \#(group), "expect": { "messages": 20, "committed": { "0": 20 } } }"#,
                #"{ \#(group), "from": "earliest", "expect": { "messages": 20 } }"#,
                #"{ \#(group), "from": "latest", "expect": { "messages": 0 } }"#,
                #"{ \#(group), "expect": { "messages": 0, "committed": { "0": 20 }, "lag": 0 } }"#))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .passed, .passed])
        #expect(outcome.consumed(4)?.extents == [PartitionOutcome(messages: 0, first: nil, last: nil)])
    }

    @Test func committingNothingLeavesTheGroupWhereItWas() async throws {
        let step =
            #"{ "consume": "orders", "group": "billing", "commit": "none", "expect": { "messages": 20, "lag": 20 } }"#
        let outcome = try await run(scenario(twenty, step, step))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(2)?.committed == [nil])
        #expect(outcome.consumed(3)?.extents == [PartitionOutcome(messages: 20, first: 0, last: 19)])
    }

    @Test func withoutAGroupAllPartitionsAreRead() async throws {
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "count": 30, "key": null, "value": "x", "partition": "{{index % 3}}" }"#,
                #"{ "consume": "orders", "expect": { "messages": 30 } }"#, partitions: 4))
        #expect(outcome.printedDiagnostics == "")
        let consumed = try #require(outcome.consumed(2))
        #expect(
            consumed.extents
                == Array(repeating: PartitionOutcome(messages: 10, first: 0, last: 9), count: 3) + [
                    PartitionOutcome(messages: 0, first: nil, last: nil)
                ])
        #expect(consumed.group == nil)
        #expect(consumed.members == [])
        #expect(consumed.lag == nil)
        #expect(consumed.joinDuration == nil)
        #expect(consumed.committed == [nil, nil, nil, nil])
        #expect(outcome.groups == [])
        #expect(outcome.verdict(.singleOwner, step: 2) == .nothingToJudge("there is no group"))
        #expect(outcome.verdict(.assignedOnly, step: 2) == .nothingToJudge("there is no group"))
        #expect(outcome.verdict(.noLoss, step: 2) == .held)
    }

    @Test func twoTopicsAreReadInOneStep() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }, { "name": "invoices" }],
              "steps": [
                { "produce": "orders", "count": 6, "key": "{{index}}", "value": "order" },
                { "produce": "invoices", "count": 4, "key": "{{index}}", "value": "invoice" },
                { "consume": ["orders", "invoices"], "group": "billing", "members": 2,
                  "expect": { "messages": 10, "lag": 0, "topics": { "invoices": { "partitions": { "0": { "messages": 4, "committed": 4 } } } } } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        let consumed = try #require(outcome.consumed(3))
        #expect(consumed.topics["orders"]?.partitions.values.reduce(0) { $0 + $1.messages } == 6)
        #expect(
            consumed.topics["invoices"]?.partitions == [
                0: PartitionOutcome(messages: 4, first: 0, last: 3, committed: 4, lag: 0)
            ])
        #expect(
            consumed.members.flatMap(\.partitions).sorted() == ["invoices/0", "orders/0", "orders/1"])
    }

    @Test(arguments: ["range", "roundrobin", "cooperative-sticky"])
    func fiveMembersOnTwoPartitionsLeaveThreeIdle(_ assignor: String) async throws {
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "count": 100, "key": null, "value": "x", "partition": "{{index % 2}}" }"#,
                #"{ "consume": "orders", "group": "billing", "members": 5, "assignor": "\#(assignor)", "expect": { "messages": 100, "idle": 3, "rebalances": 0, "lag": 0 } }"#,
                partitions: 2))
        #expect(outcome.printedDiagnostics == "")
        let consumed = try #require(outcome.consumed(2))
        #expect(consumed.members.map(\.name) == ["1", "2", "3", "4", "5"])
        #expect(consumed.members.map(\.messages).sorted() == [0, 0, 0, 50, 50])
        #expect(consumed.members.flatMap(\.partitions).sorted() == ["orders/0", "orders/1"])
        #expect(outcome.verdict(.singleOwner, step: 2) == .held)
        #expect(outcome.verdict(.assignedOnly, step: 2) == .held)
    }

    @Test func fromLatestCommitsTheEndWhereAGroupBegins() async throws {
        let group = #""consume": "orders", "group": "billing""#
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "count": 6, "partition": "{{index % 2}}", "value": "before" }"#,
                #"{ \#(group), "from": "latest", "expect": { "messages": 0, "lag": 0 } }"#,
                #"{ "produce": "orders", "count": 4, "partition": 1, "key": "late", "value": "after" }"#,
                #"{ \#(group), "expect": { "messages": 4, "lag": 0, "keys": { "late": { "messages": 4 } } } }"#,
                partitions: 3))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(2)?.committed == [3, 3, 0])
        #expect(
            outcome.consumed(4)?.extents == [
                PartitionOutcome(messages: 0, first: nil, last: nil),
                PartitionOutcome(messages: 4, first: 3, last: 6),
                PartitionOutcome(messages: 0, first: nil, last: nil),
            ])
        #expect(outcome.consumed(4)?.committed == [3, 7, 0])
        #expect(outcome.verdict(.noLoss, step: 4) == .held)
    }

    @Test func fromLatestCommitsNothingWhereNothingIsToBeCommitted() async throws {
        let group = #""consume": "orders", "group": "billing""#
        let outcome = try await run(
            scenario(
                twenty, #"{ \#(group), "from": "latest", "commit": "none", "expect": { "messages": 0, "lag": 20 } }"#,
                #"{ \#(group), "expect": { "messages": 20 } }"#))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(2)?.committed == [nil])
    }

    /// What was sent is compared with what was read, byte for byte or as JSON.
    @Test func valuesAreJudgedAsBytesAndAsJSON() async throws {
        let step = { (values: String) in
            #"{ "consume": "orders", "expect": { "keys": { "alice": { "values": \#(values) } } } }"#
        }
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "messages": [{ "key": "alice", "value": { "hex": "ff00A1" } }, { "key": "alice", "value": { "json": { "id": 7, "tax": 3.10 } } }] }"#,
                step(#"[{ "base64": "/wCh" }, { "tax": 3.1, "id": 7 }]"#),
                step(#"[{ "hex": "FF00a1" }, { "equals": { "id": 7, "tax": 3.10 } }]"#),
                step(#"[{ "hex": "ff00a2" }, { "id": 7, "tax": 3.10 }]"#)))
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .failed])
        #expect(
            outcome.printedDiagnostics == """
                error: the values of key "alice" are not as expected
                 --> test.json:6:72
                  |
                  | consume orders                                                step 4 of 4
                6 |     { "consume": "orders", "expect": { "keys": { "alice": { "values": [{ "hex": "ff00a2" }, { "id": 7, "tax": 3.10 }] } } } }
                  |                                                                        ^^^^^^^^^^^^^^^^^^^ actual: {"hex":"ff00a1"}
                  |
                  = value 1 of 2
                """)
    }

    /// A partition keeps all that it was sent, however much and in whatever form.
    @Test(arguments: ["none", "gzip"])
    func nothingIsDropped(_ compression: String) async throws {
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "count": 160, "compression": "\#(compression)", "value": { "bytes": 100000 } }"#,
                #"{ "consume": "orders", "group": "audit", "expect": { "messages": 160, "lag": 0 } }"#,
                extra: #""seed": 7,"#))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.consumed(2)?.extents == [PartitionOutcome(messages: 160, first: 0, last: 159)])
        #expect(outcome.verdict(.noLoss, step: 2) == .held)
    }

    /// Each step is a generation of its own: what an earlier one voted for binds nobody.
    @Test func anAssignorMayChangeFromStepToStep() async throws {
        let outcome = try await run(
            scenario(
                #"{ "produce": "orders", "count": 10, "value": "x" }"#,
                #"{ "consume": "orders", "group": "audit", "assignor": "range", "until": { "messages": 4 } }"#,
                #"{ "consume": "orders", "group": "audit", "assignor": "cooperative-sticky", "expect": { "messages": 6 } }"#
            ))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
    }
}
