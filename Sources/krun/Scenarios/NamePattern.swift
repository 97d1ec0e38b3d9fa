import ArgumentParser
import KrunPatterns

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
