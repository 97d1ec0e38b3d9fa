import KrunConfigs
import KrunJSON

/// The JSON Schemas of librdkafka's properties, from the list of those that a scenario may set.
extension ClientPropertyTable {
    /// Of a `client`: only those that such a client has.
    static func schema(for scope: Scope) -> JSONValue {
        .anyOf(.definition(scope.definition), .definition("template"))
    }

    static var definitions: [(String, JSONValue?)] {
        let properties = allowedNames.map { name in (name, allowed[name]?.schema) }
        let all = JSONValue.type(
            "object",
            (
                "description",
                .string(
                    ("Tuning properties of librdkafka. What names a host, credential, command or library comes from the command line "
                        + "only: `krun run -X` or `krun run --config`.").withoutMarkdown)
            ), ("additionalProperties", .boolean(false)), ("properties", .schema(properties)))
        let own = [Scope.producer, .consumer].map { scope in
            (
                scope.definition,
                Optional(
                    JSONValue.schema(
                        ("description", .string("Tuning properties of a \(scope.client).")),
                        ("$ref", .string("#/$defs/\(Scope.both.definition)")),
                        ("propertyNames", .schema(("enum", .strings(names(for: scope)))))))
            )
        }
        return [
            (
                "numberInText",
                .type(
                    "string", ("description", .string("A whole number in a text.")),
                    ("pattern", .string("^[+-]?[0-9]+$")))
            ), (Scope.both.definition, all),
        ] + own
    }

    private static func names(for scope: Scope) -> [String] {
        allowedNames.filter { name in allowed[name].map { $0.scope == .both || $0.scope == scope } ?? false }
    }
}

extension ClientPropertyTable.Scope {
    fileprivate var definition: String {
        switch self {
        case .both: "client"
        case .producer: "producerClient"
        case .consumer: "consumerClient"
        }
    }

    fileprivate var client: String { self == .producer ? "producer" : "consumer" }

    /// As the reference says it.
    var clients: String {
        switch self {
        case .both: "every client"
        case .producer: "producers"
        case .consumer: "consumers"
        }
    }
}

extension ClientPropertyTable.Entry {
    fileprivate var schema: JSONValue {
        let (first, others) = (scope.clients.prefix(1).uppercased(), scope.clients.dropFirst())
        let values: JSONValue =
            switch values {
            case .number(let range):
                .anyOf(.integer(range), .definition("numberInText"), .definition("textWithTemplate"))
            case .boolean:
                .anyOf(
                    .type("boolean"), .schema(("enum", .strings(["true", "false"]))), .definition("textWithTemplate"))
            case .text:
                .anyOf(
                    .schema(
                        ("type", .strings(["string", "number", "boolean"])),
                        ("maxLength", .integer(Int64(ClientPropertyTable.longestText)))),
                    .definition("textWithTemplate"))
            }
        guard case .object(let members) = values else { return values }
        return .object([.init("description", .string("\(first)\(others)."))] + members)
    }

    /// What may be written, in Markdown of a few words.
    var summary: String {
        switch values {
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .boolean: "`true` or `false`"
        case .text: "text of at most \(ClientPropertyTable.longestText) bytes"
        }
    }
}

/// The JSON Schema of a topic's configs. One that is in no table may be a newer Kafka's, where the scenario requires a real broker.
extension ConfigTable {
    var schema: JSONValue {
        .type(
            "object", ("description", .string("Kafka's topic configs, as of Kafka 3.9.")),
            ("properties", .schema(definitions.sorted { $0.name < $1.name }.map { ($0.name, $0.schema()) })),
            ("additionalProperties", .schema(("type", .strings(["string", "number", "boolean"])))))
    }

    /// The same for a change of them: `null` takes one back to its default.
    var changeSchema: JSONValue {
        let null = JSONValue.type("null")
        return .type(
            "object",
            (
                "description",
                .string("Kafka's topic configs, as of Kafka 3.9; null takes one back to its default.")
            ),
            ("properties", .schema(definitions.sorted { $0.name < $1.name }.map { ($0.name, $0.schema(or: [null])) })),
            ("additionalProperties", .schema(("type", .strings(["string", "number", "boolean", "null"])))))
    }
}

extension ConfigDefinition {
    fileprivate func schema(or others: [JSONValue] = []) -> JSONValue {
        let preset: JSONValue? =
            switch type {
            case .short, .int, .long: defaultValue.flatMap { Int64($0) }.map { .integer($0) }
            case .boolean: defaultValue.map { .boolean($0 == "true") }
            default: defaultValue.map { .string($0) }
            }
        return .schema(
            ("description", .string(documentation)), ("default", preset),
            ("anyOf", .array(values + others + [.definition("textWithTemplate")])))
    }

    /// What Kafka takes; it cuts blanks and control characters off a text.
    private var values: [JSONValue] {
        func text(_ pattern: String) -> JSONValue {
            .type("string", ("pattern", .string("^\(Self.blanks)\(pattern)\(Self.blanks)$")))
        }
        let number = text("[+-]?[0-9]+")
        switch (type, rule) {
        case (_, .oneOf(let names)):
            return [.schema(("enum", .strings(names))), text("(\(names.joined(separator: "|")))")]
        case (_, .elements(let names)):
            let name = "\(Self.blanks)(\(names.joined(separator: "|")))\(Self.blanks)"
            return [.schema(("enum", .strings(names))), text("(\(name)(,\(name))*)?")]
        case (_, .throttledReplicas):
            let replica = "\(Self.blanks)([0-9]+:[0-9]+)?\(Self.blanks)"
            return [
                text("\(replica)(,\(replica))*"),
                .type("string", ("pattern", .string("^[\\u0000-\\u0020,]*\\*[\\u0000-\\u0020,]*$"))),
            ]
        case (_, .gzipLevel): return [.schema(("enum", .array(([-1] + (1...9)).map { .integer($0) }))), number]
        case (.boolean, _):
            return [.type("boolean"), text("([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])")]
        case (.short, _), (.int, _), (.long, _): return [.integer(range), number]
        case (.double, .between(let least, let most)):
            return [.type("number", ("minimum", .integer(least)), ("maximum", .integer(most))), .type("string")]
        case (_, .kafkaVersion): return [.schema(("type", .strings(["string", "number"])))]
        default: return [.schema(("type", .strings(["string", "number", "boolean"])))]
        }
    }

    private static let blanks = "[\\u0000-\\u0020]*"

    /// Of a whole number.
    private var range: ClosedRange<Int64> {
        let all: ClosedRange<Int64> =
            switch type {
            case .short: Int64(Int16.min)...Int64(Int16.max)
            case .int: Int64(Int32.min)...Int64(Int32.max)
            default: Int64.min...Int64.max
            }
        switch rule {
        case .atLeast(let least): return least...all.upperBound
        case .between(let least, let most): return least...most
        default: return all
        }
    }
}
