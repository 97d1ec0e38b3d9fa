/// What Kafka takes for a name of a topic, which is asked of groups too.
package enum KafkaName {
    /// Kafka's own limit.
    static let longest = 249
    /// No name beyond that is looked up among others: it is none, and to compare texts as Swift does takes time.
    static let longestSought = 4_096
    /// Room for `-krun-<base36 unix seconds>-<8 random>` on names that krun makes.
    static let suffixLength = 23

    /// The topics that Kafka keeps for itself, and lets nobody make.
    static let internalTopics: Set<String> = ["__consumer_offsets", "__transaction_state"]

    /// The name as Kafka's metrics have it: of two topics for which it is the same, Kafka refuses the second.
    package static func metricName(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    /// What is wrong with the name of a group that is there already, which may be any text.
    static func faultOfExistingGroup(_ name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        let length = name.utf8.count
        return length > Int(Int16.max) ? "it has \(length) bytes, at most \(Int16.max) are allowed" : nil
    }

    /// What is wrong with `name`; nil when nothing is.
    ///
    /// - Parameter existing: whether it is used as it is, without a suffix.
    package static func fault(of name: String, existing: Bool) -> String? {
        if name.isEmpty { return "it is empty" }
        if name == "." || name == ".." { return "\".\" and \"..\" are no names" }
        for scalar in name.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": continue
            default: return "only letters, digits, \".\", \"_\" and \"-\" of ASCII are allowed"
            }
        }
        let limit = existing ? longest : longest - suffixLength
        let length = name.utf8.count
        if length > limit {
            return existing
                ? "it has \(length) characters, at most \(limit) are allowed"
                : "it has \(length) characters, at most \(limit) leave room for the suffix of a run"
        }
        return nil
    }
}
