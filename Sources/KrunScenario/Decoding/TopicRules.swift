import KrunDiagnostics
import KrunJSON

/// What must hold of a topic that a scenario makes, whether its file declares it or a step creates it.
struct TopicRules: FieldDecoder {
    let reader: ValueReader

    /// As many as Kafka makes at once: its controller takes 10 000 records of a request, one of which is the topic itself.
    private static let maximumPartitionsMade = 9_999
    /// More partitions than an embedded cluster keeps.
    private static let maximumPartitionsOfAll = 200_000

    /// Says that the name is Kafka's own, or one that Kafka takes for another topic's.
    func checkName(_ name: String, at node: JSONNode, existing: Bool, in file: inout Declarations) {
        if !existing, KafkaName.internalTopics.contains(name) {
            report(
                "topic \(name.quotedForMessage) is Kafka's own", because: .name, at: node.place,
                label: "every cluster has it, or makes it by itself",
                notes: ["\"existing\": true reads it as it is"])
        } else if let twin = file.metricNames.updateValue(name, forKey: KafkaName.metricName(name)), twin != name {
            report(
                "topics \"\(twin)\" and \"\(name)\" are one to Kafka", because: .name, at: node.place,
                label: "names that differ only in \".\" and \"_\" collide")
        }
    }

    /// Says that no embedded cluster of the scenario has so many brokers.
    func checkReplication(_ factor: Int64, at node: JSONNode, in file: Declarations) {
        guard !file.requiresRealBroker, factor > file.embeddedBrokers else { return }
        report(
            "\"replicationFactor\" is more than there are brokers", because: .environment, at: node.place,
            label: "the embedded cluster has \(file.embeddedBrokers)",
            notes: file.isOfClusterAtHand
                ? []
                : [
                    "\"embedded\": { \"brokers\": \(min(factor, EmbeddedFields.brokers.form.base.range.upperBound)) } starts more of them",
                    "\"requires\": [\"brokers>=\(factor)\"] skips the scenario where there are too few",
                ])
    }

    /// Counts partitions that are made at once; says once that no embedded cluster keeps so many.
    func checkPartitionCount(_ partitions: Int, at node: JSONNode, in file: inout Declarations) {
        let before = file.partitionCount
        file.partitionCount += partitions
        if !file.requiresRealBroker, partitions > Self.maximumPartitionsMade {
            report(
                "\"partitions\" is more than Kafka makes at once", because: .environment, at: node.place,
                label: "expected at most \(Self.maximumPartitionsMade)",
                notes: ["a request may make 10000 topics and partitions, and the topic is one of them"])
        }
        guard !file.requiresRealBroker, before <= Self.maximumPartitionsOfAll,
            file.partitionCount > Self.maximumPartitionsOfAll
        else {
            return
        }
        report(
            "the topics have too many partitions", because: .environment, at: node.place,
            label:
                "with this one \(file.partitionCount), of which an embedded cluster keeps \(Self.maximumPartitionsOfAll)",
            notes: ["\"requires\": \"real-broker\" leaves it to a Kafka"])
    }
}
