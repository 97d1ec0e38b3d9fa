import KrunJSON

@testable import KrunScenario

/// Changes what stands in a JSON tree in the ways that people get it wrong: a field too many or too few, another name, another type, a
/// number that is just out of its range.
struct TreeMutator {
    /// Numbers of members and elements, from the root.
    private typealias Path = [Int]

    private static let values: [JSONValue] = [
        .null, .boolean(true), .boolean(false), .integer(-1), .integer(0), .integer(1), .integer(2), .integer(10_001),
        .real(3),
        .real(3.5), .integer(.max), .string(""), .string("x"), .string("{{n}}"), .string("{{text}}"),
        .string("{{box}}"),
        .string("{{list}}"), .string("{{none}}"), .string("{{index}}"), .string("no {{n}}"), .string("5"),
        .string("+7"),
        .string("5s"), .string("0s"), .string("25h"), .string("1.5ms"), .string("5 s"), .string("16KiB"),
        .string("16kib"),
        .string("2026-01-01T00:00:00Z"), .string("2026-13-01T00:00:00Z"), .string("end"), .string("all"),
        .string("none"),
        .string("committed"), .string("orders/0"), .string("orders"), .string("YWJj"), .string("YWJ"), .string("6f"),
        .string("6"), .object([]), .array([]), .array([.string("orders")]),
        .array([.string("orders"), .string("orders")]),
        .array([.integer(1)]), .object([.init("min", .integer(1))]), .object([.init("min", .string("1s"))]),
        .object([.init("min", .integer(1)), .init("max", .integer(3))]), .object([.init("oneOf", .array([]))]),
        .object([.init("oneOf", .array([.integer(1), .null]))]), .object([.init("matches", .string("^a"))]),
        .object([.init("equals", .integer(1))]), .object([.init("equals", .null), .init("min", .integer(1))]),
        .object([.init("bytes", .integer(5))]), .object([.init("bytes", .integer(100_000_001))]),
        .object([.init("hex", .string("6f"))]), .object([.init("hex", .string("6"))]),
        .object([.init("base64", .string("YWI="))]), .object([.init("base64", .string("YWJ="))]),
        .object([.init("json", .null)]), .object([.init("file", .string("x"))]), .object([.init("0", .integer(1))]),
        .object([.init("0", .object([.init("lag", .integer(0))]))]),
        .object([.init("orders", .object([.init("0", .integer(1))]))]),
        .object([.init("note", .string("x"))]), .object([.init("idle", .string("1s"))]),
        .object([.init("messages", .integer(1)), .init("idle", .string("1s"))]),
    ]

    var random: SplitMix64
    /// Names of members anywhere.
    let names: [String]
    /// Values for members of that name: the ends of ranges and what is beyond them, the names of choices.
    let typical: [String: [JSONValue]]

    init(seed: UInt64, shapes: [ObjectShape]) {
        random = SplitMix64(state: seed)
        let fields = shapes.flatMap(\.fields)
        names = Set(fields.map(\.name) + shapes.flatMap { Array($0.later) + $0.elsewhere.keys } + ["note", "x"])
            .sorted()
        var typical: [String: [JSONValue]] = [:]
        for field in fields { typical[field.name, default: []] += Self.ends(of: field.form) }
        for (name, entry) in ClientPropertyTable.allowed {
            switch entry.values {
            case .number(let range): typical[name, default: []] += Self.ends(of: range)
            case .boolean: typical[name, default: []] += [.string("true"), .boolean(false), .string("yes")]
            case .text: typical[name, default: []] += [.string(String(repeating: "x", count: 256)), .integer(5)]
            }
        }
        self.typical = typical
    }

    /// What a form takes and what it only just does not.
    static func ends(of form: any Form) -> [JSONValue] {
        switch form {
        case let form as IntegerForm: ends(of: form.range)
        case let form as Preset<IntegerForm>: ends(of: form.base.range)
        case let form as NumberTemplateForm: ends(of: form.range)
        case let form as TimestampForm: ends(of: form.range)
        case let form as SizeForm: ends(of: form.range)
        case is ChoiceForm<Partitioner>, is Preset<ChoiceForm<Partitioner>>:
            ChoiceForm<Partitioner>.names.map { .string($0) } + [.string("murmur3")]
        case is Preset<ChoiceForm<ProduceStep.Compression>>:
            ChoiceForm<ProduceStep.Compression>.names.map { .string($0) } + [.string("brotli")]
        case let form as StartForm:
            form.names.map { .string($0) }
                + [.string("-1"), .string("2026-02-30T00:00:00Z"), .string("2026-02-03T00:00:00.250Z"), .integer(5)]
                + ends(of: StartForm.last) + ends(of: StartForm.earliestTime...Int64.max)
                + [
                    .object([.init("0", .integer(5)), .init("1", .string("latest"))]),
                    .object([.init("orders", .object([.init("0", .integer(-5))]))]),
                    .object([.init("committed", .string("latest"))]), .object([.init("committed", .string("end"))]),
                    .object([.init("committed", .object([]))]),
                    .object([.init("0", .object([.init("0", .integer(1))]))]),
                ]
        case is TrueForm: [.boolean(true), .boolean(false), .string("true")]
        case is ChoiceForm<FaultKind>: ChoiceForm<FaultKind>.names.map { .string($0) } + [.string("explode")]
        case is ChoiceForm<HealedKind>: ChoiceForm<HealedKind>.names.map { .string($0) } + [.string("heal")]
        case let form as NameForm: [.string(form.names[0]), .string(form.names[0].lowercased())]
        case is ChoiceForm<ConsumeStep.Assignor>:
            ChoiceForm<ConsumeStep.Assignor>.names.map { .string($0) } + [.string("sticky")]
        default: []
        }
    }

