import Dispatch
import KrunKafka
import Synchronization

/// A member of a group that is not krun's, on a topic of its own unless told otherwise.
final class Stranger: Sendable {
    private let thread: WorkerThread
    private let state: State
    private let ownTopic: String?

    private final class State: Sendable {
        let isLeaving = Atomic(false)
        let crashes = Atomic(false)
        let assigned = Atomic(0)
        let failed = Mutex<KafkaError?>(nil)
    }

    /// Returns once it has been given a partition.
    init(group: String, topic: String? = nil, properties more: ClientProperties = [:]) throws {
        if topic == nil {
            ownTopic = SharedKafka.freshName("stranger")
            try SharedKafka.create(NewTopic(name: ownTopic!, partitions: 1))
        } else {
            ownTopic = nil
        }
        let topic = topic ?? ownTopic!
        let properties = SharedKafka.properties.merging([
            "bootstrap.servers": SharedKafka.addresses, "group.id": group, "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
        ]).merging(more)
        let state = State()
        self.state = state
        thread = try WorkerThread(name: "stranger") {
            do throws(KafkaError) {
                let consumer = try Consumer(properties: properties, log: ClientLog())
                consumer.startsPaused = true
                let delegate = Delegate(state)
                try consumer.subscribe([topic], delegate: delegate)
                while !state.isLeaving.load(ordering: .relaxed) {
                    _ = consumer.pollOne(timeout: .milliseconds(20)) { _ in }
                }
                if !state.crashes.load(ordering: .relaxed) { consumer.close(timeout: .seconds(20)) }
            } catch {
                state.failed.withLock { $0 = error }
            }
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while state.assigned.load(ordering: .relaxed) == 0, .now < deadline {
            if let error = state.failed.withLock({ $0 }) {
                thread.join()
                throw error
            }
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(10))
        }
    }

    /// Leaves the group, and deletes the topic of its own with the group.
    func leave() throws {
        state.isLeaving.store(true, ordering: .relaxed)
        thread.join()
        if let ownTopic { try SharedKafka.delete(topics: [ownTopic]) }
    }

    /// Goes without telling the group.
    func crash() {
        state.crashes.store(true, ordering: .relaxed)
        state.isLeaving.store(true, ordering: .relaxed)
        thread.join()
    }

    private final class Delegate: ConsumerDelegate {
        let state: State

        init(_ state: State) { self.state = state }

        func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
            partitions.map { _ in LogicalOffset.stored }
        }

        func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {
            state.assigned.add(partitions.count, ordering: .relaxed)
        }

        func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {}
    }
}
