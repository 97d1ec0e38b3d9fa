import KrunNames
public import KrunScenario
import Synchronization

/// What one run of a scenario has written and read, kept in memory that does not grow with the number of messages.
/// May be called from any thread.
public final class ScenarioLedger: Sendable {
    struct State: Sendable {
        var topics: [TopicMemory] = []
        var transactions: [TransactionMemory] = []
        /// Transactional id → the last producer that got ready with it.
        var standings = NameMap<ProducerStanding>()
        /// Group → topic index → per partition the highest next offset so far; -1 where none is known.
        var positions = NameMap<[Int: [Int64]]>()
        /// Group → topic index → per partition the offsets before its position that it began behind and never read.
        var skipped = NameMap<[Int: [IntervalSet]]>()
        /// Group → topic index → per partition the offsets that its steps have read so far.
        var reads = NameMap<[Int: [IntervalSet]]>()
    }

    let seed: UInt64
    let keyLimit: Int
    let state = Mutex(State())

    /// - Parameter seed: decides which keys are looked at when there are too many of them.
    public convenience init(seed: UInt64) {
        self.init(seed: seed, keyLimit: KeyTable.limit)
    }

    init(seed: UInt64, keyLimit: Int) {
        self.seed = seed
        self.keyLimit = keyLimit
    }

    /// Declares a topic before any step uses it and returns its index.
    ///
    /// - Parameters:
    ///   - name: as in the file.
    ///   - partitions: how many it has on the broker.
    ///   - createdHere: whether the scenario made it, so that nobody else is expected to write to it.
    ///   - companion: who runs beside the steps and is expected to, such as `the command of --with`; nil for nobody.
    public func addTopic(_ name: String, partitions: Int, createdHere: Bool, companion: String? = nil) -> Int {
        state.withLock { state in
            state.topics.append(
                TopicMemory(
                    name: name, partitions: partitions, createdHere: createdHere, companion: companion,
                    keys: KeyTable(seed: seed, limit: keyLimit)))
            return state.topics.count - 1
        }
    }

    /// Partitions were added: there are so many now. Keys may go to others than before.
    public func grow(topic: Int, to partitions: Int) { state.withLock { $0.topics[topic].grow(to: partitions) } }

    /// The group was told to go on elsewhere: what that passes over the file asked to pass over.
    ///
    /// - Parameter moves: by partition, the first offset that the log has and where the group is to go on.
    public func reset(group: String, topic: Int, _ moves: [Int32: (first: Int64, offset: Int64)]) {
        state.withLock { state in
            var positions = state.positions[group]?[topic] ?? []
            var skipped = state.skipped[group]?[topic] ?? []
            for (partition, move) in moves {
                let number = Int(partition)
                while positions.count <= number { positions.append(-1) }
                while skipped.count <= number { skipped.append(IntervalSet()) }
                let reached = max(positions[number], move.first, 0)
                if move.offset > reached { skipped[number].insert(reached..<move.offset) }
                positions[number] = max(positions[number], move.offset)
            }
            state.positions[group, default: [:]][topic] = positions
            state.skipped[group, default: [:]][topic] = skipped
        }
    }

    /// How many acknowledged records stand at or behind these offsets, by partition.
    public func acknowledgedCount(topic: Int, from starts: [Int64]) -> Int {
        state.withLock { state in
            zip(state.topics[topic].acknowledged, starts).reduce(0) { $0 + $1.0.from($1.1).count }
        }
    }

    /// Topic name → how many partitions it has.
    public var partitionCounts: [String: Int] {
        state.withLock { state in
            // Of one that was deleted and made again, the one that is there.
            Dictionary(state.topics.map { ($0.name, $0.partitions) }, uniquingKeysWith: { $1 })
        }
    }

    /// Topic name → the partitioners of its produce steps so far.
    public var partitioners: [String: Set<Partitioner>] {
        state.withLock { state in
            Dictionary(state.topics.map { ($0.name, $0.partitioners) }, uniquingKeysWith: { $1 })
        }
    }

    public func beginProduce(
        topic: Int, partitioner: Partitioner, acks: ProduceStep.Acks, keeping: KeptValues = .none
    ) -> ProduceLedger {
        let (name, partitions, growth) = state.withLock { state in
            (state.topics[topic].name, state.topics[topic].partitions, state.topics[topic].growth)
        }
        return ProduceLedger(
            scenario: self, topic: topic,
            batch: ProduceBatch(
                topic: name, partitions: partitions, partitioner: partitioner, acks: acks,
                keys: KeyBook(seed: seed, limit: keyLimit, keeping: keeping, blank: SentNote()), seed: seed,
                growth: growth))
    }

    /// - Parameters:
    ///   - group: as in the file; nil without one.
    ///   - topics: the indexes of the step's topics; their order is that of all arrays and `topic` numbers of the
    ///     ledger that is returned.
    ///   - members: how many the step starts, numbered from 0; 1 without a group.
    ///   - names: of those members; empty where they are numbered from 1.
    ///   - judgesLoss: whether reading goes on until the end of every partition.
    ///   - isolation: whether records of transactions are read before these are committed.
    ///   - keeping: per topic of the step; empty for none.
    public func beginConsume(
        group: String?, topics: [Int], members: Int, names: [String] = [], judgesLoss: Bool,
        isolation: ConsumeStep.Isolation = .readUncommitted, keeping: [KeptValues] = []
    ) -> ConsumeLedger {
        let names = names.isEmpty ? (0..<members).map { "\($0 + 1)" } : names
        let readings = state.withLock { state in
            let earlier = group.flatMap { state.reads[$0] } ?? [:]
            return topics.enumerated().map { position, index in
                TopicReading(
                    memory: state.topics[index], hasGroup: group != nil, members: names,
                    readEarlier: earlier[index] ?? [],
                    acknowledgedBefore: state.readableEnds(topic: index, isolation), seed: seed,
                    keys: KeyBook(
                        seed: seed, limit: keyLimit, keeping: keeping.isEmpty ? .none : keeping[position],
                        blank: ReadNote()))
            }
        }
        return ConsumeLedger(
            scenario: self, group: group, topics: topics, judgesLoss: judgesLoss, isolation: isolation,
            batch: ConsumeBatch(topics: readings, members: names))
    }
}
