import Foundation
import KrunDiagnostics
import KrunJSON
import Testing

@testable import KrunScenario

/// The one layout of scenario files.
@Suite("Scenario Format", .timeLimit(.minutes(3))) struct ScenarioFormatTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func format(_ text: String) throws -> String {
        String(decoding: try ScenarioFormat.text(of: Array(text.utf8), file: "test.json"), as: UTF8.self)
    }

    /// The files below a folder of this repository whose names end in `.json`.
    private static func files(in folder: String) throws -> [(name: String, bytes: [UInt8])] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { $0.hasSuffix(".json") }.sorted()
            .map { ("\(folder)/\($0)", [UInt8](try Data(contentsOf: root.appending(path: "\(folder)/\($0)")))) }
    }

    @Test("krun's own scenarios have it")
    func ownScenarios() throws {
        let files = try Self.files(in: "scenarios")
        #expect(files.count > 30)
        for (name, bytes) in files {
            #expect(try ScenarioFormat.text(of: bytes, file: name) == bytes, "krun fmt \(name)")
        }
    }

    @Test("fields stand in the order of the reference, and data as it is")
    func order() throws {
        let source = #"""
            { "steps": [
              { "expect": { "lag": 0, "keys": { "z": { "values": ["\u0041", {"min": 1}, {"max": 3.10, "min": 1}, {"b": 1, "a": 2}], "partition": 0 }, "a": {} }, "messages": 1e0 },
                "group": "g", "note": "reads", "from": { "1": 5, "0": "latest" }, "consume": "orders" },
              { "value": { "z": 1, "a": [1,2.50] }, "key": "k", "count": 3, "headers": { "z": "1", "a": "2" }, "produce": "orders",
                "expect": { "error": { "TIMED_OUT": 1, "BROKER_NOT_AVAILABLE": 2 } } },
              { "messages": [ { "value": 1, "key": null, "note": "one" } ], "produce": "orders" },
              { "messages": [ { "value": 1 }, { "headers": [ { "value": "v", "key": "k" } ], "value": 2 } ], "produce": "orders" },
              { "steps": [ { "pause": "1ms" } ], "repeat": 2 },
              { "together": [ { "pause": "1ms" }, [ { "pause": "2ms" } ] ] },
              { "expect": { "members": { "b": { "messages": 1, "partitions": 2 }, "a": {} }, "moved": { "max": 2, "min": 1 } }, "crash": "a", "group": "g" },
              { "topic": "orders", "offsets": "g" },
              { "config": { "z": 1, "a": null }, "topic": "orders" }
            ],
            "topics": [ { "config": { "retention.ms": -1, "cleanup.policy": "compact" }, "partitions": 1, "name": "orders" } ],
            "client": { "linger.ms": 5, "acks": "all" },
            "variables": { "z": { "b": 1, "a": 2 }, "a": 1 }, "note": "all of it", "name": "n", "$schema": "s" }
            """#
        #expect(
            try format(source) == #"""
                {
                  "$schema": "s",
                  "note": "all of it",
                  "name": "n",
                  "variables": { "z": { "b": 1, "a": 2 }, "a": 1 },
                  "client": { "linger.ms": 5, "acks": "all" },
                  "topics": [
                    {
                      "name": "orders",
                      "partitions": 1,
                      "config": { "retention.ms": -1, "cleanup.policy": "compact" }
                    }
                  ],
                  "steps": [
                    {
                      "note": "reads",
                      "consume": "orders",
                      "group": "g",
                      "from": { "1": 5, "0": "latest" },
                      "expect": {
                        "messages": 1e0,
                        "keys": {
                          "z": {
                            "partition": 0,
                            "values": ["\u0041", { "min": 1 }, { "min": 1, "max": 3.10 }, { "b": 1, "a": 2 }]
                          },
                          "a": {}
                        },
                        "lag": 0
                      }
                    },
                    {
                      "produce": "orders",
                      "count": 3,
                      "key": "k",
                      "value": { "z": 1, "a": [1, 2.50] },
                      "headers": { "z": "1", "a": "2" },
                      "expect": { "error": { "TIMED_OUT": 1, "BROKER_NOT_AVAILABLE": 2 } }
                    },
                    { "produce": "orders", "messages": [{ "note": "one", "key": null, "value": 1 }] },
                    {
                      "produce": "orders",
                      "messages": [
                        { "value": 1 },
                        { "value": 2, "headers": [{ "key": "k", "value": "v" }] }
                      ]
                    },
                    {
                      "repeat": 2,
                      "steps": [
                        { "pause": "1ms" }
                      ]
                    },
                    {
                      "together": [
                        { "pause": "1ms" },
                        [
                          { "pause": "2ms" }
                        ]
                      ]
                    },
                    {
                      "group": "g",
                      "crash": "a",
                      "expect": {
                        "members": { "b": { "partitions": 2, "messages": 1 }, "a": {} },
                        "moved": { "min": 1, "max": 2 }
                      }
                    },
                    { "offsets": "g", "topic": "orders" },
                    { "topic": "orders", "config": { "z": 1, "a": null } }
                  ]
                }

                """#)
    }

    @Test("what the language does not know stays behind what it stands behind")
    func unknown() throws {
        #expect(
            try format(
                #"{ "x": 0, "steps": [{ "expects": 1, "group": "g", "frm": 2, "consume": "o", "z": 3, "a": 4 }], "y": 1, "name": "n" }"#
            )
                == #"""
                {
                  "x": 0,
                  "name": "n",
                  "steps": [
                    { "expects": 1, "consume": "o", "z": 3, "a": 4, "group": "g", "frm": 2 }
                  ],
                  "y": 1
                }

                """#)
        // Without a verb nobody knows what it is; of two it is the one that knows more of the rest.
        #expect(
            try format(#"{ "steps": [{ "b": 1, "a": 2 }, { "topic": 1, "value": 2, "produce": 3 }] }"#)
                == #"""
                {
                  "steps": [
                    { "b": 1, "a": 2 },
                    { "topic": 1, "produce": 3, "value": 2 }
                  ]
                }

                """#)
    }

    @Test("JSON that is no scenario is laid out all the same")
    func noScenario() throws {
        #expect(try format("[1,{\"b\":1,\"a\":2}]") == "[\n  1,\n  { \"b\": 1, \"a\": 2 }\n]\n")
        #expect(try format(" 5 ") == "5\n")
        #expect(try format("{}") == "{}\n")
        #expect(
            try format("{\"steps\":{\"b\":[]},\"a\":\"{{x}}\"}")
                == "{\n  \"steps\": { \"b\": [] },\n  \"a\": \"{{x}}\"\n}\n")
        do {
            _ = try format("{ \"name\": }")
            Issue.record("it was formatted")
        } catch let error as Diagnostics {
            #expect(error.all[0].kind == .invalid)
            #expect(error.all[0].place?.column == 11)
        }
    }

    @Test("files of this repository, with and without changes, mean the same afterwards, and once is enough")
    func mutated() throws {
        let files = try Self.files(in: "scenarios") + Self.files(in: "Tests/Fixtures")
        let small = files.map(\.bytes).filter { !$0.isEmpty && $0.count < 1 << 16 }
        #expect(small.count > 100)
        var mutator = FileMutator(random: SplitMix64(state: 5))
        var formatted = 0
        func check(_ bytes: [UInt8]) throws {
            guard let document = try? JSONDocument.parse(bytes, file: "test.json", valueLimit: 350_000) else { return }
            let once = try ScenarioFormat.text(of: bytes, file: "test.json")
            let again = try JSONDocument.parse(once, file: "test.json")
            #expect(JSONNode.isEqual(document.root, again.root), "\(String(decoding: bytes, as: UTF8.self))")
            #expect(
                try ScenarioFormat.text(of: once, file: "test.json") == once, "\(String(decoding: once, as: UTF8.self))"
            )
            formatted += 1
        }
        for bytes in small { try check(bytes) }
        for _ in 0..<3_000 {
            try check(
                mutator.mutate(
                    small.randomElement(using: &mutator.random)!, other: small.randomElement(using: &mutator.random)!))
        }
        #expect(formatted > 500)
    }

    @Test("whatever the order of its fields, a scenario comes out the same, and is read the same")
    func shuffled() throws {
        var random = SplitMix64(state: 7)
        for (name, bytes) in try Self.files(in: "scenarios") {
            let document = try JSONDocument.parse(bytes, file: name)
            for _ in 0..<5 {
                let shuffled = Self.shuffled(document.root, .scenario, &random).text(pretty: false)
                #expect(try ScenarioFormat.text(of: Array(shuffled.utf8), file: name) == bytes, "\(name)")
            }
        }
    }

    /// The members of all objects of the language in another order.
    private static func shuffled(_ node: JSONNode, _ role: JSONRole?, _ random: inout SplitMix64) -> JSONValue {
        switch node.kind {
        case .array: return .array(node.elements.map { shuffled($0, role?.ofElements, &random) })
        case .object:
            let order = role?.order(of: node.members)
            let members = node.members.map { member in
                JSONValue.Member(
                    member.name,
                    shuffled(member.value, order.map { $0.roles[member.name] } ?? role?.ofValues, &random))
            }
            return .object(order == nil ? members : members.shuffled(using: &random))
        default: return JSONValue(node)
        }
    }
}
