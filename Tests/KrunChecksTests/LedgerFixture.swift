import KrunOutcome
import KrunScenario

@testable import KrunChecks

/// A record as a test speaks of it.
struct Sent {
    var partition: Int32
    var offset: Int64?
    var key: String?
    var value: String? = "v"
    var named = false
}

extension ProduceLedger {
    /// Acknowledges the messages in this order; their place in the list is their sequence number.
    func acknowledge(_ messages: [Sent]) {
        for (sequence, message) in messages.enumerated() { acknowledge(message, sequence: UInt64(sequence)) }
    }

    func acknowledge(_ message: Sent, sequence: UInt64) {
        withBytes(message.key) { key in
            withBytes(message.value) { value in
                acknowledged(
                    sequence: sequence, partition: message.partition, offset: message.offset, key: key, value: value,
                    placedByPartitioner: !message.named)
            }
        }
    }

    func fail(key: String?, value: String?, error: String = "_MSG_TIMED_OUT") {
        withBytes(key) { key in
            withBytes(value) { failed(sequence: 0, errorName: error, key: key, value: $0) }
        }
    }
}

extension ProduceLedger {
    /// The end of a step with nothing at work beside it.
    func finish(duration: Duration, allow: Set<Invariant>) -> (ProduceOutcome, [InvariantOutcome]) {
        (outcome(duration: duration), conclude(allow: allow))
    }
}

extension ConsumeLedger {
    func read(
        by member: Int = 0, topic: Int = 0, _ partition: Int32, _ offset: Int64, key: String?, value: String? = "v"
    ) {
        withBatch(member: member) { batch in
            withBytes(key) { key in
                withBytes(value) { value in
                    batch.record(topic: topic, partition: partition, offset: offset, key: key, value: value)
                }
            }
        }
    }

    func assign(_ member: Int, _ partitions: [Int32]) {
        assigned(member: member, partitions.map { StepPartition(topic: 0, partition: $0) })
    }

    func revoke(_ member: Int, _ partitions: [Int32]) {
        revoked(member: member, partitions.map { StepPartition(topic: 0, partition: $0) })
    }
}

extension Invariant {
    /// Those that reading can break.
    static let ofReading = allCases.filter { $0 != .fencedSilent }

    /// What is said of it where all is well, and nobody has transactions.
    var usual: InvariantOutcome.Verdict {
        isOfTransactions ? .nothingToJudge("no step writes in a transaction") : .held
    }
}

extension [InvariantOutcome] {
    subscript(invariant: Invariant) -> InvariantOutcome.Verdict? {
        first { $0.invariant == invariant }?.verdict
    }

    /// How often each invariant was broken; those that held or were not judged are left out.
    var brokenCounts: [Invariant: Int] {
        reduce(into: [:]) { counts, outcome in
            if case .broken(let count, _, _) = outcome.verdict { counts[outcome.invariant] = count }
        }
    }
}

extension InvariantOutcome.Verdict {
    /// Broken once, without leave.
    static func once(_ text: String) -> Self { .broken(count: 1, cases: [text], allowed: false) }
}
