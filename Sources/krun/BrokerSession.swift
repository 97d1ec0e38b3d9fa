import KrunBroker
import KrunDiagnostics
import KrunTools

/// An embedded cluster that stays until somebody ends it.
struct BrokerSession {
    private let cluster: EmbeddedCluster
    private let log: BrokerLogQueue
    private let observation: EventObservation
    private let readyFile: ReadyFile?
    private let signals: EndSignals
    private let start = ContinuousClock.now

    /// Starts the cluster and says that it is ready.
    ///
    /// - Throws: a `Diagnostic` where something of it cannot be; then nothing is left behind.
    init(_ options: ClusterOptions, topics: [String], readyFile: String?, isVerbose: Bool) throws(Diagnostic) {
        let topics = try BrokerTopic.all(topics, brokers: options.brokers)
        try BrokerAddress.check(options)
        var readyFile = try readyFile.map { path throws(Diagnostic) in try ReadyFile(path) }
        signals = EndSignals()
        do {
            cluster = try EmbeddedCluster(options)
        } catch {
            throw BrokerAddress.diagnostic(error, options)
        }
        let log = BrokerLogQueue(BrokerLog(isVerbose: isVerbose)) { Console.writeError($0) }
        self.log = log
        observation = cluster.events.observe { log.take($0) }
        do {
            for topic in topics { try cluster.create(topic) }
            try readyFile?.stage(cluster.bootstrapServers + "\n")
            Console.writeOutput("export KRUN_BROKERS=\(cluster.bootstrapServers)\n")
            log.say(BrokerText.started(options, at: cluster.bootstrapServers))
            // The last of all: whoever waits for it finds everything said.
            try readyFile?.publish()
        } catch {
            cluster.close()
            throw error
        }
        self.readyFile = readyFile
    }

    /// Waits for Ctrl+C, SIGTERM or SIGHUP, and ends everything.
    func untilSignalled() async {
        await signals.wait()
        Console.hurry()
        readyFile?.remove()
        // That each connection ends with its broker goes without saying.
        observation.cancel()
        let summary = await log.finish()
        cluster.close()
        Console.writeError(BrokerText.ended(after: ContinuousClock.now - start, summary))
    }
}

extension EmbeddedCluster {
    fileprivate func create(_ topic: BrokerTopic) throws(Diagnostic) {
        do {
            try createTopic(topic.name, partitions: topic.partitions, replicationFactor: topic.replicas)
        } catch {
            throw Diagnostic(.usage, "topic \(topic.name) cannot be created", notes: [error.description])
        }
    }
}
