import KrunDiagnostics
import KrunJSON
import KrunJSONPath
import KrunOutcome
import KrunPatterns
import KrunScenario

/// Records as JSON and in words.
enum RecordText {
    /// What a capture takes from a record; nil where its path leads nowhere.
    ///
    /// - Throws: when the path could not be followed to the end.
    static func value(
        _ capture: Capture, in record: borrowing RecordView, within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> CapturedValue? {
        guard let document = try? JSONDocument.parse(Array(json(record.kept).utf8), file: "record", allowsNUL: true),
            let node = try capture.path.first(in: document.root, within: budget)
        else { return nil }
        return CapturedValue(name: capture.name, json: String(decoding: node.compactText, as: UTF8.self))
    }

    /// As `krun consume --output json` writes it, with keys and values that are JSON objects, lists or numbers as such.
    static func json(_ record: RecordOutcome) -> String {
        func quoted(_ text: String) -> String { JSONValue.string(text).text(pretty: false) }
        func content(_ bytes: [UInt8]?) -> String {
            guard let bytes else { return "null" }
            if let node = RecordValue.json(bytes), [.array, .object, .integer, .real].contains(node.kind) {
                return String(decoding: node.compactText, as: UTF8.self)
            }
            return JSONValue.payload(bytes).text(pretty: false)
        }
        var members = [
            "\"topic\":\(quoted(record.topic))", "\"partition\":\(record.partition)", "\"offset\":\(record.offset)",
        ]
        if let timestamp = record.timestamp { members.append("\"timestamp\":\(timestamp)") }
        members += ["\"key\":\(content(record.key))", "\"value\":\(content(record.value))"]
        if !record.headers.isEmpty {
            let headers = record.headers.map { "{\"key\":\(quoted($0.key)),\"value\":\(content($0.value))}" }
            members.append("\"headers\":[\(headers.joined(separator: ","))]")
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// `orders/0 offset 5, key "alice"`.
    static func place(_ record: RecordOutcome) -> String {
        let offset = record.offset >= 0 ? "offset \(record.offset)" : "offset unknown"
        let key = record.key.map { "key \(KeyText.quoted($0))" } ?? "no key"
        return "\(record.topic)/\(record.partition) \(offset), \(key)"
    }

    /// The same with its value.
    static func whole(_ record: RecordOutcome) -> String {
        "\(place(record)), value \(RecordValue.text(record.value, asJSON: true))"
    }

    /// The record as a value of a mismatch.
    static func actual(_ record: RecordOutcome) -> Mismatch.Value {
        var members: [Mismatch.Value.Member] = [
            .init("topic", .text(record.topic)), .init("partition", .number(Int64(record.partition))),
            .init("offset", record.offset >= 0 ? .number(record.offset) : .null),
            .init("key", .record(record.key, isJSON: false)), .init("value", .record(record.value, isJSON: false)),
        ]
        if let timestamp = record.timestamp { members.append(.init("timestamp", .number(timestamp))) }
        if !record.headers.isEmpty {
            members.append(
                .init(
                    "headers",
                    .list(
                        record.headers.map {
                            .object([.init("key", .text($0.key)), .init("value", .record($0.value, isJSON: false))])
                        })))
        }
        return .object(members)
    }
}
