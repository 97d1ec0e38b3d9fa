import Foundation
import KrunJSON
import Testing

@testable import KrunScenario

/// The tables of `docs/scenario-language.md` are the table of the language, written down.
@Suite("Reference") struct ReferenceTests {
    private static let page = "docs/scenario-language.md"

    /// What stands between `<!-- table: NAME -->` and `<!-- end -->`.
    private static let tables: [String: @Sendable () -> [String]] = [
        "scenario": { fields(ScenarioFields.shape.fields) },
        "caseFile": { fields(CaseFileFields.shape.fields) },
        "timeouts": { fields(TimeoutsFields.shape.fields) },
        "topic": { fields(TopicFields.shape.fields) },
        "group": { fields(GroupFields.shape.fields) },
        "message": { fields(MessageFields.shape.fields) },
        "recordFile": { fields(RecordFileFields.shape.fields) },
        "produce": {
            let names = MessageFields.generator.map(\.name).filter { $0 != "count" }
            return fields(ProduceFields.shape.fields.filter { !names.contains($0.name) })
        },
        "payload": {
            table(
                ["written", "meaning"],
                PayloadFields.all.map { ["`{ \"\($0.name)\": … }`: \($0.form.summary)", $0.sentence] })
        },
        "consume": { fields(ConsumeFields.shape.fields) },
        "membership": { fields(MembershipFields.shape.fields) },
        "expectMembership": { fields(MembershipExpectationFields.shape.fields) },
        "transaction": { fields(TransactionFields.shape.fields) },
        "expectTransaction": { fields(TransactionExpectationFields.shape.fields) },
        "offsets": { fields(OffsetsFields.shape.fields) },
        "expectOffsets": { fields(OffsetsExpectationFields.shape.fields) },
        "topicStep": { fields(TopicStepFields.shape.fields) },
        "expectTopicStep": { fields(TopicStepExpectationFields.shape.fields) },
        "fault": { fields(FaultFields.shape.fields) },
        "faultKinds": {
            table(
                ["`fault`", "needs", "may have"],
                FaultKind.allCases.map { kind in
                    ["`\(kind.rawValue)`", names(kind.required), names(kind.optional)]
                })
        },
        "expectFault": { fields(FaultExpectationFields.shape.fields) },
        "commit": { fields(CommitFields.shape.fields) },
        "expectLatency": { fields(LatencyExpectationFields.shape.fields) },
        "pause": { fields(PauseFields.shape.fields) },
        "together": { fields(TogetherFields.shape.fields) },
        "repeat": { fields(RepeatFields.shape.fields) },
        "until": { fields(UntilFields.shape.fields) },
        "expect": { expectations() },
        "expectTopic": { fields(TopicExpectationFields.shape.fields) },
        "expectPartition": { fields(PartitionExpectationFields.shape.fields) },
        "expectKey": { fields(KeyExpectationFields.shape.fields) },
        "expectMember": { fields(MemberExpectationFields.shape.fields) },
        "recordMatcher": { fields(RecordMatcherFields.shape.fields) },
        "capture": { fields(CaptureFields.shape.fields) },
        "matcher": { fields(MatcherFields.all.shape.fields) },
        "client": {
            table(
                ["property", "of", "value"],
                ClientPropertyTable.allowedNames.compactMap { name in
                    ClientPropertyTable.allowed[name].map { ["`\(name)`", $0.scope.clients, $0.summary] }
                })
        },
    ]

    @Test("every table is what the fields say")
    func tables() throws {
        try Generated.compare(Self.page) { page in
            var lines: [Substring] = []
            var isInside = false
            for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
                if line == "<!-- end -->" { isInside = false }
                if !isInside { lines.append(line) }
                guard line.hasPrefix("<!-- table: "), let name = line.split(separator: " ").dropFirst(2).first,
                    let table = Self.tables[String(name)]
                else { continue }
                isInside = true
                lines += table().map { Substring($0) }
            }
            return lines.joined(separator: "\n")
        }
    }

    @Test("every table is in the page")
    func places() throws {
        let page = try String(contentsOf: Generated.root.appending(path: Self.page), encoding: .utf8)
        let named = page.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("<!-- table: ") else { return nil }
            return line.split(separator: " ").dropFirst(2).first.map(String.init)
        }
        #expect(named.sorted() == Self.tables.keys.sorted())
        #expect(page.components(separatedBy: "<!-- end -->").count == named.count + 1)
    }

    @Test("a field says since when there is one")
    func since() {
        let field = Field("rate", IntegerForm(1...9), "Messages per second.", since: "0.2")
        #expect(
            Self.fields([field]) == [
                "| field | value | meaning |", "|---|---|---|",
                "| `rate` | a whole number, 1 to 9 | Messages per second. Since 0.2. |",
            ])
        #expect(
            field.schema.text(pretty: false).hasPrefix(#"{"description":"Messages per second. Since 0.2.","anyOf":["#))
    }

    private static func fields(_ fields: [any FieldDescription]) -> [String] {
        let presets = fields.map(preset)
        let hasPresets = presets.contains { !$0.isEmpty }
        return table(
            ["field", "value", "meaning"] + (hasPresets ? ["default"] : []),
            zip(fields, presets).map { field, preset in
                ["`\(field.name)`", field.form.summary, meaning(field)] + (hasPresets ? [preset] : [])
            })
    }

    /// Those of both verbs in one table.
    private static func expectations() -> [String] {
        let produce = ProduceExpectationFields.shape
        let consume = ConsumeExpectationFields.shape
        let ofProduce = produce.fields.filter { !consume.has($0.name) || $0.name == "messages" }
        let rows =
            ofProduce.map { ("produce", $0) }
            + consume.fields.map { field in
                (
                    field.needsGroup
                        ? "group" : field.name != "messages" && produce.has(field.name) ? "both" : "consume", field
                )
            }
        return table(
            ["field", "of", "value", "meaning"],
            rows.map { ["`\($0.1.name)`", $0.0, $0.1.form.summary, meaning($0.1)] })
    }

    private static func meaning(_ field: any FieldDescription) -> String {
        var meaning = field.sentence
        if field.isRequired { meaning += " Required." }
        if let since = field.since { meaning += " Since \(since)." }
        return meaning
    }

    private static func preset(_ field: any FieldDescription) -> String {
        field.otherwise ?? field.form.preset.map { "`\($0.text(pretty: false))`" } ?? ""
    }

    private static func names(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

    private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        func line(_ cells: [String]) -> String {
            cells.reduce("|") { $0 + ($1.isEmpty ? " |" : " \($1.replacing("|", with: "\\|")) |") }
        }
        return [line(head), "|" + String(repeating: "---|", count: head.count)] + rows.map(line)
    }
}
