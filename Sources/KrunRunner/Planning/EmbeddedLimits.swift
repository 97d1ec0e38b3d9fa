import KrunDiagnostics
import KrunJSON
import KrunScenario

/// What the embedded broker cannot carry, found before anything starts.
///
/// librdkafka's mock cluster keeps the newest 5 MiB of a partition and drops older batches in silence
/// (`rdkafka_mock.c`), and ends the process when members of one group offer different assignors.
enum EmbeddedLimits {
    static let bytesPerPartition = 5 * 1024 * 1024
    /// More than this is not rendered for one step; the rest is taken to be like the first.
    static let renderedMessages = 200_000
    static let renderedBytes = 64 << 20

    static func diagnostics(for scenario: Scenario) -> [Diagnostic] {
        oversizedPartitions(scenario) + mixedAssignors(scenario)
    }

    private static func mixedAssignors(_ scenario: Scenario) -> [Diagnostic] {
        var first: [String: (assignor: ConsumeStep.Assignor?, step: Int)] = [:]
        var found: [Diagnostic] = []
        for step in scenario.steps {
            guard case .consume(let consume) = step.action, let group = consume.group else { continue }
            guard let earlier = first[group] else {
                first[group] = (consume.assignor, step.number)
                continue
            }
            if earlier.assignor != consume.assignor {
                found.append(
                    Diagnostic(
                        .runtime, "the embedded broker cannot run group \(group) with different assignors",
                        at: step.place(of: consume.assignor == nil ? "group" : "assignor"),
                        label:
                            "step \(earlier.step) uses \(name(earlier.assignor)), this one \(name(consume.assignor))",
                        notes: ["use the same assignor in both steps, or a real broker: --brokers host:port"]))
            }
        }
        return found
    }

    private static func name(_ assignor: ConsumeStep.Assignor?) -> String {
        assignor?.rawValue ?? "the default"
    }

    private static func oversizedPartitions(_ scenario: Scenario) -> [Diagnostic] {
        var sizes: [String: [Double]] = [:]
        var reported: Set<String> = []
        var found: [Diagnostic] = []
        for step in scenario.steps {
            guard case .produce(let produce) = step.action, produce.compression == .none,
                let partitions = scenario.topics.first(where: { $0.name == produce.topic })?.partitions
            else { continue }
            let before = sizes[produce.topic] ?? Array(repeating: 0, count: partitions)
            let after = zip(before, plannedBytes(of: produce, partitions: partitions)).map(+)
            sizes[produce.topic] = after
            guard let worst = after.indices.max(by: { after[$0] < after[$1] }),
                after[worst] > Double(bytesPerPartition), reported.insert(produce.topic).inserted
            else { continue }
            let mebibytes = (after[worst] / 1_048_576 * 10).rounded() / 10
            found.append(
                Diagnostic(
                    .runtime, "the embedded broker would drop messages of \(produce.topic)",
                    at: step.place(),
                    label: "partition \(worst) would hold about \(mebibytes) MiB; it keeps the newest 5 MiB",
                    notes: ["use more partitions, fewer or smaller messages, or a real broker: --brokers host:port"]))
        }
        return found
    }

    /// About how many bytes each partition gets; what the partitioner places at random is spread evenly.
    private static func plannedBytes(of produce: ProduceStep, partitions: Int) -> [Double] {
        var total = Array(repeating: 0.0, count: partitions)
        var generator: SeededGenerator?
        var (messagesLeft, bytesLeft) = (renderedMessages, renderedBytes)
        for template in produce.messages where template.count > 0 {
            var source = MessageSource(template, drawing: &generator)
            var bytes = Array(repeating: 0.0, count: partitions)
            var rendered = 0
            while rendered < template.count, rendered == 0 || (messagesLeft > 0 && bytesLeft > 0) {
                guard (try? source.render(index: Int64(rendered))) != nil else { break }
                rendered += 1
                messagesLeft -= 1
                bytesLeft -= source.renderedSize
                let size = Double(source.size + recordOverhead)
                if let placed = place(of: source, produce.partitioner, partitions) {
                    if bytes.indices.contains(Int(placed)) { bytes[Int(placed)] += size }
                } else {
                    for partition in bytes.indices { bytes[partition] += size / Double(partitions) }
                }
            }
            let weight = Double(template.count) / Double(max(1, rendered))
            for partition in total.indices { total[partition] += bytes[partition] * weight }
        }
        return total
    }

    /// nil where the partitioner places it at random, or the key is not known before the run.
    private static func place(of source: MessageSource, _ partitioner: Partitioner, _ partitions: Int) -> Int32? {
        if let partition = source.partition { return partition }
        guard source.key.isDrawn else { return nil }
        return source.key.withBytes { key in
            partitioner.partition(forKey: key.map { Array($0) }, partitions: partitions)
        }
    }

    /// A record's own lengths, deltas and attributes, and its share of the batch's head.
    private static let recordOverhead = 12
}
