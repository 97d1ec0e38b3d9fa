import KrunDiagnostics
import KrunJSON

/// A key that the file names, and where.
struct NamedKey {
    let bytes: [UInt8]
    /// The value that says it, or that its name stands before.
    let node: JSONNode
    let isName: Bool
    var place: Place { isName ? node.keyPlace : node.place }
}

extension DecodingContext {
    /// Says which of the expected keys are never sent, where that can be told: only for topics that the scenario
    /// creates, as others may hold anything.
    func checkSent(_ keys: [NamedKey], to topic: String, _ scope: ExpectationScope) {
        guard !keys.isEmpty, topics[topic]?.existing == false, let sent = sentKeys(to: topic, scope),
            let missing = sent.missing(Set(keys.map(\.bytes)), &work)
        else { return }
        let reason = scope.verb == .produce ? "no message of this step has it" : "no earlier step sends it"
        for key in keys where missing.contains(key.bytes) {
            if isFull {
                omit()
                continue
            }
            let nearest = ByteText.writable(key.bytes).flatMap { self.nearest(to: $0, among: sent.texts) }
            report(
                "key \(ByteText.shown(key.bytes)) is never sent to \"\(topic)\"", because: .traffic, at: key.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? reason,
                notes: nearest == nil ? [] : [reason])
        }
    }

    /// The keys that a step's expectation is about: its own, or those of the steps before it; nil when some of those
    /// could not be read.
    private func sentKeys(to topic: String, _ scope: ExpectationScope) -> SentKeys? {
        switch scope.verb {
        case .produce:
            guard let messages = scope.messages else { return nil }
            var keys = SentKeys()
            keys.add(messages)
            return keys
        case .consume:
            guard knowsWhatIsProduced else { return nil }
            // Only scenarios that expect keys pay for this.
            for step in produced[producedWithKnownKeys...] {
                sentKeys[step.topic, default: SentKeys()].add(step.messages)
            }
            producedWithKnownKeys = produced.count
            return sentKeys[topic] ?? SentKeys()
        }
    }
}
