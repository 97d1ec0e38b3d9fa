/// The keys that messages are sent with, as far as they can be told without sending them.
struct SentKeys {
    private var constants: Set<[UInt8]> = []
    private var templates: [(template: Template, count: Int)] = []
    /// Whether a key is drawn at random, so that any may be among them.
    private var mayBeAny = false
    /// Constant keys as they were first sent, for suggestions.
    private(set) var texts: [String] = []

    mutating func add(_ messages: [MessageTemplate]) {
        for message in messages where message.count > 0 {
            switch message.key {
            case .null: continue
            case .filler: mayBeAny = true
            case .template(let template): templates.append((template, message.count))
            case .constant(let key):
                guard constants.insert(key).inserted, texts.count < DecodingContext.mostCandidates else { continue }
                if let text = String(validating: key, as: UTF8.self) { texts.append(text) }
            }
        }
    }

    /// Those of `keys` that are never sent; nil when that cannot be told, because a key is drawn at random or there
    /// are too many to try.
    ///
    /// - Parameter work: what may be tried; what was used is taken off.
    func missing(_ keys: Set<[UInt8]>, _ work: inout WorkBudget) -> Set<[UInt8]>? {
        var missing = keys.filter { !constants.contains($0) }
        if missing.isEmpty { return [] }
        if mayBeAny { return nil }
        var key: [UInt8] = []
        for (template, count) in templates {
            guard work.takesTrials(template.comparing(missing)) else { return nil }
            var candidates = missing.filter { template.mayRender($0) }
            var index = 0
            while index < count, !candidates.isEmpty {
                key.removeAll(keepingCapacity: true)
                template.render(index: Int64(index), into: &key)
                guard work.takesTrials(template.size + key.count) else { return nil }
                if candidates.remove(key) != nil { missing.remove(key) }
                index += 1
            }
        }
        return missing
    }
}

extension Template {
    /// What it takes to find those of some texts that it may be.
    fileprivate func comparing(_ texts: Set<[UInt8]>) -> Int {
        var ends = 0
        if case .bytes(let prefix)? = segments.first { ends += prefix.count }
        if case .bytes(let suffix)? = segments.last { ends += suffix.count }
        return texts.reduce(0) { $0 + 8 + min($1.count, ends) }
    }

    /// Whether the text begins and ends as all of the template's do.
    fileprivate func mayRender(_ text: [UInt8]) -> Bool {
        if case .bytes(let prefix)? = segments.first, !text.starts(with: prefix) { return false }
        if case .bytes(let suffix)? = segments.last, !text.reversed().starts(with: suffix.reversed()) { return false }
        return true
    }
}
