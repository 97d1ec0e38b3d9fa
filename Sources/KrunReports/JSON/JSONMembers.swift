import KrunDiagnostics
package import KrunJSON

/// An object in the making, its members in the order in which they are added.
package struct JSONMembers {
    package private(set) var members: [JSONValue.Member] = []

    /// Adds nothing for nil: a member that does not apply is left out.
    package mutating func add(_ name: String, _ value: JSONValue?) {
        if let value { members.append(JSONValue.Member(name, value)) }
    }

    package mutating func add(_ name: String, _ text: String?) { add(name, text.map { .string($0) }) }
    package mutating func add(_ name: String, _ number: (some BinaryInteger)?) { add(name, number.map { .number($0) }) }
    package mutating func add(_ name: String, _ flag: Bool) { add(name, JSONValue.boolean(flag)) }
    package mutating func add(_ name: String, _ texts: [String]) {
        add(name, JSONValue.array(texts.map { .string($0) }))
    }
    package mutating func add(_ name: String, _ numbers: [some BinaryInteger]) {
        add(name, JSONValue.array(numbers.map { .number($0) }))
    }
    package mutating func add(_ name: String, _ duration: Duration?) { add(name, duration.map { .duration($0) }) }
    package mutating func add(_ name: String, _ object: JSONMembers) { add(name, object.value) }
    package mutating func add(_ name: String, _ objects: [JSONMembers]) {
        add(name, JSONValue.array(objects.map(\.value)))
    }

    package init() {}

    package var value: JSONValue { .object(members) }
}

extension JSONValue {
    package static func number(_ number: some BinaryInteger) -> JSONValue { .integer(Int64(clamping: number)) }

    /// The number, or null where it is not known.
    package static func nullable(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }

    /// Milliseconds with at most three decimals and the unit, which is how the language writes durations: `12.3ms`.
    package static func duration(_ duration: Duration) -> JSONValue {
        let microseconds = Amounts.microseconds(duration)
        var text = String(microseconds / 1_000)
        var decimals = String(1_000 + (microseconds % 1_000).magnitude).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        if !decimals.isEmpty { text += ".\(decimals)" }
        return .string(text + "ms")
    }
}
