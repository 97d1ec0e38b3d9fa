import KrunChecks
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunPatterns
import KrunScenario

/// What becomes of the messages that were sent.
extension ProduceExecution {
    private func look(
        at report: borrowing DeliveryReport, _ records: inout RecordWatch?, within budget: PatternBudget
    ) {
        withUnsafePointer(to: report) { source in
            records?.see(
                RecordView(
                    topic: produce.topic, partition: report.partition, offset: report.offset ?? -1,
                    timestamp: report.timestamp, key: report.key, value: report.value,
                    source: UnsafeRawPointer(source),
                    headers: {
                        $0.assumingMemoryBound(to: DeliveryReport.self).pointee.headers.map {
                            .init(key: $0.key, value: $0.value)
                        }
                    }),
                within: budget)
        }
    }

    private func tell(_ events: EventTeller, _ report: borrowing DeliveryReport) {
        let record = RecordOutcome(
            topic: produce.topic, partition: report.partition, offset: report.offset ?? -1,
            timestamp: report.timestamp, key: report.key.map { Array($0) }, value: report.value.map { Array($0) },
            headers: report.headers.map { .init(key: $0.key, value: $0.value) })
        let errorName = report.errorName
        events.tell(
            errorName.map { .notSent(record, error: $0) } ?? .sent(record, producer: produce.producer), of: step.path)
    }

    func serve(
        _ producer: Producer, _ ledger: ProduceLedger, timeout: Duration, _ reports: inout ReportCount
    ) {
        let budget = reports.records?.budget { [interruption = run.interruption] in interruption.isRequested }
        let events = run.events
        // Nobody else waits for this ledger's lock.
        ledger.withBatch { batch in
            reports.reported += UInt64(
                producer.serveReports(timeout: timeout) { report in
                    if let events { tell(events, report) }
                    let sequence = UInt64(report.tag >> 1)
                    if let errorName = report.errorName {
                        batch.failed(
                            sequence: sequence, errorName: errorName, key: report.key, value: report.value)
                    } else {
                        batch.acknowledged(
                            sequence: sequence, partition: report.partition, offset: report.offset,
                            key: report.key, value: report.value, placedByPartitioner: report.tag & 1 == 1)
                        if let latency = report.latency { batch.took(microseconds: latency) }
                        if let budget { look(at: report, &reports.records, within: budget) }
                    }
                })
        }
        if let budget { reports.records?.spent(budget) }
    }

    /// Waits until every message has its report; when time is up, gives up what is on its way, which is reported too.
    func awaitReports(
        of producer: Producer, ledger: ProduceLedger, deadline: Deadline, reports: inout ReportCount
    ) throws(RunStop) {
        var purge: Deadline?
        while reports.reported < reports.sent, purge?.hasPassed != true {
            serve(producer, ledger, timeout: .milliseconds(50), &reports)
            if try !hasTime(deadline, producer), purge == nil {
                producer.purge()
                purge = Deadline(after: Budget.purge)
            }
        }
    }
}
