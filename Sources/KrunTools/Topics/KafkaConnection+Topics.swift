import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunScenario

extension KafkaConnection {
    /// Topics by their names, in this order and each once.
    ///
    /// - Throws: `Diagnostics` about every name that is none or that no topic has.
    func topics(named names: [String]) throws -> [ClusterMetadata.Topic] {
        let names = try Self.checked(names, of: "topic")
        let deadline = Deadline(after: timeout)
        while true {
            let topics = try attempt { _ in try admin.metadata(topics: names, timeout: deadline.remaining) }.topics
            let missing = try topics.filter { $0.error?.isUnknownTopic == true }.map { topic in
                (topic.name, try attempt { _ in try admin.whyMissing(topic.name, timeout: deadline.remaining) })
            }
            if missing.isEmpty { return topics }
            let certain = missing.filter { $1 != nil }
            guard certain.isEmpty, !deadline.hasPassed else {
                throw Diagnostics(try (certain.isEmpty ? missing : certain).map(unknownTopic))
            }
            // Another broker has heard of it already.
            try pause(.milliseconds(50))
        }
    }

    /// Each name once, in this order.
    ///
    /// - Throws: `Diagnostics` about every one that Kafka would not take.
    static func checked(_ names: [String], of kind: String) throws(Diagnostics) -> [String] {
        var seen: Set<String> = []
        let names = names.filter { seen.insert($0).inserted }
        let faults = names.compactMap { name in
            KafkaName.fault(of: name, existing: true).map {
                Diagnostic(.usage, "\"\(name)\" is no name for a \(kind)", notes: [$0])
            }
        }
        guard faults.isEmpty else { throw Diagnostics(faults) }
        return names
    }

    /// Waits until each topic has so many partitions, all with a leader.
    ///
    /// - Parameter done: what was done to them before, for the error.
    func waitUntilReady(_ topics: [String: Int], done: String) throws(Diagnostic) {
        do {
            try admin.waitUntilReady(topics, timeout: timeout)
        } catch {
            var diagnostic = diagnostic(error)
            diagnostic.notes.append(done)
            throw diagnostic
        }
    }

    /// - Parameter error: what the cluster says when asked for it by name.
    private func unknownTopic(_ name: String, _ error: KafkaError?) throws -> Diagnostic {
        // A broker with ACLs does not list what one may not see.
        if let error, !error.isUnknownTopic { return diagnostic(error) }
        var missing = try missingTopic(name)
        // Whoever mistyped a name does not want a topic of it.
        if missing.guess != nil { missing.diagnostic.notes.removeLast() }
        return missing.diagnostic
    }
}
