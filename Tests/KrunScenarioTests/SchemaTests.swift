import Foundation
import KrunJSON
import KrunOutcome
import Testing

@testable import KrunScenario

/// What is kept in a file of this repository and made by the table of the language; `KRUN_RECORD=1` writes it instead.
enum Generated {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Compares the file's whole text with what `text` makes of it.
    static func compare(_ path: String, with text: (_ kept: String) -> String) throws {
        let file = root.appending(path: path)
        let kept = try String(contentsOf: file, encoding: .utf8)
        let made = text(kept)
        if kept == made { return }
        if ProcessInfo.processInfo.environment["KRUN_RECORD"] == "1" {
            try made.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(path) was written: read what has changed")
            return
        }
        let lines = zip(kept.split(separator: "\n"), made.split(separator: "\n"))
        let first = lines.first { $0 != $1 }
        Issue.record(
            """
            \(path) is not what the table of the language makes; KRUN_RECORD=1 writes it. The first difference:
            - \(first?.0 ?? "(end)")
            + \(first?.1 ?? "(end)")
            """)
    }
}

/// The JSON Schema is the table of the language, written down.
@Suite("JSON Schema") struct SchemaTests {
    @Test("the schema is the one that the table makes")
    func generated() throws {
        try Generated.compare("schema/scenario.schema.json") { _ in Scenario.jsonSchema.text(pretty: true) + "\n" }
    }

    @Test("every definition is used, every reference is defined, and each says what it is")
    func definitions() throws {
        let schema = Scenario.jsonSchema
        var used: Set<String> = []
        func collect(_ value: JSONValue) {
            switch value {
            case .object(let members):
                for member in members {
                    if member.name == "$ref", case .string(let reference) = member.value { used.insert(reference) }
                    collect(member.value)
                }
            case .array(let elements): elements.forEach(collect)
            default: break
            }
        }
        collect(schema)
        guard case .object(let members) = schema, case .object(let definitions)? = members.last?.value else {
            Issue.record("there are no definitions")
            return
        }
        #expect(used == Set(definitions.map { "#/$defs/\($0.name)" }))
        #expect(Set(definitions.map(\.name)).count == definitions.count)
    }

    @Test("no property is both allowed and refused")
    func tables() {
        for name in ClientPropertyTable.allowed.keys {
            #expect(ClientPropertyTable.danger(of: name) == nil)
            #expect(ClientPropertyTable.fields[name] == nil)
            #expect(ClientPropertyTable.own[name] == nil)
        }
    }

    @Test("librdkafka takes every property of the allow-list, from the least value to the greatest")
    func librdkafka() {
        var refused: [String] = []
        for (name, entry) in ClientPropertyTable.allowed {
            let values: [String] =
                switch entry.values {
                case .number(let range): [String(range.lowerBound), String(range.upperBound)]
                case .boolean: ["true", "false"]
                case .text: ["text"]
                }
            refused += values.filter { !librdkafkaTakes(name, $0) }.map { "\(name)=\($0)" }
        }
        #expect(refused.sorted() == [])
    }

    @Test("every property that librdkafka has is allowed, or refused with a way out that works")
    func everyProperty() throws {
        let properties = try librdkafkaProperties()
        #expect(properties.count > 150)
        for (name, value) in properties {
            #expect(ClientPropertyTable.names.contains(name), "\(name) is in no table")
            let refusal = ClientPropertyTable.refusal(of: name)
            #expect((refusal == nil) == (ClientPropertyTable.allowed[name] != nil), "\(name)")
            guard refusal?.wayOut?.contains("-X") == true else { continue }
            #expect(
                librdkafkaTakes(name, value) || librdkafkaLacks(name), "-X \(name)=\(value) does not work")
            // The command line's own list of what it refuses.
            #expect(ClientPropertyTable.fields[name] == nil && ClientPropertyTable.own[name] == nil, "\(name)")
        }
        // Those that only a program can set: there is no text for them.
        for name in ClientPropertyTable.forPrograms {
            #expect(properties[name] != nil && !librdkafkaTakes(name, "x"), "\(name)")
        }
    }
}
