import KrunDiagnostics
import KrunJSON

extension DecodingContext {
    /// Says which of the expected keys are never sent, where that can be told: only for topics that the scenario
    /// creates, as others may hold anything.
    func checkKeys(_ members: [JSONMember], of topic: String, _ scope: ExpectationScope) {
        guard !members.isEmpty, topics[topic]?.existing == false, let sent = sentKeys(to: topic, scope),
            let missing = sent.missing(Set(members.map { Array($0.name.utf8) }), trials: &trials)
        else { return }
        let reason = scope.verb == .produce ? "no message of this step has it" : "no earlier step sends it"
        for member in members where missing.contains(Array(member.name.utf8)) {
            let nearest = nearest(to: member.name, among: sent.texts)
            report(
                "key \(member.name.quotedForMessage) is never sent to \"\(topic)\"", at: member.place,
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
