import KrunOutcome
import KrunScenario

extension ConsumeConclusion {
    /// A reader of committed records reads nothing of a transaction that was aborted or is open, and all of one that was committed.
    ///
    /// - Parameter lost: by topic and partition, what `noLoss` misses.
    func abortedInvisible(
        _ memories: [TopicMemory], _ transactions: [TransactionMemory], lost: [(topic: Int, number: Int, IntervalSet)]
    ) -> Finding {
        guard memories.contains(where: { !$0.transactions.isEmpty }) else {
            return .nothing("no step writes in a transaction")
        }
        guard isolation == .readCommitted else { return .nothing("with read_uncommitted all is read") }
        var finding = Finding()
        for (topic, memory) in memories.enumerated() {
            for records in memory.transactions {
                let transaction = transactions[records.number]
                for (number, offsets) in records.offsets.sorted(by: { $0.key < $1.key }) {
                    let wrong: IntervalSet
                    let what: (one: String, many: String)
                    switch transaction.state {
                    case .unknown:
                        finding.isUnjudged(Self.unknownEnd(transaction))
                        continue
                    case .open, .aborted:
                        guard number < batch.topics[topic].partitions.count else { continue }
                        wrong = offsets.subtracting(offsets.subtracting(batch.topics[topic].partitions[number].read))
                        what = ("was read", "were read")
                    case .committed:
                        let missing = lost.first { $0.topic == topic && $0.number == number }?.2 ?? IntervalSet()
                        wrong = offsets.subtracting(offsets.subtracting(missing))
                        what = ("was not read", "were not read")
                    }
                    let kind =
                        transaction.state == .open
                        ? "an open" : transaction.state == .aborted ? "an aborted" : "a committed"
                    for run in wrong.ranges {
                        finding.cases.add(
                            count: run.count,
                            "\(memory.name)/\(number) \(Self.offsets(run)) of \(kind) transaction of producer "
                                + "\(transaction.producer) \(run.count == 1 ? what.one : what.many)")
                    }
                }
            }
        }
        return finding
    }

    static func unknownEnd(_ transaction: TransactionMemory) -> String {
        "nobody said how a transaction of producer \(transaction.producer) ended"
    }
}
