import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

extension Judgement {
    mutating func judge(_ members: [MemberOutcome], _ expect: MemberExpectation) {
        guard let member = members.first(where: { $0.name == expect.name }) else {
            fail(
                "the group has no member \(expect.name)",
                Mismatch(.init(nil, member: expect.name), expected: expect.expected, actual: .null),
                at: expect.node.keyPlace, isLiteral: true,
                label: members.isEmpty
                    ? "there is no member"
                    : members.last?.name == "\(members.count)"
                        ? "the last one is \(members.count)"
                        : "there are \(KeyText.list(members.map(\.name)))")
            return
        }
        switch expect.partitions {
        case .exactly(let expected, let node):
            if Set(expected) != Set(member.partitions) {
                fail(
                    "member \(member.name) owns other partitions than expected",
                    Mismatch(
                        .init("partitions", member: member.name), expected: .list(expected.map { .text($0) }),
                        actual: .list(member.partitions.map { .text($0) })),
                    at: node.place, isLiteral: node.elements.map(\.string) == expected, notes: Self.owners(members))
            }
        case .count(let matcher):
            compare(
                .init("partitions", member: member.name), matcher, Int64(member.partitions.count),
                "member \(member.name) owns another number of partitions than expected", notes: Self.owners(members))
        case nil: break
        }
        compare(
            .init("messages", member: member.name), expect.messages, Int64(member.messages),
            "member \(member.name) read another number of messages than expected", notes: Self.read(members))
    }

    static func owners(_ members: [MemberOutcome]) -> [String] {
        listed(members) { "member \($0.name): \(owned($0))" }
    }

    private static func read(_ members: [MemberOutcome]) -> [String] {
        listed(members) {
            "member \($0.name): \($0.messages) \($0.messages == 1 ? "message" : "messages") from \(owned($0))"
        }
    }

    private static func owned(_ member: MemberOutcome) -> String {
        let shown = member.partitions.prefix(noteLimit).joined(separator: ", ")
        if member.partitions.isEmpty { return "no partition" }
        let more = member.partitions.count - noteLimit
        return more > 0 ? "\(shown) and \(more) more" : shown
    }

    private static func listed(_ members: [MemberOutcome], _ line: (MemberOutcome) -> String) -> [String] {
        let more = members.count - noteLimit
        return members.prefix(noteLimit).map(line) + (more > 0 ? ["and \(more) more members"] : [])
    }
}

extension MemberExpectation {
    /// All that is expected of it.
    fileprivate var expected: Mismatch.Value {
        var members: [Mismatch.Value.Member] = []
        switch partitions {
        case .exactly(let names, _): members.append(.init("partitions", .list(names.map { .text($0) })))
        case .count(let matcher): members.append(.init("partitions", matcher.expected))
        case nil: break
        }
        if let messages { members.append(.init("messages", messages.expected)) }
        return .object(members)
    }
}
