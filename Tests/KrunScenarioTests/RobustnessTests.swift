import KrunDiagnostics
import KrunScenario
import Testing

/// Whatever a file holds, it is read or refused with a reason.
@Suite("Robustness", .timeLimit(.minutes(1))) struct RobustnessTests {
    private static let sound = scenario(
        steps: """
            { "produce": "orders", "messages": [
                { "key": "alice", "value": { "id": "{{index}}", "city": "in {{city}}" }, "headers": [{ "key": "h", "value": null }] },
                { "key": { "json": { "a": 1 } }, "value": { "base64": "YWJj" }, "partition": 2, "timestamp": "2026-01-01T00:00:00Z" },
                { "key": { "hex": "00ff" }, "value": { "bytes": "1KiB" }, "count": 5 } ],
              "acks": "all", "idempotent": true, "compression": "lz4", "linger": "5ms", "client": { "batch.size": 1000 },
              "expect": { "messages": 7, "failed": 0, "keys": { "alice": { "partition": { "min": 0 }, "values": [{ "matches": "a" }] } } } },
            { "produce": "invoices", "count": "{{n}}", "key": "user-{{index % 10}}", "value": "{{index * 2}}" },
            { "consume": ["orders", "invoices"], "group": "g", "members": 2, "from": "earliest", "until": { "idle": "2s" },
              "commit": "none", "assignor": "range", "allow": ["no-loss"], "note": "n",
              "expect": { "topics": { "orders": { "partitions": { "0": { "first": 0, "committed": { "oneOf": [1, null] } } },
                  "nullKey": { "partitions": 1 } } }, "members": { "1": { "partitions": ["orders/0"] } },
                "committed": { "orders": { "0": 1 } }, "lag": 0, "idle": { "equals": 0 }, "duration": { "max": "5s" } } }
            """)

    /// The text cut into strings, words and signs.
    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var isInString = false
        for character in text {
            if character == "\"" {
                if isInString { tokens[tokens.count - 1].append(character) } else { tokens.append("\"") }
                isInString.toggle()
            } else if isInString || (character.isLetter || character.isNumber) && (tokens.last?.last?.isLetter ?? false)
            {
                tokens[tokens.count - 1].append(character)
            } else {
                tokens.append(String(character))
            }
        }
        return tokens
    }

    @Test("the file that is mutated is sound")
    func sound() {
        #expect(problems(Self.sound) == "")
    }

    @Test("any value in any place is read or refused with places in order")
    func mutations() {
        let values = [
            "null", "true", "-1", "0", "3.5", "9223372036854775807", "\"\"", "\"x\"", "\"{{n}}\"", "\"{{none}}\"",
            "\"{{box}}\"",
            "\"{{index}}\"", "\"{{index - 1}}\"", "\"{{\"", "\"{{1/0}}\"", "\"{{{{\"", "{}", "[]", "[[]]",
            "{ \"min\": 1 }", "{ \"equals\": {} }",
            "{ \"note\": 1 }", "\"note\"", "\"produce\"", "\"count\"", "\"orders/9\"", "\"\\u007b\\u007bn}}\"",
            "\"é🙂{{n}}\"", "\"5s\"",
        ]
        let tokens = Self.tokens(of: Self.sound)
        let places = tokens.indices.filter { tokens[$0].first == "\"" || tokens[$0].first?.isNumber == true }
        var random = SplitMix64(state: 11)
        var accepted = 0
        for _ in 0..<3_000 {
            var mutated = tokens
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                mutated[places.randomElement(using: &random)!] = values.randomElement(using: &random)!
            }
            do {
                _ = try Scenario.decode(Array(mutated.joined().utf8), file: "test.json")
                accepted += 1
            } catch {
                let lines = error.all.compactMap { $0.place?.line }
                #expect(lines == lines.sorted())
            }
        }
        #expect(accepted > 0)
    }

    @Test("deep JSON with templates is told apart from too deep JSON, without a crash")
    func depth() {
        for depth in [100, 500, 10_000] {
            let value = String(repeating: "[", count: depth) + "\"{{n}}\"" + String(repeating: "]", count: depth)
            _ = problems(scenario(steps: "{ \"produce\": \"orders\", \"messages\": [{ \"value\": \(value) }] }"))
        }
        let sum = String(repeating: "(", count: 500)
        #expect(
            problems(scenario(steps: "{ \"produce\": \"orders\", \"count\": 1, \"value\": \"{{\(sum)}}\" }"))
                .contains("an expression is nested too deeply"))
    }
}

extension RobustnessTests {
    @Test("of very many faults the first are told, and how many there are")
    func manyFaults() {
        let topics = (0..<600).map { "{ \"name\": \"t\($0)\", \"x\": 1 }" }.joined(separator: ",\n")
        let told = problems("{ \"name\": \"a\", \"topics\": [\(topics)], \"steps\": [{ \"consume\": \"t0\" }] }")
        #expect(told.split(separator: "\n").filter { $0.contains("unknown field \"x\"") }.count == 500)
        #expect(told.hasSuffix("invalid: 100 more errors of test.json are not shown"))
    }

    @Test(
        "a large file is judged in a moment, sound or not, even on one line",
        arguments: [
            "{ \"produce\": \"orders\", \"messages\": [{ \"key\": \"k\", \"value\": \"{{city}}\" }], \"note\": \"n\" }",
            "{ \"produce\": \"orders\", \"messages\": [{ \"key\": \"k\", \"valu\": \"{{city}}\" }], \"linger\": \"{{no}}\" }",
            "{ \"consume\": \"{{city}}\", \"expect\": { \"keys\": { \"a\": {} }, \"messages\": \"{{n}}\" } }",
            "{ \"consume\": \"orders\", \"until\": { \"messages\": \"{{n}}\" } }",
        ])
    func largeFiles(step: String) {
        let steps = Array(repeating: step, count: 10_000).joined(separator: ", ")
        // The suite's time limit is what would break if anything took the square of the file's length.
        #expect(problems(scenario(steps: steps)).utf8.count < 500_000)
    }
}
