import KrunKafka
import KrunOutcome
import KrunScenario
import Synchronization

/// Tells whoever listens what happens in a run, one event after the other in the order of their times.
final class EventTeller: Sendable {
    private let began: ContinuousClock.Instant
    private let listener: @Sendable (RunEvent) -> Void
    /// Held while somebody listens.
    private let turn = Mutex(())
    private let nameOfTopic: @Sendable (_ actual: String) -> String

    /// - Parameters:
    ///   - began: when the scenario did.
    ///   - listener: called on whatever thread something happens on; what happens waits for it.
    init(
        since began: ContinuousClock.Instant, nameOfTopic: @escaping @Sendable (_ actual: String) -> String,
        _ listener: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.began = began
        self.nameOfTopic = nameOfTopic
        self.listener = listener
    }

    func tell(_ kind: RunEvent.Kind, of step: StepPath? = nil) {
        turn.withLock { _ in listener(RunEvent(time: .now - began, step: step, kind: kind)) }
    }

    /// By their names in the file.
    func partitions(_ partitions: some Sequence<TopicPartition>) -> [RunEvent.Partition] {
        partitions.map { RunEvent.Partition(nameOfTopic($0.topic), $0.partition) }.sorted()
    }

    func committed(_ offsets: some Sequence<TopicPartitionOffset>, by member: RunEvent.Member, of step: StepPath?) {
        let offsets = offsets.map { (RunEvent.Partition(nameOfTopic($0.topic), $0.partition), $0.offset) }
        guard !offsets.isEmpty else { return }
        tell(.committed(member, Dictionary(offsets, uniquingKeysWith: { $1 })), of: step)
    }
}

extension FaultStep {
    /// What is told of it.
    var event: RunEvent.Fault {
        var broker: Int32?
        var heals: String?
        switch fault {
        case .brokerDown(let number), .brokerUp(let number): broker = number
        case .heal(let kind): heals = kind
        case .moveLeader, .moveGroupCoordinator, .moveTransactionCoordinator, .fail, .delay, .loseAcknowledgement,
            .loseHeartbeats, .disconnect:
            break
        }
        return RunEvent.Fault(
            kind: kind, sentence: sentence, lasting: lasting, times: times, broker: broker, heals: heals)
    }
}
