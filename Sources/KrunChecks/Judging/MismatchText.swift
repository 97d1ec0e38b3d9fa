package import KrunDiagnostics

/// The words for a mismatch: the one place where its values become text for people.
package enum MismatchText {
    /// How many elements of a list are shown.
    private static let elementLimit = 10

    /// What stands after the caret.
    ///
    /// - Parameter showsExpected: whether the file's own text there does not say what is expected, as where a variable does.
    package static func label(_ mismatch: Mismatch, showsExpected: Bool) -> String {
        let actual = "actual: \(text(mismatch.actual))"
        return showsExpected ? "expected: \(text(mismatch.expected)), \(actual)" : actual
    }

    /// As words: `"espresso"`, `one of 1, 2`, `something that matches "^a"`, `at least 3`.
    package static func text(_ value: Mismatch.Value) -> String {
        switch value {
        case .null: "null"
        case .number(let number): "\(number)"
        case .text(let text): KeyText.quoted(text.utf8)
        case .duration(let duration): "\"\(duration.shown)\""
        case .record(let bytes, let isJSON): RecordValue.text(bytes, asJSON: isJSON)
        case .json(let text): KeyText.shortened(text)
        case .list(let elements): "[\(list(elements))]"
        case .object(let members):
            "{ " + members.map { "\"\($0.name)\": \(text($0.value))" }.joined(separator: ", ") + " }"
        case .oneOf(let values): "one of \(list(values))"
        case .matches(let pattern): "something that matches \(KeyText.quoted(pattern.utf8))"
        case .boolean(let boolean): "\(boolean)"
        case .matcher(let name, let value): text(name, value)
        case .range(let min?, let max?): "from \(text(min)) to \(text(max))"
        case .range(let min?, nil): "at least \(text(min))"
        case .range(nil, let max?): "at most \(text(max))"
        case .range(nil, nil): "anything"
        }
    }

    private static func text(_ matcher: String, _ value: Mismatch.Value) -> String {
        switch (matcher, value) {
        case ("contains", _): "something that contains \(text(value))"
        case ("exists", .boolean(true)): "something"
        case ("exists", _): "nothing"
        case ("not", _): "anything but \(text(value))"
        case ("size", _): "something of size \(text(value))"
        case ("path", .object(let members)):
            members.map { "\(KeyText.shortened($0.name)) is \(text($0.value))" }.joined(separator: ", ")
        case ("anyOrder", _): "in any order \(text(value))"
        default: text(value)
        }
    }

    private static func list(_ values: [Mismatch.Value]) -> String {
        let more = values.count - elementLimit
        let shown = values.prefix(elementLimit).map(text).joined(separator: ", ")
        return more > 0 ? "\(shown) and \(more) more" : shown
    }
}
