import KrunOutcome
import KrunPatterns
import KrunScenario
import Testing

@testable import KrunChecks

/// Matchers of records, one by one and in lists.
@Suite(.timeLimit(.minutes(1))) struct RecordMatchingTests {
    private func matcher(_ text: String) throws -> Matcher {
        let step = try JudgeFixture.consume(#"{ "keys": { "alice": { "values": [\#(text)] } } }"#)
        guard case .consume(let consume) = step.action else { throw Missing() }
        return try #require(consume.expect.topics.first?.keys.first?.values?.values.first)
    }

    private struct Missing: Error {}

    private func accepts(_ matcher: Matcher, _ value: String?) throws -> Bool {
        let bytes = value.map { Array($0.utf8) }
        let accepted = try matcher.accepts(value: bytes, within: PatternBudget())
        var test = ValueTest(matcher)
        let quick =
            if let bytes {
                try bytes.withUnsafeBytes { try test.accepts($0, within: PatternBudget()) }
            } else {
                try test.accepts(nil, within: PatternBudget())
            }
        #expect(accepted == quick, "\(value ?? "nothing")")
        return accepted
    }

    @Test(
        "a matcher takes these and not those",
        arguments: [
            (#"{ "contains": "PAI" }"#, ["PAID", "xPAIx"], ["PA", "paid", ""]),
            (#"{ "contains": "" }"#, ["", "a"], []),
            (
                #"{ "contains": { "a": { "b": [2, { "c": 1 }] } } }"#,
                [#"{"a":{"b":[{"c":1,"d":2},3,2],"e":0}}"#, #"{"x":1,"a":{"b":[2,{"c":1.0}]}}"#],
                [#"{"a":{"b":[2]}}"#, #"{"a":{"b":{"c":1}}}"#, #"{"a":[2,{"c":1}]}"#, "a", "null"]
            ),
            // The only element that fits the second is not used up by the first.
            (
                #"{ "contains": [{ "a": 1 }, { "a": 1, "b": 2 }] }"#, [#"[{"a":1,"b":2},{"a":1}]"#],
                [#"[{"a":1,"b":2}]"#, #"[{"a":1},{"a":1}]"#]
            ),
            (#"{ "exists": true }"#, ["", "a"], []),
            (#"{ "not": "a" }"#, ["b", ""], ["a"]),
            (#"{ "not": { "path": { "$.a": 1 } } }"#, ["x", #"{"a":2}"#], [#"{"a":1}"#]),
            (#"{ "size": 2 }"#, ["[1,[2,3]]", #"{"a":1,"b":2}"#, "ab", "\u{e9}\u{301}", "12"], ["[]", "abc", ""]),
            (#"{ "size": { "min": 3 } }"#, ["abc", "[1,2,3]"], ["ab"]),
            (
                #"{ "path": { "$.a": "x", "$.b[0]": { "min": 2 }, "$.c": { "exists": false } } }"#,
                [#"{"a":"x","b":[2]}"#, #"{"b":[3,1],"a":"\u0078"}"#, #"{"a":"x","b":[2],"d":"\u0000"}"#],
                [#"{"a":"x","b":[1]}"#, #"{"a":"x","b":[2],"c":null}"#, #"{"a":"x"}"#, #"{"a":"x","b":[2]"#, "x"]
            ),
            (#"{ "path": { "$..id": 7 } }"#, [#"{"a":[{"id":7},{"id":8}]}"#], [#"{"a":[{"id":8},{"id":7}]}"#, "{}"]),
            (#"{ "path": { "$.a": null } }"#, [#"{"a":null}"#], [#"{"a":0}"#, "{}"]),
            (#"{ "anyOrder": [1, "a", [2]] }"#, [#"["a",1.0,[2]]"#], [#"["a",1]"#, #"[1,1,"a"]"#, #"{"a":1}"#]),
            (#"{ "json": "a" }"#, [#""a""#, #""\u0061""#], ["a"]),
            (#"{ "json": { "matches": "x" } }"#, [#"{"matches":"x"}"#], ["x"]),
            (#"{ "path": { "$.n": -0 } }"#, [#"{"n":0}"#, #"{"n":-0.0}"#], [#"{"n":1}"#]),
        ])
    func values(text: String, taken: [String], left: [String]) throws {
        let matcher = try matcher(text)
        for value in taken { #expect(try accepts(matcher, value), "\(text) takes \(value)") }
        for value in left { #expect(try !accepts(matcher, value), "\(text) leaves \(value)") }
    }

    @Test("a tombstone is nothing")
    func tombstones() throws {
        #expect(try accepts(matcher(#"{ "exists": false }"#), nil))
        #expect(try accepts(matcher(#"{ "not": "a" }"#), nil))
        for text in [#"{ "exists": true }"#, #"{ "contains": "" }"#, #"{ "size": 0 }"#, #"{ "path": { "$": 1 } }"#] {
            #expect(try !accepts(matcher(text), nil), "\(text)")
        }
    }

    private func record(_ partition: Int32, _ offset: Int64) -> RecordOutcome {
        RecordOutcome(
            topic: "orders", partition: partition, offset: offset, timestamp: nil, key: nil, value: nil, headers: [])
    }

    @Test("a list is in order where each partition is, whatever is between partitions")
    func order() {
        let records = [record(1, 0), record(0, 0), record(1, 1), record(0, 1)]
        func solve(_ fits: [[Int]], whole: Bool) -> String {
            "\(RecordAssignment(records, fits: fits, isWhole: whole).solve())"
        }
        #expect(solve([[1], [0], [3], [2]], whole: true) == "found")
        #expect(solve([[0], [2], [1], [3]], whole: true) == "found")
        #expect(solve([[2], [0], [1], [3]], whole: true) == "stuck(after: 0)")
        #expect(solve([[1], [3], [2], [0]], whole: true) == "stuck(after: 2)")
        // The first could be either; only one choice leaves the rest.
        #expect(solve([[0, 1], [0], [2, 3], [2]], whole: true) == "found")
        #expect(solve([[2], [1]], whole: false) == "found")
        #expect(solve([[2], [0]], whole: false) == "stuck(after: 1)")
        #expect(solve([[0, 2], [0, 2]], whole: false) == "found")
    }

    @Test("as many wants as possible have a candidate, however the first ones were paired")
    func pairing() {
        var matching = Matching(count: 4)
        let paired = [[0, 1], [0], [1, 2], [0, 1]].enumerated().map { matching.pair($0.offset, with: $0.element) }
        #expect(paired == [true, true, true, false])
        #expect(matching.candidates == [1, 0, 2, nil])
    }

    @Test("a record that is read twice counts once, and what is enough is not looked for again")
    func watching() throws {
        let step = try JudgeFixture.consume(
            #"{ "records": { "contains": [{ "key": "alice" }, { "key": "bob", "offset": 7 }] } }"#)
        guard case .consume(let consume) = step.action, var watch = RecordWatch(for: consume) else {
            Issue.record("nothing is asked of records")
            return
        }
        func see(_ key: String, _ offset: Int64) {
            let record = RecordOutcome(
                topic: "orders", partition: 0, offset: offset, timestamp: nil, key: Array(key.utf8), value: [],
                headers: [])
            record.withView { watch.see($0, within: PatternBudget()) }
        }
        for offset in [1, 1, 1, 2, 3, 4] as [Int64] { see("alice", offset) }
        see("bob", 6)
        #expect(watch.wants.map(\.fits.count) == [2, 0])
        #expect(watch.wants[1].nearest?.passed == 0)
        #expect(watch.wants[1].nearest?.record.offset == 1)
        let text = Judge.judge(records: watch, of: step, stepCount: 2).map(JudgeFixture.text).joined(separator: "\n")
        #expect(text.contains("no record is as expected"))
        #expect(text.contains("the nearest: orders/0 offset 1, key \"alice\""))
        see("bob", 7)
        #expect(Judge.judge(records: watch, of: step, stepCount: 2).isEmpty)
    }
}
