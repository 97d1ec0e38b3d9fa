import KrunBroker
import KrunOutcome
import KrunPlanning
import KrunScenario
import Synchronization

/// The faults of a scenario's steps on its embedded cluster: begun, ended, and counted.
final class ClusterFaults: Sendable {
    /// With this client id krun itself looks at the cluster; its requests never suffer.
    static let sparedClient = "krun-admin"

    private struct Begun {
        let path: StepPath
        let kind: String
        /// nil for a broker that is down.
        let rule: FaultID?
        let broker: Int32?
        var applied = 0
        /// Whether a step has told of its end.
        var isTold = false
    }

    private let cluster: EmbeddedCluster
    private let begun = Mutex<[Begun]>([])

    init(_ cluster: EmbeddedCluster) {
        self.cluster = cluster
    }

    /// Does what a step says.
    ///
    /// - Parameters:
    ///   - topic: the broker's name for one of the file.
    ///   - group: the same for groups.
    /// - Throws: in the cluster's words, where that cannot be.
    func perform(
        _ step: FaultStep, at path: StepPath, topic: (String) -> String, group: (String) -> String
    ) throws(ClusterError) -> FaultOutcome {
        var outcome = FaultOutcome(fault: step.kind)
        switch step.fault {
        case .brokerDown(let broker):
            outcome.applied = cluster.brokers[broker] == true ? 1 : 0
            if let lasting = step.lasting {
                try cluster.stopBroker(broker, for: lasting)
            } else {
                try cluster.stopBroker(broker)
            }
            let down = Begun(path: path, kind: step.kind, rule: nil, broker: broker, applied: outcome.applied)
            begun.withLock { $0.append(down) }
        case .brokerUp(let broker):
            outcome.applied = cluster.brokers[broker] == false ? 1 : 0
            try cluster.startBroker(broker)
        case .moveLeader(let name, let partition, let to):
            outcome.applied = try moveLeader(of: topic(name), partition, to: to)
        case .moveGroupCoordinator(let name, let to):
            try cluster.moveCoordinator(ofGroup: group(name), to: to)
            outcome.applied = 1
        case .moveTransactionCoordinator(let id, let to):
            try cluster.moveCoordinator(ofTransactionalID: id, to: to)
            outcome.applied = 1
        case .fail(let requests, let error):
            try inject(rule(.fail(with: KafkaErrorName(stringLiteral: error)), requests, topic, group), step, path)
            outcome.isOver = false
        case .delay(let requests, let by):
            try inject(rule(.delay(by: by), requests, topic, group), step, path)
            outcome.isOver = false
        case .loseAcknowledgement(let requests):
            var rule = rule(.loseAcknowledgement(.disconnect), requests, topic, group)
            rule.kind = .produce
            try inject(rule, step, path)
            outcome.isOver = false
        case .loseHeartbeats(let requests):
            var rule = rule(.loseHeartbeat, requests, topic, group)
            rule.kind = .heartbeat
            try inject(rule, step, path)
            outcome.isOver = false
        case .disconnect(let requests):
            try inject(rule(.disconnect, requests, topic, group), step, path)
            outcome.isOver = false
        case .heal(let kind):
            outcome.healed = try heal { kind == nil || $0 == kind }
            outcome.applied = outcome.healed.reduce(0) { $0 + $1.applied }
        }
        return outcome
    }

    /// How often the fault of a step has struck so far; nil where it began none.
    func applied(by path: StepPath) -> Int? {
        begun.withLock { begun in
            begun.last { $0.path == path }.map { fault in count(fault) }
        }
    }

    /// Ends all that is still in force.
    func endAll() {
        try? cluster.removeFaults()
        for (broker, isUp) in cluster.brokers where !isUp { try? cluster.startBroker(broker) }
    }

    private func heal(_ isMeant: (String) -> Bool) throws(ClusterError) -> [FaultOutcome.Healed] {
        let ending = begun.withLock { begun in
            begun.indices.filter { !begun[$0].isTold && isMeant(begun[$0].kind) }.map { index in
                begun[index].isTold = true
                return begun[index]
            }
        }
        for fault in ending {
            if let rule = fault.rule { try cluster.remove(rule) }
            if let broker = fault.broker { try cluster.startBroker(broker) }
        }
        return ending.map { .init(path: $0.path, fault: $0.kind, applied: count($0)) }
    }

    private func count(_ fault: Begun) -> Int {
        guard let rule = fault.rule else { return fault.applied }
        return (try? cluster.timesFired(rule)).flatMap(\.self) ?? fault.applied
    }

    /// Returns how many leaders moved.
    private func moveLeader(of topic: String, _ partition: Int32, to broker: Int32?) throws(ClusterError) -> Int {
        let (leader, inSync) = try cluster.leader(ofTopic: topic, partition: partition)
        let next = inSync.firstIndex(of: leader).map { inSync[($0 + 1) % inSync.count] }
        guard let target = broker ?? next ?? inSync.first else { return 0 }
        try cluster.moveLeader(ofTopic: topic, partition: partition, to: target)
        return target == leader ? 0 : 1
    }

    private func inject(_ rule: FaultRule, _ step: FaultStep, _ path: StepPath) throws(ClusterError) {
        var rule = rule
        rule.times = step.times
        rule.lasting = step.lasting
        let id = try cluster.inject(rule)
        begun.withLock { $0.append(Begun(path: path, kind: step.kind, rule: id, broker: nil)) }
    }

    private func rule(
        _ effect: FaultEffect, _ requests: FaultStep.Requests, _ topic: (String) -> String, _ group: (String) -> String
    ) -> FaultRule {
        var rule = FaultRule(
            effect, kind: requests.request.flatMap { RequestKind(name: $0) }, topic: requests.topic.map(topic),
            partition: requests.partition, group: requests.group.map(group))
        rule.sparedClients = [Self.sparedClient]
        rule.clients = requests.client.map(ClientNames.ids)
        return rule
    }
}
