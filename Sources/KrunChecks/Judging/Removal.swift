package import KrunOutcome

/// Says that messages were removed by the broker before they could be read.
package enum Removal {
    /// How many, from where, and why; empty where none were.
    ///
    /// - Parameter retention: what makes the broker remove them, and how to keep them.
    package static func notes(_ records: TopicRecords, topic: String, retention: String?) -> [String] {
        let removed = records.partitions.filter { $0.value.removed > 0 }.sorted { $0.key < $1.key }
        if removed.isEmpty { return [] }
        let count = removed.reduce(0) { $0 + $1.value.removed }
        let places = removed.prefix(Judgement.noteLimit).map { "\(topic)/\($0.key)" }
        let more = removed.count > places.count ? ["…"] : []
        let (what, pronoun) =
            count == 1 ? ("1 acknowledged message", "it was") : ("\(count) acknowledged messages", "they were")
        return ["\(what) had been removed from \(KeyText.list(places + more)) before \(pronoun) read"]
            + (retention.map { [$0] } ?? [])
    }
}
