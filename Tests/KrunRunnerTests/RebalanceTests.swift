import Dispatch
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunScenario
import Synchronization
import Testing

@testable import KrunRunner

/// A stranger joins a group while the members of a step read, and leaves again: nothing is lost, nothing read twice.
@Suite(.timeLimit(.minutes(1))) struct RebalanceTests {
    private static let messages = 60_000

    @Test(arguments: [ConsumingMode.oneByOne, .batches], ["range", "cooperative-sticky"])
    func aStrangerThatComesAndGoes(_ mode: ConsumingMode, _ assignor: String) async throws {
        let scenario = try decode(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }], "timeouts": { "receive": "50s" },
              "steps": [
                { "consume": "orders", "group": "billing", "members": 2, "assignor": "\(assignor)",
                  "until": { "messages": \(Self.messages) } }
              ] }
            """)
        let script = Script()
        let log = ClientLog(handler: { line in
            if line.text.contains("Fetch topic orders") { script.reached(.reading) }
        })
        let cluster = try EmbeddedBroker.start(log: log)
        // Others write to it: what stands in it is not the step's to account for.
        try cluster.admin.createTopic(NewTopic(name: "orders", partitions: 4), timeout: .seconds(10))
        let load = try WorkerThread(name: "load") { script.produce(Self.messages, to: cluster) }
        let stranger = try WorkerThread(name: "stranger") { script.visit(cluster, assignor: assignor) }
        let step: Result<StepResult, any Error> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "step").async {
                let result = Result { try Self.execute(scenario, on: cluster, mode: mode, script: script) }
                script.reached(.end)
                load.join()
                stranger.join()
                continuation.resume(returning: result)
            }
        }
        let result = try step.get()
        let conclusion = result.conclude()
        #expect(script.errors == [])
        #expect(printed(conclusion.failures + (result.trouble.map { [$0] } ?? [])) == "")
        guard case .consume(let consumed) = conclusion.result else {
            Issue.record("a consume step has a consume outcome")
            return
        }
        #expect(consumed.messages == Self.messages)
        #expect(consumed.members.reduce(0) { $0 + $1.messages } == Self.messages)
        for extent in consumed.extents {
            #expect(extent.first == 0)
            #expect(extent.last == Int64(extent.messages - 1))
        }
        #expect(consumed.committed == consumed.extents.map { $0.last.map { $0 + 1 } })
        // It came and it went. How many generations a cooperative group needs for that is a matter of who is how late.
        #expect(consumed.rebalances >= 2)
        for invariant in [Invariant.noDuplicates, .offsetOrder, .singleOwner, .assignedOnly, .commitNotAhead] {
            #expect(
                conclusion.invariants.first { $0.invariant == invariant }?.verdict == .held, "\(invariant.rawValue)")
        }
    }

    private static func execute(
        _ scenario: Scenario, on cluster: EmbeddedBroker, mode: ConsumingMode, script: Script
    ) throws -> StepResult {
        var options = RunOptions.embedded
        options.properties["debug"] = "fetch"
        let run = ScenarioRun(
            scenario: scenario, cluster: cluster, options: options, names: .exact, seed: 1,
            interruption: Interruption())
        var owned = OwnedNames()
        var outcome = ScenarioOutcome(file: "test.json", name: "test", status: .passed)
        try TopicPreparation(run: run).prepare(&owned, &outcome)
        script.reached(.begun)
        guard case .consume(let consume) = scenario.steps[0].action else { preconditionFailure("it consumes") }
        return try ConsumeExecution(step: scenario.steps[0], consume: consume, run: run, mode: mode).execute()
    }
}

/// What happens around the step: a third of the messages at first, more at leisure while the stranger comes and goes,
/// and the rest when it is gone.
private final class Script: Sendable {
    enum Scene: Int, CaseIterable {
        /// The topic is there.
        case begun
        case reading
        case strangerIsGone
        case end
    }

    private let latest = Mutex<Set<Scene>>([])
    private let changed = DispatchSemaphore(value: 0)
    private let problems = Mutex<[String]>([])

    var errors: [String] { problems.withLock { $0 } }

    func reached(_ scene: Scene) {
        if latest.withLock({ $0.insert(scene).inserted }) { changed.signal() }
    }

    /// Also true at the end.
    private func has(_ scene: Scene) -> Bool {
        latest.withLock { $0.contains(scene) || $0.contains(.end) }
    }

    private func wait(for scene: Scene) {
        while !has(scene) { _ = changed.wait(timeout: .now() + .milliseconds(20)) }
    }

    func produce(_ total: Int, to cluster: EmbeddedBroker) {
        wait(for: .begun)
        do {
            let producer = try Producer(
                properties: cluster.mandatory.merging(["linger.ms": "1"]), log: ClientLog())
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            var sent = 0
            var reported = 0
            while reported < total, !has(.end) {
                let bound = has(.strangerIsGone) ? total : max(total / 3, min(total * 2 / 3, sent + 20))
                while sent < bound,
                    try producer.send(to: topic, partition: Int32(sent % 4), key: nil, value: nil) == .queued
                {
                    sent += 1
                }
                reported += producer.serveReports(timeout: .milliseconds(2)) { _ in }
            }
        } catch {
            problems.withLock { $0.append("\(error)") }
        }
    }

    /// Joins while the others read, and leaves when it has been given partitions.
    func visit(_ cluster: EmbeddedBroker, assignor: String) {
        wait(for: .reading)
        do {
            let consumer = try Consumer(
                properties: cluster.consumerDefaults(members: 2).merging(cluster.mandatory).merging([
                    "group.id": "billing", "enable.auto.commit": "false", "enable.auto.offset.store": "false",
                    "partition.assignment.strategy": assignor,
                ]), log: ClientLog())
            consumer.startsPaused = true
            let visitor = Visitor()
            try consumer.subscribe(["orders"], delegate: visitor)
            while visitor.assigned == 0, !has(.end) {
                _ = consumer.pollOne(timeout: .milliseconds(20)) { _ in }
            }
            consumer.close(timeout: .seconds(10))
        } catch {
            problems.withLock { $0.append("\(error)") }
        }
        reached(.strangerIsGone)
    }

    private final class Visitor: ConsumerDelegate {
        var assigned = 0

        func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
            partitions.map { _ in 0 }
        }

        func didAssign(_ partitions: [TopicPartition], consumer: Consumer) { assigned += partitions.count }
        func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {}
    }
}
