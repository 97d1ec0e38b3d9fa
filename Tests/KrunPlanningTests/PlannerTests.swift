import KrunOutcome
import KrunScenario
import Testing

@testable import KrunPlanning

/// What is known of a step, and why something is not.
@Suite struct PlannerTests {
    private func plan(_ steps: String, topics: String = #"{ "name": "orders", "partitions": 3 }"#, more: String = "")
        throws
        -> ScenarioPlan
    {
        let text = """
            { "name": "test", \(more) "topics": [\(topics)], "steps": [\(steps)] }
            """
        return Planner.plan(try Scenario.decode(Array(text.utf8), file: "test.json"))
    }

    private static let sent = #"{ "produce": "orders", "count": 9, "key": "k{{index}}", "value": "x" }"#

    private func consume(_ step: StepPlan?) -> ConsumeForecast? {
        if case .consume(let forecast) = step?.forecast { forecast } else { nil }
    }

    @Test("a cycle is certain, and one of several is with a seed only")
    func choices() throws {
        func told(_ key: String, more: String = "") throws -> (keys: [String], byChance: Int, doubts: [String]) {
            let steps = "{ \"produce\": \"orders\", \"count\": 6, \"key\": \(key) }"
            let step = try #require(try plan(steps, more: more).steps.last)
            guard case .produce(let forecast) = step.forecast else { return ([], 0, []) }
            let keys = forecast.keys.all.map { "\(String(decoding: $0.bytes, as: UTF8.self)) \($0.messages)" }
            return (keys, forecast.byChance, step.doubts)
        }
        let cycle = try told(#"{ "cycle": ["a", "b-{{index}}", "a"] }"#)
        #expect(cycle.keys == ["a 4", "b-1 1", "b-4 1"] && cycle.byChance == 0 && cycle.doubts.isEmpty)
        let unknown = try told(#"{ "oneOf": ["a", "b"] }"#)
        #expect(unknown.keys.isEmpty && unknown.byChance == 6)
        #expect(
            unknown.doubts == [
                "where 6 messages go: keys are drawn with a seed, which \"seed\" in the file or --seed decides"
            ])
        let known = try told(#"{ "oneOf": ["a", "b"] }"#, more: "\"seed\": 7,")
        #expect(known.byChance == 0 && known.doubts.isEmpty && !known.keys.isEmpty)
    }

    /// What comes before, a step that reads, how much it reads, and the doubts of it.
    @Test(
        arguments: [
            ("", #"{ "consume": "orders" }"#, 9, []),
            ("", #"{ "consume": "orders", "from": "latest" }"#, 0, []),
            (
                "", #"{ "consume": "orders", "until": { "idle": "1s" } }"#, nil,
                ["what is read: it ends when nothing has come for a while, wherever it is then"]
            ),
            ("", #"{ "consume": "orders", "until": { "messages": 9 } }"#, 9, []),
            (
                "", #"{ "consume": "orders", "until": { "messages": 4 } }"#, 4,
                ["from which partitions 4 messages are read: which broker answers first decides"]
            ),
            (
                "", #"{ "consume": "orders", "until": { "messages": 10 } }"#, nil,
                ["what is read: there are 9 of the 10 messages that it waits for"]
            ),
            (
                "", #"{ "consume": "orders", "group": "billing", "rate": 100 }"#, nil,
                ["what is read: \"rate\" decides how far it comes in its time"]
            ),
            (
                "", #"{ "consume": "orders", "from": "2026-01-31T08:00:00Z" }"#, nil,
                ["what is read: the time at which a record was appended decides where it begins"]
            ),
            (#"{ "consume": "orders", "group": "billing" },"#, #"{ "consume": "orders", "group": "billing" }"#, 0, []),
            (
                #"{ "consume": "orders", "group": "billing", "commit": "none" },"#,
                #"{ "consume": "orders", "group": "billing" }"#, 9, []
            ),
            (
                #"{ "consume": "orders", "group": "billing", "commit": { "every": 2 } },"#,
                #"{ "consume": "orders", "group": "billing" }"#, nil,
                ["what is read: nobody knows what billing had committed after step 2"]
            ),
            (
                #"{ "offsets": "billing", "topic": "orders", "reset": "latest" },"#,
                #"{ "consume": "orders", "group": "billing" }"#, nil,
                ["what is read: billing is told to go on elsewhere"]
            ),
            (
                #"{ "produce": "orders", "count": 2, "value": "x", "transaction": "abort" },"#,
                #"{ "consume": "orders" }"#,
                nil, ["what is read: transactions write to orders"]
            ),
            // Of messages without a key nobody knows where they are, but how many there are.
            (#"{ "produce": "orders", "count": 2, "value": "x" },"#, #"{ "consume": "orders" }"#, 11, []),
            (
                #"{ "produce": "orders", "count": 2, "value": "x" },"#, #"{ "consume": "orders", "from": -1 }"#, nil,
                ["what is read: nobody knows where in the partitions reading begins"]
            ),
            (
                #"{ "topic": "orders", "deleteRecords": { "0": 1 } },"#, #"{ "consume": "orders" }"#, nil,
                ["what is read: records of orders are removed in step 2"]
            ),
        ] as [(String, String, Int?, [String])])
    func whatIsRead(_ before: String, _ step: String, _ messages: Int?, _ doubts: [String]) throws {
        let last = try plan("\(Self.sent), \(before) \(step)").steps.last
        #expect(consume(last)?.messages == messages)
        #expect(last?.doubts == doubts)
    }

    /// Whether all messages of a last step arrive, and why not.
    @Test(
        arguments: [
            ("", "", []),
            (
                #"{ "fault": "delay", "request": "Produce", "by": "10ms" },"#, "",
                ["whether all messages arrive: the fault of step 1 is at work"]
            ),
            (#"{ "fault": "delay", "request": "Produce", "by": "10ms" }, { "fault": "heal" },"#, "", []),
            (
                #"{ "together": [[{ "pause": "1ms" }], [{ "fault": "delay", "request": "Produce", "by": "1ms" }, { "fault": "heal" }]] },"#,
                "", ["whether all messages arrive: the fault of step 1.2.1 is at work"]
            ),
            ("", #", "expect": { "failed": 0 }"#, []),
            (
                "", #", "expect": { "failed": { "min": 1 } }"#,
                ["whether all messages arrive: the step expects that some do not"]
            ),
            (
                "", #", "client": { "message.timeout.ms": 1000 }"#,
                ["whether all messages arrive in time: \"client\" sets message.timeout.ms"]
            ),
            (
                #"{ "produce": "orders", "count": 1, "value": "x", "producer": "old", "transaction": "commit", "transactionalId": "till" }, "#
                    + #"{ "produce": "orders", "count": 1, "value": "x", "producer": "new", "transaction": "commit", "transactionalId": "till" },"#,
                #", "producer": "old", "transaction": "commit""#,
                ["whether all messages arrive: another producer has the transactional id of old by now"]
            ),
        ] as [(String, String, [String])])
    func whetherMessagesArrive(_ before: String, _ fields: String, _ doubts: [String]) throws {
        let last = try plan(
            #"\#(before) { "produce": "orders", "count": 2, "key": "k", "value": "x"\#(fields) }"#
        ).steps.last
        #expect(last?.doubts == doubts)
        guard case .produce(let forecast) = last?.forecast else {
            Issue.record("nothing is told of the step")
            return
        }
        #expect(forecast.isCertain == doubts.isEmpty)
        #expect(forecast.partitions == [2: 2])
    }

    /// Assignor, members and topics, and who gets what.
    @Test(
        arguments: [
            ("range", #"["ann", "bob"]"#, [["orders/0", "orders/1"], ["orders/2"]]),
            // By their ids, whatever the order of the file.
            ("range", #"["bob", "ann"]"#, [["orders/2"], ["orders/0", "orders/1"]]),
            ("roundrobin", #"["ann", "bob"]"#, [["orders/0", "orders/2"], ["orders/1"]]),
            ("range", #"["a", "b", "c", "d"]"#, [["orders/0"], ["orders/1"], ["orders/2"], []]),
            ("cooperative-sticky", #"["ann", "bob"]"#, nil),
            ("cooperative-sticky", #"["ann"]"#, [["orders/0", "orders/1", "orders/2"]]),
        ] as [(String, String, [[String]]?)])
    func whoOwnsWhat(_ assignor: String, _ members: String, _ owned: [[String]]?) throws {
        let step = try plan(
            #"{ "group": "g", "subscribe": "orders", "members": \#(members), "assignor": "\#(assignor)" }"#
        ).steps[0]
        guard case .group(let forecast) = step.forecast else {
            Issue.record("nothing is told of the group")
            return
        }
        #expect(forecast.owned == owned)
        #expect(step.doubts.isEmpty == (owned != nil))
        #expect(forecast.share?.upperBound == (owned?.map(\.count).max() ?? 2))
    }

    /// With the suffix of a run `orders-2` comes before `orders`.
    @Test func roundrobinGoesByNamesOnTheBroker() throws {
        let steps = #"{ "consume": ["orders", "orders-2"], "group": "g", "members": 2, "assignor": "roundrobin" }"#
        let topics = #"{ "name": "orders", "partitions": 3 }, { "name": "orders-2", "partitions": 2 }"#
        #expect(
            try plan(steps, topics: topics).steps[0].doubts == [
                "which member owns which partitions: topics have a suffix on a real Kafka, by which they may be in another order"
            ])
    }

    /// A key that is drawn is known with a seed only.
    @Test func drawnKeysNeedASeed() throws {
        let step = #"{ "produce": "orders", "count": 1, "key": { "bytes": 8 }, "value": "x" }"#
        let unknown = try plan(step).steps[0]
        #expect(
            unknown.doubts == [
                "where 1 message goes: keys are drawn with a seed, which \"seed\" in the file or --seed decides"
            ])
        #expect(try plan(step, more: #""seed": 7,"#).steps[0].doubts == [])
    }

    /// One that is captured is known when its step begins, and no seed tells it.
    @Test func capturedKeysAreNotKnownBefore() throws {
        let steps = #"""
            { "produce": "orders", "count": 1, "key": "alice", "value": "x" },
            { "consume": "orders", "capture": { "id": { "from": { "key": "alice" }, "path": "$.value" } } },
            { "produce": "orders", "count": 2, "key": "{{id}}", "value": "x" }
            """#
        #expect(
            try plan(steps, more: #""seed": 7,"#).steps[2].doubts == [
                "where 2 messages go: a key is taken from a record, or made, when the step begins"
            ])
    }

    /// Where keys go when partitions are added, told by the step that adds them.
    @Test func keysThatMove() throws {
        let steps = #"""
            { "produce": "orders", "messages": [{ "key": "alice", "value": "x" }, { "key": "bob", "value": "x" }] },
            { "topic": "orders", "partitions": 6 }
            """#
        guard case .partitionsAdded(6, moved: 1, of: 2) = try plan(steps).steps[1].forecast else {
            Issue.record("alice goes from 0 to 3, and bob stays")
            return
        }
    }
}
