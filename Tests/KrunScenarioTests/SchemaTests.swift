import Foundation
import KrunJSON
import KrunOutcome
import Testing

@testable import KrunScenario

/// The JSON Schema and the decoder know the same names.
@Suite("JSON Schema") struct SchemaTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "schema/scenario.schema.json")

    private func schema() throws -> JSONNode {
        try JSONDocument.parse([UInt8](Data(contentsOf: Self.file)), file: "scenario.schema.json").root
    }

    private func names(_ node: JSONNode?) -> Set<String> { Set((node?.members ?? []).map(\.name)) }

    private func strings(_ node: JSONNode?) -> Set<String> { Set((node?.elements ?? []).compactMap(\.string)) }

    @Test("every object has the fields of the decoder's table", arguments: Vocabulary.shapes.map(\.schemaName))
    func fields(name: String) throws {
        let root = try schema()
        let shape = try #require(Vocabulary.shapes.first { $0.schemaName == name })
        let definition = name == "scenario" ? root : root["$defs"]?[name]
        #expect(names(definition?["properties"]) == Set(shape.allNames))
        #expect(definition?["additionalProperties"]?.boolean == false)
        for (field, property) in (definition?["properties"]?.members ?? []).map({ ($0.name, $0.value) }) {
            let described = property["description"] ?? property["$ref"]
            #expect(described != nil, "\(name).\(field) has no description")
        }
    }

    @Test("the values of enumerations are the same")
    func values() throws {
        let definitions = try #require(try schema()["$defs"])
        func values(_ node: JSONNode?) -> Set<String> { strings(node?["anyOf"]?.elements.first?["enum"]) }
        #expect(values(definitions["partitioner"]) == Set(Partitioner.allCases.map(\.rawValue)))
        #expect(values(definitions["allow"]?["items"]) == Set(Invariant.allCases.map(\.rawValue)))
        let produce = definitions["produce"]?["properties"]
        #expect(values(produce?["compression"]) == Set(ProduceStep.Compression.allCases.map(\.rawValue)))
        let consume = definitions["consume"]?["properties"]
        #expect(values(consume?["commit"]) == Set(ConsumeStep.Commit.allCases.map(\.rawValue)))
        #expect(values(consume?["assignor"]) == Set(ConsumeStep.Assignor.allCases.map(\.rawValue)))
    }

    @Test("the client properties are those of the allow-list")
    func client() throws {
        let properties = try schema()["$defs"]?["client"]?["properties"]
        #expect(names(properties) == Set(ClientPropertyTable.allowed.keys))
    }

    @Test("no property is both allowed and refused")
    func tables() {
        for name in ClientPropertyTable.allowed.keys {
            #expect(ClientPropertyTable.danger(of: name) == nil)
            #expect(ClientPropertyTable.fields[name] == nil)
            #expect(ClientPropertyTable.own[name] == nil)
            #expect(ClientPropertyTable.later[name] == nil)
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
            #expect(ClientPropertyTable.later[name] == nil, "\(name)")
        }
        // Those that only a program can set: there is no text for them.
        for name in ClientPropertyTable.forPrograms {
            #expect(properties[name] != nil && !librdkafkaTakes(name, "x"), "\(name)")
        }
    }
}
