import KrunChecks
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario

/// The transaction that the step's messages belong to.
extension ProduceExecution {
    /// Begins a transaction, or goes on in the one that is open; returns why it cannot.
    func begin(_ producer: LiveProducer, _ ledger: ProduceLedger) throws(RunStop) -> KafkaError? {
        guard produce.transaction != nil else { return nil }
        run.wait("beginning a transaction", step: step)
        do {
            ledger.belongs(to: try producer.begin(run.ledger, among: run.producers, within: run.transactionPatience()))
            return nil
        } catch {
            if run.interruption.isRequested { throw .interrupted }
            return error
        }
    }

    /// Puts offsets into the transaction and ends it, as far as the step says so; returns why it cannot.
    func end(_ producer: LiveProducer) throws(RunStop) -> KafkaError? {
        guard let end = produce.transaction, let transaction = producer.transaction else { return nil }
        do {
            try producer.check(run.ledger, within: run.transactionPatience())
            var offsets: [TopicPartition: Int64] = [:]
            if let group = produce.offsetsOf {
                run.wait("putting offsets into the transaction", step: step)
                offsets = try run.sendOffsets(of: group, in: producer)
            }
            switch end {
            case .open: return nil
            case .commit:
                run.wait("committing", step: step)
                try producer.end(.commit, run.ledger, within: run.transactionPatience())
                tellEnd(isCommit: true, offsets)
                run.awaitMarkers(of: transaction, offsets: offsets, group: produce.offsetsOf)
            case .abort:
                run.wait("aborting", step: step)
                try producer.end(.abort, run.ledger, within: run.transactionPatience())
                tellEnd(isCommit: false)
                run.awaitMarkers(of: transaction)
            }
            return nil
        } catch {
            if run.interruption.isRequested { throw .interrupted }
            return error
        }
    }

    private func tellEnd(isCommit: Bool, _ offsets: [TopicPartition: Int64] = [:]) {
        guard let events = run.events else { return }
        events.tell(
            .transactionEnded(producer: produce.producer ?? produce.transactionalId, isCommit: isCommit),
            of: step.path)
        guard let group = produce.offsetsOf else { return }
        events.committed(
            offsets.map { TopicPartitionOffset($0.key.topic, $0.key.partition, $0.value) },
            by: .init(group: group, name: nil), of: step.path)
    }
}
