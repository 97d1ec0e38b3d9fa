import KrunJSON

/// What the language knows of the values that may stand somewhere, as far as it is about the order of members.
///
/// It is read off the JSON Schema that the table of fields makes (`Scenario.jsonSchema`): which objects of the language a value may be, and
/// what may be within it.
struct JSONRole: Sendable {
    /// The objects of the language that may stand there, by the names of their definitions.
    private var objects: [String] = []
    /// Of the values of a map, and of the elements of a list; none or one.
    private var values: [JSONRole] = []
    private var elements: [JSONRole] = []
    /// Whether an object may be data.
    private var admitsData = false

    /// A file as a whole.
    static let scenario = JSONRole(object: ScenarioFields.shape.schemaName)

    private init(object: String) { objects = [object] }

    var ofValues: JSONRole? { values.first }
    var ofElements: JSONRole? { elements.first }

    /// Whether a list of so many has a line for each of them at least: steps, and several messages.
    func givesElementsLines(_ count: Int) -> Bool {
        guard let elements = ofElements else { return false }
        return elements.objects.contains(where: Self.steps.contains)
            || count > 1 && elements.objects.contains(MessageFields.shape.schemaName)
    }

    private static let steps = Set(Verb.allCases.map(\.shape.schemaName))

    /// Of the objects that may stand there the one that has these members; nil where it is a map or data, or none fits better than others.
    func order(of members: [JSONMember]) -> MemberOrder? {
        let candidates = objects.compactMap { MemberOrder.all[$0] }
        if candidates.count == 1, values.isEmpty, !admitsData { return candidates[0] }
        let names = members.map(\.name)
        let possible = candidates.filter { $0.required.allSatisfy(names.contains) }
        let fitting = possible.filter { names.allSatisfy($0.has) }
        if fitting.count == 1 { return fitting[0] }
        guard values.isEmpty, !admitsData else { return nil }
        // A field that nobody knows makes no other step of it.
        let known = possible.map { order in names.count { order.has($0) } }
        guard let most = known.max(), known.count(where: { $0 == most }) == 1 else { return nil }
        return known.firstIndex(of: most).map { possible[$0] }
    }
}

extension JSONRole {
    /// - Parameter definitions: of the whole schema, by name.
    fileprivate init(_ schema: JSONValue, _ definitions: [String: JSONValue]) {
        add(schema, definitions)
    }

    private mutating func add(_ schema: JSONValue, _ definitions: [String: JSONValue]) {
        if let name = schema["$ref"]?.text.flatMap({ $0.split(separator: "/").last.map(String.init) }) {
            if MemberOrder.names.contains(name) {
                if !objects.contains(name) { objects.append(name) }
            } else if let definition = definitions[name] {
                add(definition, definitions)
            }
            return
        }
        for keyword in ["anyOf", "oneOf"] {
            guard case .array(let alternatives)? = schema[keyword] else { continue }
            for alternative in alternatives { add(alternative, definitions) }
            return
        }
        if let items = schema["items"] {
            elements = [elements.first ?? JSONRole(), JSONRole(items, definitions)].merged
        }
        if let inside = schema["additionalProperties"], inside["anyOf"] != nil || inside["$ref"] != nil {
            values = [values.first ?? JSONRole(), JSONRole(inside, definitions)].merged
        } else if schema["type"]?.text == "object" || schema["type"] == nil && schema["enum"] == nil {
            admitsData = true
        }
    }

    private init() {}

    fileprivate func merged(with other: JSONRole) -> JSONRole {
        var both = self
        both.objects += other.objects.filter { !objects.contains($0) }
        both.values = (values + other.values).merged
        both.elements = (elements + other.elements).merged
        both.admitsData = admitsData || other.admitsData
        return both
    }
}

extension [JSONRole] {
    /// All of them as one.
    fileprivate var merged: [JSONRole] {
        guard let first else { return [] }
        return [dropFirst().reduce(first) { $0.merged(with: $1) }]
    }
}

/// The order in which an object of the language has its members, and what each of them is.
struct MemberOrder: Sendable {
    let required: [String]
    /// By the names of fields.
    let roles: [String: JSONRole]
    private let ranks: [String: Int]

    /// By the names of their definitions in the JSON Schema.
    static let all: [String: MemberOrder] = {
        guard case .object(let members)? = Scenario.jsonSchema["$defs"] else { return [:] }
        var definitions = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        definitions[ScenarioFields.shape.schemaName] = Scenario.jsonSchema
        return definitions.filter { names.contains($0.key) }.mapValues { MemberOrder($0, definitions) }
    }()

    /// Those of the objects that are not data.
    static let names = Set(
        ([ScenarioFields.shape] + Scenario.shapes + MatcherKind.allCases.map { MatcherFields($0).shape })
            .map(\.schemaName))

    private init(_ schema: JSONValue, _ definitions: [String: JSONValue]) {
        guard case .object(let properties)? = schema["properties"] else {
            preconditionFailure("an object of the language has properties")
        }
        var required: [String] = []
        if case .array(let names)? = schema["required"] { required = names.compactMap(\.text) }
        self.required = required
        roles = Dictionary(properties.map { ($0.name, JSONRole($0.value, definitions)) }) { first, _ in first }
        // A remark stands above what it is about.
        let first = [ScenarioFields.schema.name, "note"]
        let names = first + properties.map(\.name).filter { !first.contains($0) }
        ranks = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    func has(_ name: String) -> Bool { roles[name] != nil }

    /// The members in this order, those that it does not know behind the one that they stand behind; nil where they stand so already.
    func sorted(_ members: [JSONMember]) -> [JSONMember]? {
        var rank = -1
        let ranked = members.enumerated().map { position, member in
            if has(member.name), let known = ranks[member.name] { rank = known }
            return (rank: rank, position: position, member: member)
        }
        let sorted = ranked.sorted { ($0.rank, $0.position) < ($1.rank, $1.position) }
        return zip(ranked, sorted).allSatisfy { $0.position == $1.position } ? nil : sorted.map(\.member)
    }
}

extension JSONValue {
    /// The member of that name; nil where there is none.
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
