import KrunDiagnostics
import KrunScenario

/// Scenario files: each is read or refused, and what is said of one that is refused stands in its order and can be printed.
struct ScenarioTarget: FuzzTarget {
    let name = "scenarios"
    let weight = 2

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] { Self.sound.map { Array($0.text.utf8) } }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        Self.sound.map { ($0.name, Array($0.text.utf8)) } + [
            ("hostile-empty", []),
            ("hostile-brackets", Array(scenario(String(repeating: "[", count: 2_000)).utf8)),
            ("hostile-pattern", Array(consuming(matching: String(repeating: "(", count: 2_100)).utf8)),
            ("hostile-repetitions", Array(consuming(matching: "((a{1000}){1000}){1000}").utf8)),
            ("hostile-braces", Array(scenario("{ \"consume\": \"\(String(repeating: "{{x}}", count: 500))\" }").utf8)),
            ("hostile-unknown-fields", Array(scenario(unknown).utf8)),
            ("hostile-not-utf8", Array("{ \"name\": \"".utf8) + [0xC3, 0x28] + Array("\" }".utf8)),
        ]
    }

    /// Another value in the place of one.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        let places = input.indices.filter { input[$0] == UInt8(ascii: ":") }
        guard !places.isEmpty else { return }
        let start = places[random.below(places.count)] + 1
        let end = input[start...].firstIndex { [UInt8(ascii: ","), UInt8(ascii: "}")].contains($0) } ?? input.count
        input.replaceSubrange(start..<end, with: Array(Self.values[random.below(Self.values.count)].utf8))
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        do throws(Diagnostics) {
            // Whatever it names has itself in it.
            let files = FolderFiles(contents: ["orders.jsonl": input, "order.json": Array("{\"value\":1}\n".utf8)])
            let scenario = try Scenario.decode(input, file: "scenario.json", files: files)
            _ = scenario.warnings(now: 1_767_225_600_000)
            _ = scenario.fault(ofSendingMoreThan: Scenario.usualMaximumBytes)
            return Verdict(heading: "(scenarios)", isAccepted: true)
        } catch {
            let text = DiagnosticText(style: .plain)
            for diagnostic in error.all where text.text(diagnostic).isEmpty { fatalError("\(diagnostic) says nothing") }
            let lines = error.all.compactMap { $0.place }.filter { $0.file == "scenario.json" }.map(\.line)
            if lines != lines.sorted() { fatalError("errors are out of order: \(lines)") }
            return Verdict(heading: "(scenarios)", isAccepted: false)
        }
    }

    private var unknown: String {
        "{ \"consume\": \"orders\", \((0..<600).map { "\"x\($0)\": 1" }.joined(separator: ", ")) }"
    }

    private func scenario(_ steps: String) -> String {
        "{ \"name\": \"t\", \"topics\": [{ \"name\": \"orders\" }], \"steps\": [\(steps)] }"
    }

    private func consuming(matching pattern: String) -> String {
        scenario(
            "{ \"consume\": \"orders\", \"expect\": { \"nullKey\": { \"values\": [{ \"matches\": \"\(pattern)\" }] } } }"
        )
    }

    private static let values = [
        "null", "true", "-1", "0", "3.5", "9223372036854775807", "1e400", "\"\"", "\"x\"", "\"{{n}}\"", "\"{{none}}\"",
        "\"{{index % 3}}\"", "\"{{1/(index-1)}}\"", "\"{{\"", "\"{{{{\"", "{}", "[]", "[[]]",
        "{ \"bytes\": 100000000 }",
        "{ \"matches\": \"(a|b)*[^c]{2,}\\\\d$\" }", "{ \"min\": 1 }", "{ \"hex\": \"0g\" }", "\"5s\"", "\"16KiB\"",
        "\"e\\u0301\"", "\"\\u00e9\"", "{ \"file\": \"order.json\" }", "{ \"file\": \"orders.jsonl\" }",
        "{ \"cycle\": [null, \"{{index}}\", { \"bytes\": 3 }] }", "{ \"oneOf\": [\"user-1\", 1] }",
    ]

    private static let sound = [
        (
            name: "produce-and-consume",
            text: """
            { "name": "t", "variables": { "n": 5, "city": "Paris", "box": { "a": [1, 2.50] } }, "embedded": { "brokers": 3 },
              "client": { "linger.ms": 5 }, "timeouts": { "deliver": "10s" },
              "topics": [{ "name": "orders", "partitions": 3, "config": { "retention.ms": -1 } }, { "name": "old", "existing": true }],
              "groups": [{ "name": "old group", "existing": true }],
              "steps": [
                { "produce": "orders", "count": 10, "key": "user-{{index % 3}}", "value": { "id": "{{index}}", "in": "{{city}} {{box}}" },
                  "partition": "{{index % 3}}", "timestamp": "{{index + 1767225600000}}", "headers": { "h": "{{n}}" },
                  "expect": { "messages": 10, "keys": { "user-0": { "messages": { "min": 1 } } } } },
                { "consume": "orders", "group": "g", "members": 2, "until": { "messages": 10 },
                  "expect": { "keys": { "user-1": { "values": [{ "matches": "^\\\\{.*\\\\d+" }, { "oneOf": [1, null] }] } },
                    "partitions": { "0": { "first": 0 } }, "committed": { "0": 4 }, "lag": 0, "duration": { "max": "5s" } } }
              ] }
            """
        )
    ]
}
