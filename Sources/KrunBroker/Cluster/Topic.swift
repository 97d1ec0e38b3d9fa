internal import KrunWire

/// A topic: its partitions and the configs that were set for it.
final class Topic {
    let name: String
    let id: KafkaUUID
    var partitions: [Partition]
    /// What was set for this topic; what is not here has the brokers' value.
    var overrides: ConfigSet

    init(name: String, id: KafkaUUID, partitions: [Partition], overrides: ConfigSet) {
        self.name = name
        self.id = id
        self.partitions = partitions
        self.overrides = overrides
    }

    var replicationFactor: Int16 { Int16(clamping: partitions.first?.replicas.count ?? 0) }

    func partition(_ index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }
}
