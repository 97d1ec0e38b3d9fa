import Dispatch
import KrunKafka
import KrunTools
import Synchronization

/// A member of a group that reads `orders` until it is told to leave.
final class GroupMember: Sendable {
    private final class State: Sendable {
        let isAssigned = Atomic(false)
        let isLeaving = Atomic(false)
        let error = Mutex<KafkaError?>(nil)
    }

    private let thread: WorkerThread
    private let state: State

    /// Returns once the member has been given its partitions.
    init(of group: String, at place: AdministrationPlace, _ more: ClientProperties = [:]) throws {
        let properties = place.connection.properties.merging([
            "group.id": group, "enable.auto.commit": "false", "enable.auto.offset.store": "false",
            "heartbeat.interval.ms": "50", "client.id": "till", "partition.assignment.strategy": "range",
        ]).merging(more)
        let state = State()
        self.state = state
        thread = try WorkerThread(name: "member") {
            do throws(KafkaError) {
                let consumer = try Consumer(properties: properties, log: ClientLog())
                let delegate = Delegate(state)
                try consumer.subscribe(["orders"], delegate: delegate)
                while !state.isLeaving.load(ordering: .relaxed) {
                    _ = consumer.pollOne(timeout: .milliseconds(20)) { _ in }
                }
                consumer.close(timeout: .seconds(10))
            } catch {
                state.error.withLock { $0 = error }
            }
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while !state.isAssigned.load(ordering: .relaxed), .now < deadline {
            if let error = state.error.withLock({ $0 }) {
                thread.join()
                throw error
            }
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(5))
        }
    }

    func leave() {
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
            state.isAssigned.store(true, ordering: .relaxed)
        }

        func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {}
    }
}
