import KrunDiagnostics
import KrunJSON

/// What was expected and what was there, in the JSON report.
enum JSONMismatch {
    static func add(_ mismatch: Mismatch, to object: inout JSONMembers) {
        object.add("subject", subject(mismatch.subject))
        object.add("expected", value(mismatch.expected))
        object.add("actual", value(mismatch.actual))
    }

    private static func subject(_ subject: Mismatch.Subject) -> JSONMembers {
        var object = JSONMembers()
        object.add("topic", subject.topic)
        object.add("partition", subject.partition)
        switch subject.key {
        case .bytes(let bytes): object.add("key", JSONValue.payload(bytes))
        // There is a key of that value: none.
        case Mismatch.Subject.Key.none?: object.add("key", JSONValue.null)
        case nil: break
        }
        object.add("member", subject.member)
        object.add("field", subject.field)
        return object
    }

    /// Values as they stand in an outcome, and matchers as a file writes them.
    private static func value(_ value: Mismatch.Value) -> JSONValue {
        switch value {
        case .null: .null
        case .number(let number): .integer(number)
        case .text(let text): .string(text)
        case .duration(let duration): .duration(duration)
        case .record(let bytes, isJSON: _): .payload(bytes)
        case .json(let text): json(text)
        case .list(let elements): .array(elements.map { self.value($0) })
        case .object(let members): .object(members.map { .init($0.name, self.value($0.value)) })
        case .oneOf(let values): .object([.init("oneOf", .array(values.map { self.value($0) }))])
        case .matches(let pattern): .object([.init("matches", .string(pattern))])
        case .matcher(let name, let value): .object([.init(name, self.value(value))])
        case .boolean(let boolean): .boolean(boolean)
        case .range(let min, let max):
            .object(
                [("min", min), ("max", max)].compactMap { name, bound in bound.map { .init(name, self.value($0)) } })
        }
    }

    /// What a file or a record has as JSON; its text where it cannot be read.
    static func json(_ text: String) -> JSONValue {
        guard let document = try? JSONDocument.parse(Array(text.utf8), file: "value", allowsNUL: true) else {
            return .string(text)
        }
        return JSONValue(document.root)
    }
}
