import KrunScenario

/// What is known of the cluster between two steps.
struct PlannedWorld {
    /// By their names in the file; nil for one that is not there.
    var topics: [String: PlannedLog] = [:]
    var groups: [String: PlannedGroup] = [:]
    /// Why nothing is as it was sent: a fault is at work.
    var fault: String?
    /// Transactional id → the producer that had it last; of those that had it before, who tries on is fenced.
    var owners: [String: String] = [:]
    var fenced: Set<String> = []
    /// Whether branches are at work beside each other.
    var isBeside = false
    /// Topics that one of those branches changes.
    var changing: Set<String> = []
}

/// What is known of a topic's log.
struct PlannedLog {
    /// nil where the file does not say.
    private(set) var partitions: Int?
    /// By partition: the first offset that is there, and the one behind the last record.
    var starts: [Int64] = []
    var ends: [Int64] = []
    /// How many records there are besides in partitions that nobody can know.
    var unplaced = 0
    /// Why that is not certain; nil where it is.
    private(set) var doubt: String?
    var keys = PlannedKeys()
    /// The topic's configs that decide what it takes and keeps.
    var configs: [String: String] = [:]

    init(_ topic: TopicDeclaration) {
        configs = Dictionary(topic.config.map { ($0.name, $0.value) }) { _, last in last }
        if topic.existing { doubt("\(topic.name) is there already, and nobody knows what is in it") }
        if let partitions = topic.partitions { grow(to: partitions) }
        if let reason = Self.removal(topic.name, configs) { doubt(reason) }
    }

    mutating func grow(to count: Int) {
        partitions = count
        let more = max(0, count - ends.count)
        starts += Array(repeating: 0, count: more)
        ends += Array(repeating: 0, count: more)
    }

    /// The first reason stays.
    mutating func doubt(_ reason: String) { doubt = doubt ?? reason }

    /// Why the topic may lose records while the scenario runs; nil where it does not.
    static func removal(_ name: String, _ configs: [String: String]) -> String? {
        for config in ["retention.ms", "retention.bytes"] {
            if let value = configs[config], value != "-1" { return "\(config) of \(name) removes records at any time" }
        }
        if configs["cleanup.policy"]?.contains("compact") == true { return "\(name) is compacted at any time" }
        return nil
    }
}

/// What is known of a consumer group.
struct PlannedGroup {
    /// Topic → by partition, the offset that is committed, or where members that are alive stand; nil where nothing is.
    var positions: [String: [Int64?]] = [:]
    /// Topic → how many of its records in unknown partitions are behind those positions.
    var unplaced: [String: Int] = [:]
    /// Why that is not certain; nil where it is.
    private(set) var doubt: String?
    /// The names of the members that outlive their steps.
    var members: [String] = []
    var topics: [String] = []
    var assignor: ConsumeStep.Assignor?
    var isStatic = false
    /// Why nobody knows who owns what; nil where the assignor alone decides.
    var ownershipDoubt: String?
    /// The same, until other members are in the group.
    var lastingDoubt: String?

    /// The first reason stays.
    mutating func doubt(_ reason: String) { doubt = doubt ?? reason }

    func position(_ topic: String, _ partition: Int) -> Int64? {
        guard let positions = positions[topic], partition < positions.count else { return nil }
        return positions[partition]
    }

    mutating func go(to position: Int64, _ topic: String, _ partition: Int) {
        var all = positions[topic] ?? []
        while all.count <= partition { all.append(nil) }
        all[partition] = position
        positions[topic] = all
    }
}
