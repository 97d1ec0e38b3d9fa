import KrunBroker
import KrunNames
import KrunReports

/// What there was in a cluster at its end.
struct BrokerTotals: Sendable {
    private var topics: Set<String> = []
    private var groups: Set<ExactName> = []
    private var messages = 0

    mutating func take(_ event: BrokerEvent.Kind) {
        switch event {
        case .topicCreated(let topic, _, _, _): topics.insert(topic)
        case .topicDeleted(let topic, _): topics.remove(topic)
        case .recordsAppended(let appended) where !appended.isMarker: messages += appended.count
        case .memberJoined(let group, _, _): groups.insert(ExactName(group))
        case .offsetsCommitted(let committed): groups.insert(ExactName(committed.group))
        case .groupDeleted(let group): groups.remove(ExactName(group))
        default: break
        }
    }

    var text: String {
        let parts = [
            Amounts.count(topics.count, "topic"), Amounts.count(messages, "message"),
            Amounts.count(groups.count, "group"),
        ]
        return parts.joined(separator: ", ")
    }
}
