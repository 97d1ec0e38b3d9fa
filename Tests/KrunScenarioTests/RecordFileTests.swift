import KrunDiagnostics
import KrunJSON
import Testing

@testable import KrunScenario

/// `"messages": { "file": "orders.jsonl" }`.
@Suite("Files of Records", .timeLimit(.minutes(1))) struct RecordFileTests {
    private let text = scenario(steps: #"{ "produce": "orders", "messages": { "file": "orders.jsonl", "note": "n" } }"#)

    private func decode(_ records: String) throws(Diagnostics) -> [MessageTemplate] {
        let files = FolderFiles(contents: ["orders.jsonl": Array(records.utf8)])
        let scenario = try Scenario.decode(Array(text.utf8), file: "test.json", files: files)
        guard case .produce(let produce) = scenario.steps[0].action else { return [] }
        return produce.messages
    }

    private func problems(_ records: String) -> [String] {
        do throws(Diagnostics) {
            _ = try decode(records)
            return []
        } catch {
            return error.all.map {
                "\($0.place?.file ?? ""):\($0.place?.line ?? 0):\($0.place?.column ?? 0) \($0.title): \($0.label)"
            }
        }
    }

    @Test("each line is a message, and its content is data")
    func records() throws {
        let messages = try decode(
            #"""
            {"topic":"elsewhere","partition":2,"offset":17,"timestamp":1767225600000,"key":"alice","value":"{{index}}"}

            {"key":{"hex":"00ff"},"value":{"id":3.10,"oneOf":[1]},"headers":{"a":"b","c":null}}
            {"value":null}
            """# + "\r\n")
        #expect(messages.count == 3)
        #expect(messages.map(\.count) == [1, 1, 1])
        #expect(messages.map(\.line) == [1, 3, 4])
        #expect(messages.map { bytes($0.value) } == ["{{index}}", #"{"id":3.10,"oneOf":[1]}"#, nil])
        #expect(bytes(messages[0].key) == "alice" && bytes(messages[2].key) == nil)
        #expect(messages[1].headers.map(\.key) == ["a", "c"])
        #expect(messages[1].headers.map { bytes($0.value) } == ["b", nil])
        guard case .constant(2)? = messages[0].partition, case .constant(1_767_225_600_000)? = messages[0].timestamp
        else {
            Issue.record("it is \(messages[0])")
            return
        }
        #expect(messages[1].partition == nil && messages[1].timestamp == nil)
        #expect(messages[0].node.path == "$.steps[0].messages")
    }

    @Test("an empty file sends nothing")
    func empty() throws { #expect(try decode("").isEmpty) }

    @Test(
        "what is wrong is told in its place in the file",
        arguments: [
            (
                #"{"value":1}"# + "\n" + #"{"value":1,}"#,
                "orders.jsonl:2:11 there is a comma after the last member of the object: remove this comma"
            ),
            (#"{"kye":"a","value":1}"#, #"orders.jsonl:1:2 unknown field "kye": did you mean "key"?"#),
            (#"{"key":"a"}"#, #"orders.jsonl:1:1 the record has no "value": "value" is missing"#),
            ("[1]", "orders.jsonl:1:1 a record is an object: found a list"),
            (
                #"{"value":1,"partition":3}"#,
                #"orders.jsonl:1:24 partition 3 of "orders" does not exist: the topic has partitions 0 to 2"#
            ),
            (
                #"{"value":1,"timestamp":0}"#,
                #"orders.jsonl:1:24 "timestamp" is out of range: expected 1 or more, found 0"#
            ),
            (
                #"{"value":{"hex":"0"}}"#,
                #"orders.jsonl:1:18 "hex" does not hold hexadecimal digits: a digit is missing after this one"#
            ),
        ])
    func faults(records: String, expected: String) { #expect(problems(records) == [expected]) }

    @Test("of a file that is no file of records not every line is told")
    func many() { #expect(problems(String(repeating: "x\n", count: 100_000)).count == 50) }

    @Test("there are not more records than a scenario may have")
    func limit() {
        let records = String(repeating: "{\"value\":1}\n", count: WorkBudget.maximumRecords + 1)
        #expect(
            problems(records) == [
                "test.json:6:46 the files of this scenario have more than 350000 records: with those of orders.jsonl; no more are read"
            ])
    }

    @Test("which record it is that a topic does not take is said")
    func refused() {
        let text = """
            { "name": "test", "topics": [{ "name": "orders", "config": { "cleanup.policy": "compact" } }],
              "steps": [{ "produce": "orders", "messages": { "file": "orders.jsonl" } }] }
            """
        let files = FolderFiles(contents: ["orders.jsonl": Array("{\"key\":\"a\",\"value\":1}\n{\"value\":2}".utf8)])
        let error = #expect(throws: Diagnostics.self) {
            try Scenario.decode(Array(text.utf8), file: "test.json", files: files)
        }
        #expect(error?.all.map(\.title) == ["a message to \"orders\" has no key"])
        #expect(error?.all.first?.notes.last == "it is in line 2 of that file")
    }
}
