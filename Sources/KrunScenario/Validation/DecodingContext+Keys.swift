import KrunDiagnostics
import KrunJSON

extension DecodingContext {
    /// Says which of the expected keys are never sent, where that can be told: only for topics that the scenario
    /// creates, as others may hold anything.
    func checkKeys(_ members: [JSONMember], of topic: String, _ scope: ExpectationScope) {
        guard !members.isEmpty, topics[topic]?.existing == false, let messages = scope.messages(to: topic),
            let missing = KeySearch.missing(Set(members.map { Array($0.name.utf8) }), among: messages, trials: &trials)
        else { return }
        lazy var sent = messages.lazy.compactMap { message -> String? in
            guard case .constant(let key) = message.key, message.count > 0 else { return nil }
            return String(validating: key, as: UTF8.self)
        }
        for member in members where missing.contains(Array(member.name.utf8)) {
            let nearest = nearest(to: member.name, among: sent)
            let reason = scope.verb == .produce ? "no message of this step has it" : "no earlier step sends it"
            report(
                "key \(member.name.quotedForMessage) is never sent to \"\(topic)\"", at: member.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? reason,
                notes: nearest == nil ? [] : [reason])
        }
    }
}
