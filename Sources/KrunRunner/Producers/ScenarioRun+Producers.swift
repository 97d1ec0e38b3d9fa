import Dispatch
import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunPlanning
import KrunScenario
import Synchronization

/// How producers are made, and what is waited for when their transactions end.
extension ScenarioRun {
    /// The step's producer: the one that it names, or its own.
    func producer(of produce: ProduceStep, step: Step) throws(KafkaError) -> LiveProducer {
        guard let name = produce.producer else { return try makeProducer(produce, named: nil, step: step) }
        return try producers.producer(name) { () throws(KafkaError) in
            try makeProducer(produce, named: name, step: step)
        }
    }

    private func makeProducer(_ produce: ProduceStep, named name: String?, step: Step) throws(KafkaError)
        -> LiveProducer
    {
        let own = "krun-\(step.path)-\(UInt32.random(in: 0...(.max)))"
        let id = produce.transaction == nil ? nil : produce.transactionalId ?? own
        return try LiveProducer(
            name: name ?? "of step \(step.path)", transactionalId: id,
            properties: properties(of: produce, named: name, transactionalId: id), log: cluster.log,
            interruption: interruption)
    }

    private func properties(
        of produce: ProduceStep, named name: String?, transactionalId: String?
    ) -> ClientProperties {
        var mandatory: ClientProperties = [
            "acks": String(produce.acks.rawValue), "enable.idempotence": String(produce.idempotent),
            "compression.codec": produce.compression.rawValue,
        ]
        if let linger = produce.linger { mandatory["linger.ms"] = String(linger / .milliseconds(1)) }
        var deliver = scenario.timeouts.deliver
        var defaults: ClientProperties = [
            // Bounds memory whatever the count; more in flight made nothing faster.
            "queue.buffering.max.messages": "50000", "queue.buffering.max.kbytes": "131072",
        ]
        defaults["client.id"] = name.map { ClientNames.id($0) } ?? "krun-producer"
        if let transactionalId {
            mandatory["transactional.id"] = names.actual(transactionalId)
            let timeout = min(max(deliver, .seconds(60)), .seconds(900))
            defaults["transaction.timeout.ms"] = timeout.millisecondsText
            // A broker takes no more than 15 min, and librdkafka wants messages to be over before their transaction is.
            let property = "transaction.timeout.ms"
            let set = layers.commandLine[property] ?? produce.client.last { $0.name == property }?.value
            deliver = min(deliver, set.flatMap { Int($0) }.map { .milliseconds($0) } ?? timeout)
        }
        defaults["message.timeout.ms"] = deliver.millisecondsText
        return layers.properties(defaults: defaults, scenario: produce.client, mandatory: mandatory)
    }

    /// For one call about a transaction; a cluster that answers nobody is given as long as one that is looked for.
    func transactionPatience() -> Patience {
        Patience(
            budget: Budget.transaction, earliest: .now + scenario.timeouts.connect, watch: cluster.watch,
            interruption: interruption)
    }

    /// That a producer's transaction failed, and what to do if that is meant.
    func transactionTrouble(_ error: KafkaError, of producer: String, step: Step) -> Diagnostic {
        diagnostic(
            .runtime, "the transaction of producer \(producer) failed", step: step, of: "transaction",
            notes: ["\(error.name) while \(error.activity): \(error.reason)"] + hints(for: error) + recentTrouble() + [
                "a step that is meant to fail says so: \"expect\": { \"error\": \"\(ErrorName.canonical(error.name))\" }"
            ])
    }

    // MARK: Offsets

    /// Puts the positions of a group's live members into the producer's open transaction; returns them.
    func sendOffsets(
        of group: String, in producer: LiveProducer
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        var sent: [TopicPartition: Int64] = [:]
        for member in liveGroup(group).members {
            let patience = transactionPatience()
            let position = try member.position(within: patience)
            guard !position.offsets.isEmpty else { continue }
            try producer.send(position, ledger, within: patience)
            for offset in position.offsets { sent[offset.topicPartition] = offset.offset }
        }
        return sent
    }

    // MARK: The end

    /// Waits until a transaction that has ended is over everywhere: a coordinator says so as soon as it has decided, and the leaders of
    /// partitions, and of groups, hear of it afterwards. Where that takes long nobody waits for it.
    ///
    /// - Parameters:
    ///   - offsets: that were committed with it, of that group; empty where there were none, or it was aborted.
    func awaitMarkers(
        of transaction: Int, offsets: [TopicPartition: Int64] = [:], group: String? = nil
    ) {
        let patience = Patience(budget: Budget.markers, watch: cluster.watch, interruption: interruption)
        var first = Dictionary(
            ledger.firstRecords(of: transaction).map {
                (TopicPartition(actualName(ofTopic: $0.topic), $0.partition), $0.offset)
            }, uniquingKeysWith: min)
        var offsets = group == nil ? [:] : offsets
        let never = DispatchSemaphore(value: 0)
        while true {
            do throws(KafkaError) {
                try cluster.adminHold.with(patience) { () throws(KafkaError) in
                    if !first.isEmpty {
                        let ends = try admin(.readCommitted).endOffsets(Array(first.keys), timeout: patience.remaining)
                        first = first.filter { ends[$0.key] ?? 0 <= $0.value }
                    }
                    if let group, !offsets.isEmpty {
                        let committed = try cluster.admin.groupOffsets(
                            actualGroup(group), partitions: Array(offsets.keys), timeout: patience.remaining)
                        offsets = offsets.filter { committed[$0.key] ?? -1 < $0.value }
                    }
                }
            } catch {
                return
            }
            if first.isEmpty && offsets.isEmpty || patience.isOver || interruption.isRequested { return }
            _ = never.wait(timeout: .now() + .milliseconds(5))
        }
    }

    /// Aborts all transactions that are still open, within `Budget.abort`.
    func endProducers() {
        producers.end(
            ledger,
            within: Patience(
                budget: Budget.abort, silence: Budget.silenceOfCleanUp, watch: cluster.watch,
                interruption: interruption))
    }

    // MARK: Isolation

    /// A client that sees the ends of logs as readers with that isolation do.
    func admin(_ isolation: ConsumeStep.Isolation) throws(KafkaError) -> AdminClient {
        if isolation == .readUncommitted { return cluster.admin }
        if let known = committedAdmin.withLock({ $0 }) { return known }
        let hold = cluster.adminHold
        let made = try AdminClient(
            properties: layers.commandLine.merging(cluster.mandatory).merging([
                "isolation.level": isolation.rawValue, "client.id": ClusterFaults.sparedClient,
            ]),
            log: cluster.log
        ) { hold.isOver }
        // Steps side by side may both have made one.
        return committedAdmin.withLock { known in
            if known == nil { known = made }
            return known ?? made
        }
    }
}
