/// Looks for keys among those that messages are made with.
enum KeySearch {
    /// How many keys of templates are made at most in one search.
    static let mostTrials = 1_000_000

    /// Those of `keys` that no message has; nil when that cannot be told, because a key is drawn at random or there
    /// are more than `mostTrials` to try.
    ///
    /// - Parameter trials: how many keys may be made; what was used is taken off.
    static func missing(
        _ keys: Set<[UInt8]>, among messages: [MessageTemplate], trials: inout Int
    ) -> Set<[UInt8]>? {
        var missing = keys
        for message in messages where message.count > 0 {
            if case .constant(let key) = message.key { missing.remove(key) }
        }
        let allowed = min(mostTrials, trials)
        var budget = allowed
        defer { trials -= allowed - budget }
        var key: [UInt8] = []
        for message in messages where message.count > 0 && !missing.isEmpty {
            switch message.key {
            case .null, .constant: continue
            case .filler: return nil
            case .template(let template):
                var candidates = missing.filter { template.mayRender($0) }
                var index = 0
                while index < message.count, !candidates.isEmpty {
                    if budget == 0 { return nil }
                    budget -= 1
                    key.removeAll(keepingCapacity: true)
                    template.render(index: Int64(index), into: &key)
                    if candidates.remove(key) != nil { missing.remove(key) }
                    index += 1
                }
            }
        }
        return missing
    }
}

extension Template {
    /// Whether the text begins and ends as all of the template's do.
    fileprivate func mayRender(_ text: [UInt8]) -> Bool {
        if case .bytes(let prefix)? = segments.first, !text.starts(with: prefix) { return false }
        if case .bytes(let suffix)? = segments.last, !text.reversed().starts(with: suffix.reversed()) { return false }
        return true
    }
}
