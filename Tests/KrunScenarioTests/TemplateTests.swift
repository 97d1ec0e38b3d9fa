import KrunDiagnostics
import KrunJSON
import KrunScenario
import Testing

/// What payloads and numbers become, message by message.
@Suite("Templates") struct TemplateTests {
    /// The value of a message, given as the file's own text.
    private func value(_ json: String, index: Int64 = 0, overrides: ScenarioOverrides = .none) throws -> String? {
        let text = scenario(steps: "{ \"produce\": \"orders\", \"count\": 100, \"value\": \(json) }")
        guard case .produce(let step) = try decode(text, overrides: overrides).steps[0].action else { return nil }
        return bytes(step.messages[0].value, index: index)
    }

    @Test(
        "payloads",
        arguments: [
            (#""plain""#, "plain"), (#""""#, ""), (#""{{index}}""#, "7"),
            (#""order-{{index}}-{{city}}""#, "order-7-Paris"),
            (#""{{ index % 5 }}""#, "2"), (#""{{(index + 3) * -2}}""#, "-20"),
            (#""{{index / 2}}/{{n - index}}""#, "3/-2"),
            (#""{{7 - 2 - 1}}""#, "4"), (#""{{2 + 3 * 4}}""#, "14"), (#""{{- - 5}}""#, "5"), (#""{{1 - 3}}""#, "-2"),
            (#""{{ratio}} {{on}} {{none}} {{box}}""#, #"3.10 true null {"a":[1,2.50]}"#),
            (#""{{{{index}}""#, "{{index}}"), (#""a{{{{{{index}}b""#, "a{{7b"), (#""}} { {""#, "}} { {"),
            (#""\u007b\u007bindex}}""#, "7"), ("3.10", "3.10"), ("true", "true"), ("[ 1 , 2.50 ]", "[1,2.50]"),
            (
                #"{ "id" : "{{index}}", "n": "{{ratio}}", "t": "no {{index}}", "b": "{{box}}", "z": "{{none}}" }"#,
                #"{"id":7,"n":3.10,"t":"no 7","b":{"a":[1,2.50]},"z":null}"#
            ),
            (
                #"{ "caf\u00e9": "caf\u00e9", "{{city}}": ["{{{{"], "q": "\"{{city}}\"\n" }"#,
                #"{"caf\u00e9":"caf\u00e9","Paris":["{{"],"q":"\"Paris\"\n"}"#
            ),
            (#"{ "a": { "b": {} }, "e": "\\" }"#, #"{"a":{"b":{}},"e":"\\"}"#),
            (#"{ "json": { "a": "{{index}}", "b": 1.0 } }"#, #"{"a":"{{index}}","b":1.0}"#),
            (#"{ "json": "{{index}}" }"#, #""{{index}}""#), (#"{ "json": { "hex": "61" } }"#, #"{"hex":"61"}"#),
            (#"{ "hex": "6162" }"#, "ab"), (#"{ "base64": "YWJj" }"#, "abc"), (#"{ "base64": "YQ==" }"#, "a"),
            (#"{ "base64": "" }"#, ""), (#"{ "bytes": "1KiB" }"#, "<1024 letters>"),
            (#"{ "hex": "61", "more": 1 }"#, #"{"hex":"61","more":1}"#), (#""{{city}}""#, "Paris"),
            (#""{{box}}""#, #"{"a":[1,2.50]}"#),
        ])
    func payload(json: String, expected: String) throws {
        #expect(try value(json, index: 7) == expected)
    }

    @Test("null is no key or a tombstone, \"\" is not")
    func null() throws {
        #expect(try value("null") == nil)
        #expect(try value("\"\"") == "")
        #expect(try value("\"{{none}}\"") == nil)
        #expect(try value("\"{{none}} \"") == "null ")
    }

    @Test("partitions and timestamps may depend on the index")
    func numbers() throws {
        let text = scenario(
            steps: """
                { "produce": "orders", "count": 30, "partition": "{{index % 3}}", "timestamp": "{{1000 + index * 10}}" },
                { "produce": "orders", "messages": [{ "partition": "{{n - 3}}", "timestamp": "2026-01-31T12:00:00.25+02:00" }] }
                """)
        let scenario = try decode(text)
        guard case .produce(let first) = scenario.steps[0].action, case .produce(let second) = scenario.steps[1].action,
            case .expression(let partition)? = first.messages[0].partition,
            case .expression(let timestamp)? = first.messages[0].timestamp,
            case .constant(let constant)? = second.messages[0].partition,
            case .constant(let time)? = second.messages[0].timestamp
        else {
            Issue.record("other kinds of numbers")
            return
        }
        #expect((0..<6).map { partition.value(index: $0) } == [0, 1, 2, 0, 1, 2])
        #expect(timestamp.value(index: 3) == 1030)
        #expect(constant == 2)
        #expect(time == 1_769_853_600_250)
    }

    @Test("a variable alone keeps its type wherever a value is expected")
    func types() throws {
        let text = scenario(
            steps: """
                { "produce": "orders", "count": "{{n}}", "value": "x", "idempotent": "{{on}}",
                  "expect": { "messages": "{{n}}", "nullKey": { "messages": { "min": "{{n - 1}}" }, "values": ["{{box}}", "in {{city}}"] } } }
                """)
        guard case .produce(let step) = try decode(text).steps[0].action else { return }
        #expect(step.count == 5)
        #expect(step.idempotent)
        guard case .equals(.json(let messages))? = step.expect.messages?.rule,
            let values = step.expect.topics[0].nullKey?.values?.values, case .equals(.json(let box)) = values[0].rule,
            case .equals(.json(let city)) = values[1].rule
        else {
            Issue.record("other matchers")
            return
        }
        #expect(messages.integer == 5)
        #expect(step.expect.messages?.node.place.line == 7)
        #expect(box.kind == .object)
        #expect(city.string == "in Paris")
    }

    @Test("rendering into a buffer with room does not move it")
    func noAllocation() throws {
        let text = scenario(
            steps: "{ \"produce\": \"orders\", \"count\": 10, \"value\": \"order {{index * 3 % 7}} of {{city}}\" }")
        guard case .produce(let step) = try decode(text).steps[0].action,
            case .template(let template) = step.messages[0].value
        else { return }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1_000)
        let before = buffer.withUnsafeBufferPointer { $0.baseAddress }
        for index in 0..<10 {
            buffer.removeAll(keepingCapacity: true)
            template.render(index: Int64(index), into: &buffer)
        }
        #expect(buffer.withUnsafeBufferPointer { $0.baseAddress } == before)
        #expect(String(decoding: buffer, as: UTF8.self) == "order 6 of Paris")
    }
}
