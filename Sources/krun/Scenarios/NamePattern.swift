import ArgumentParser

/// What `--name` takes: a part of a scenario's name, or a whole name in which `*` stands for any text and `?` for one character. Case does not count.
struct NamePattern: ExpressibleByArgument, Hashable {
    let text: String
    private let wildcard: Wildcard

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        text = argument
        let lowered = argument.lowercased()
        let isWhole = lowered.contains { $0 == "*" || $0 == "?" }
        guard let wildcard = Wildcard(isWhole ? lowered : "*\(lowered)*", hasSets: false) else { return nil }
        self.wildcard = wildcard
    }

    func matches(_ name: String) -> Bool { wildcard.matches(name.lowercased()) }
}

/// A pattern of one name: `*` is any text, `?` one character, and with sets `[a-z]` one of them and `[!a-z]` none of them.
struct Wildcard: Hashable {
    private enum Part: Hashable {
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
    init?(_ text: String, hasSets: Bool) {
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
    func matches(_ name: some StringProtocol) -> Bool {
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

/// What `--glob` takes: which files of a folder are meant, by their paths from there.
///
/// `*`, `?` and `[a-z]` stay within a name, `**` is any folders or none. A pattern without `/` is one of names, in whatever folder.
struct PathPattern: ExpressibleByArgument, Hashable {
    private enum Part: Hashable {
        case folders
        case name(Wildcard)
    }

    let text: String
    private let parts: [Part]

    init?(argument: String) {
        text = argument
        var parts: [Part] = argument.contains("/") ? [] : [.folders]
        for name in argument.split(separator: "/", omittingEmptySubsequences: false) {
            switch name {
            case "**": if parts.last != .folders { parts.append(.folders) }
            // Those are not what is found in a folder.
            case "", "..": return nil
            case ".": continue
            default:
                guard let wildcard = Wildcard(String(name), hasSets: true) else { return nil }
                parts.append(.name(wildcard))
            }
        }
        guard let last = parts.last else { return nil }
        // What ends with `**` means all that is in there.
        if last == .folders, let any = Wildcard("*", hasSets: false) { parts.append(.name(any)) }
        self.parts = parts
    }

    /// - Parameter path: from the folder that is searched.
    func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        // Which parts may come next.
        var states: Set<Int> = [0]
        for name in names {
            var next: Set<Int> = []
            for state in closed(states) where state < parts.count {
                switch parts[state] {
                case .folders: next.insert(state)
                case .name(let wildcard): if wildcard.matches(name) { next.insert(state + 1) }
                }
            }
            states = next
        }
        return closed(states).contains(parts.count)
    }

    /// With those that come next where `**` stands for no folder.
    private func closed(_ states: Set<Int>) -> Set<Int> {
        var all = states
        for state in states where state < parts.count && parts[state] == .folders { all.insert(state + 1) }
        return all
    }
}
