/// A pattern of one name: `*` is any text, `?` one character, and with sets `[a-z]` one of them and `[!a-z]` none of them.
package struct Wildcard: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case anything, one
        case character(Character)
        case set([ClosedRange<Character>], isExcluded: Bool)

        func matches(_ character: Character) -> Bool {
            switch self {
            case .anything: false
            case .one: true
            case .character(let own): own == character
            case .set(let ranges, let isExcluded): ranges.contains { $0.contains(character) } != isExcluded
            }
        }
    }

    private let parts: [Part]

    /// - Returns: nil where a set has no end, or nothing in it.
    package init?(_ text: String, hasSets: Bool) {
        var parts: [Part] = []
        var rest = Array(text)[...]
        while let character = rest.popFirst() {
            switch character {
            case "*": if parts.last != .anything { parts.append(.anything) }
            case "?": parts.append(.one)
            case "[" where hasSets:
                let isExcluded = rest.first == "!" || rest.first == "^"
                if isExcluded { rest.removeFirst() }
                // A bracket that comes first is one of them.
                guard let end = rest.dropFirst().firstIndex(of: "]") else { return nil }
                var inner = rest[..<end]
                rest = rest[(end + 1)...]
                var ranges: [ClosedRange<Character>] = []
                while let first = inner.popFirst() {
                    if inner.count >= 2, inner.first == "-" {
                        let last = inner[inner.startIndex + 1]
                        guard first <= last else { return nil }
                        ranges.append(first...last)
                        inner = inner.dropFirst(2)
                    } else {
                        ranges.append(first...first)
                    }
                }
                parts.append(.set(ranges, isExcluded: isExcluded))
            default: parts.append(.character(character))
            }
        }
        self.parts = parts
    }

    /// In time that grows with the name's length times the pattern's at most.
    package func matches(_ name: some StringProtocol) -> Bool {
        let name = Array(name)
        var (at, part) = (0, 0)
        // Where the last `*` began, and how far what it stands for went.
        var star: (part: Int, at: Int)?
        while at < name.count {
            if part < parts.count, parts[part] == .anything {
                star = (part, at)
                part += 1
            } else if part < parts.count, parts[part].matches(name[at]) {
                part += 1
                at += 1
            } else if let last = star {
                star = (last.part, last.at + 1)
                (part, at) = (last.part + 1, last.at + 1)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .anything }
    }
}
