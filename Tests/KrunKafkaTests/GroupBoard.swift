import KrunKafka
import Synchronization

/// What the members of one test's group share: positions handed over, who owns what, and which offsets were read how often.
final class GroupBoard: Sendable {
    struct State {
        var positions: [TopicPartition: Int64] = [:]
        var owners: [String: Set<TopicPartition>] = [:]
        var generations: [String: Int32] = [:]
        var assignments: [String: Int] = [:]
        var reads: [TopicPartition: [Int64: Int]] = [:]
        var leaving: Set<String> = []
        var closed: [String: Bool] = [:]
        var lost = 0
        var errors: [KafkaError] = []
    }

    private let state = Mutex(State())

    func update<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    var now: State { state.withLock { $0 } }

    /// Looks again and again until the condition holds; false at the deadline.
    func wait(within timeout: Duration = .seconds(20), until condition: (State) -> Bool) async -> Bool {
        let end = ContinuousClock.now + timeout
        while .now < end {
            if condition(now) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return condition(now)
    }

    /// Starts a member that polls on a thread of its own until it is told to leave.
    func start(
        _ name: String, of group: String, in fixture: Fixture, _ reading: Reading = .oneByOne,
        properties: ClientProperties = [:], pauseBetweenPolls: Duration = .zero
    ) -> WorkerThread {
        try! WorkerThread(name: name) {
            do {
                let consumer = try fixture.member(of: group, properties)
                let delegate = Delegate(name: name, board: self)
                try consumer.subscribe([fixture.topic], delegate: delegate)
                while !self.update({ $0.leaving.contains(name) }) {
                    var read: [TopicPartition] = []
                    var offsets: [Int64] = []
                    var errors: [KafkaError] = []
                    _ = reading.poll(consumer, timeout: .milliseconds(20), max: 1000) { event in
                        if let record = event.record {
                            read.append(TopicPartition(fixture.topic, record.partition))
                            offsets.append(record.offset)
                        }
                        if let error = event.error { errors.append(error) }
                    }
                    self.update { state in
                        for (partition, offset) in zip(read, offsets) {
                            state.reads[partition, default: [:]][offset, default: 0] += 1
                        }
                        state.errors += errors
                    }
                    if !read.isEmpty, pauseBetweenPolls > .zero {
                        pause(for: pauseBetweenPolls)
                    }
                }
                let closed = consumer.close(timeout: .seconds(10))
                self.update { $0.closed[name] = closed }
            } catch {
                self.update { state in
                    if let error = error as? KafkaError { state.errors.append(error) }
                }
            }
        }
    }

    func leave(_ name: String) {
        update { _ = $0.leaving.insert(name) }
    }

    /// Hands positions from one owner to the next.
    private final class Delegate: ConsumerDelegate {
        let name: String
        let board: GroupBoard

        init(name: String, board: GroupBoard) {
            self.name = name
            self.board = board
        }

        func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
            board.update { state in partitions.map { state.positions[$0] ?? 0 } }
        }

        func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {
            let owned = Set(consumer.owned.keys)
            let generation = consumer.generation
            board.update { state in
                state.owners[name] = owned
                state.generations[name] = generation
                state.assignments[name, default: 0] += 1
            }
        }

        func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
            board.update { state in
                if lost { state.lost += 1 }
                for partition in partitions {
                    state.positions[partition.topicPartition] = partition.offset
                    state.owners[name]?.remove(partition.topicPartition)
                }
            }
        }
    }
}

/// A slow reader, so that records wait in its queue when the group rebalances; nothing is waited for.
private func pause(for duration: Duration) {
    let end = ContinuousClock.now + duration
    while .now < end {}
}
