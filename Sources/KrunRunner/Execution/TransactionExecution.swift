import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `transaction` step: ends what an earlier step's producer has left open.
struct TransactionExecution: StepExecution {
    let step: Step
    let transaction: TransactionStep
    let run: ScenarioRun

    func execute() throws(RunStop) -> StepResult {
        let clock = Deadline(after: .zero)
        guard let producer = run.producers.named(transaction.producer) else { throw neverSent }
        var outcome = TransactionOutcome(producer: transaction.producer, end: transaction.end)
        var failure: KafkaError?
        run.wait(transaction.end == .commit ? "committing" : "aborting", step: step)
        let number = producer.transaction
        do throws(KafkaError) {
            try producer.end(transaction.end, run.ledger, within: run.transactionPatience())
            run.events?.tell(
                .transactionEnded(producer: transaction.producer, isCommit: transaction.end == .commit), of: step.path)
            if let number { run.awaitMarkers(of: number) }
        } catch {
            if run.interruption.isRequested { throw .interrupted }
            failure = error
        }
        outcome.error = failure.map { ErrorName.canonical($0.name) }
        outcome.duration = clock.elapsed
        let standing = producer.standing
        var result = StepResult { [outcome, allow = step.allow] in
            .init(result: .transaction(outcome), invariants: standing.map { [$0.conclude(allow: allow)] } ?? [])
        }
        // That nobody answered is no error of Kafka's.
        if let failure, transaction.expect.error == nil || failure.isCancelled {
            result.trouble = run.transactionTrouble(failure, of: transaction.producer, step: step)
        }
        return result
    }

    /// The file's steps were checked: only one that never came to it leaves this.
    private var neverSent: RunStop {
        .trouble(
            run.diagnostic(
                .runtime, "producer \(transaction.producer) has no open transaction", step: step, of: "transaction",
                label: "no step has used it", notes: []))
    }
}