    private static func ends(of range: ClosedRange<Int64>) -> [JSONValue] {
        [range.lowerBound - 1, range.lowerBound, range.upperBound].map { .integer($0) }
            + (range.upperBound == .max ? [] : [.integer(range.upperBound + 1)])
    }

    mutating func mutate(_ tree: JSONValue, other: JSONValue) -> JSONValue {
        var tree = tree
        for _ in 0..<(Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1) {
            let path = Self.paths(of: tree).randomElement(using: &random) ?? []
            tree = change(tree, at: path[...], other: other)
        }
        return tree
    }

    /// Every value of the tree replaced by each of a few kinds and by those that are typical of its name, and every member renamed.
    ///
    /// - Parameter field: only what stands in this member of the tree; nil for all of it.
    func systematic(_ tree: JSONValue, in field: String?) -> [JSONValue] {
        let kinds: [JSONValue] = [
            .null, .boolean(true), .integer(-1), .real(3.5), .string("x"), .string("{{n}}"), .object([]), .array([]),
        ]
        return Self.paths(of: tree).dropFirst().flatMap { path -> [JSONValue] in
            if let field, Self.name(at: path[..<1], in: tree) != field { return [] }
            let name = Self.name(at: path[...], in: tree)
            let values = kinds + (name.flatMap { typical[$0] } ?? [])
            let replaced = values.map { Self.replacing(tree, at: path[...], with: $0) }
            guard name != nil else { return replaced }
            let parent = path.dropLast()
            guard case .object(var members) = Self.value(at: Array(parent), in: tree) else { return replaced }
            members[path[path.count - 1]].name = "unknown"
            let renamed = JSONValue.object(members)
            members.remove(at: path[path.count - 1])
            return replaced + [renamed, .object(members)].map { Self.replacing(tree, at: parent, with: $0) }
        }
    }

    private static func children(of value: JSONValue) -> [(name: String?, value: JSONValue)] {
        switch value {
        case .array(let elements): elements.map { (nil, $0) }
        case .object(let members): members.map { ($0.name, $0.value) }
        default: []
        }
    }

    private static func paths(of value: JSONValue) -> [Path] {
        [[]] + children(of: value).enumerated().flatMap { index, child in paths(of: child.value).map { [index] + $0 } }
    }

    private static func name(at path: ArraySlice<Int>, in value: JSONValue) -> String? {
        guard let first = path.first else { return nil }
        let child = children(of: value)[first]
        return path.count == 1 ? child.name : name(at: path.dropFirst(), in: child.value)
    }

    private static func value(at path: Path, in value: JSONValue) -> JSONValue {
        path.reduce(value) { children(of: $0)[$1].value }
    }

    private static func replacing(_ value: JSONValue, at path: ArraySlice<Int>, with new: JSONValue) -> JSONValue {
        guard let first = path.first else { return new }
        switch value {
        case .array(var elements):
            elements[first] = replacing(elements[first], at: path.dropFirst(), with: new)
            return .array(elements)
        case .object(var members):
            members[first].value = replacing(members[first].value, at: path.dropFirst(), with: new)
            return .object(members)
        default: return value
        }
    }

    /// The tree with one thing changed at the end of the path.
    private mutating func change(_ value: JSONValue, at path: ArraySlice<Int>, other: JSONValue) -> JSONValue {
        guard let first = path.first, path.count > 1 else { return change(value, at: path.first, other: other) }
        let child = Self.children(of: value)[first]
        return Self.replacing(
            value, at: [first], with: change(child.value, at: path.dropFirst(), other: other))
    }

    private mutating func change(_ value: JSONValue, at index: Int?, other: JSONValue) -> JSONValue {
        guard let index else { return inserting(into: value) }
        switch value {
        case .array(var elements):
            switch Int.random(in: 0..<4, using: &random) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = replacement(for: nil, in: other)
            }
            return .array(elements)
        case .object(var members):
            switch Int.random(in: 0..<8, using: &random) {
            case 0: members.remove(at: index)
            case 1: members[index].name = names.randomElement(using: &random)!
            case 2: members[index].name += "s"
            case 3:
                let second = members.indices.randomElement(using: &random)!
                (members[index].value, members[second].value) = (members[second].value, members[index].value)
            case 4: return inserting(into: value)
            default: members[index].value = replacement(for: members[index].name, in: other)
            }
            return .object(members)
        default: return value
        }
    }

    private mutating func replacement(for name: String?, in other: JSONValue) -> JSONValue {
        if Bool.random(using: &random), let value = name.flatMap({ typical[$0]?.randomElement(using: &random) }) {
            return value
        }
        if Int.random(in: 0..<5, using: &random) == 0, let path = Self.paths(of: other).randomElement(using: &random) {
            return Self.value(at: path, in: other)
        }
        return Self.values.randomElement(using: &random)!
    }

    private mutating func inserting(into value: JSONValue) -> JSONValue {
        switch value {
        case .object(var members):
            let name = names.randomElement(using: &random)!
            if !members.contains(where: { $0.name == name }) {
                members.append(.init(name, replacement(for: name, in: value)))
            }
            return .object(members)
        case .array(let elements): return .array(elements + [Self.values.randomElement(using: &random)!])
        default: return Self.values.randomElement(using: &random)!
        }
    }
}
