import KrunBroker
import KrunControl
import KrunDiagnostics
import KrunKafka
import KrunTools

/// An embedded cluster that stays until somebody ends it, or as long as a command runs.
struct BrokerSession {
    private let cluster: EmbeddedCluster
    /// nil where it is not controlled from outside.
    private let control: ControlServer?
    /// nil where nothing is logged.
    private let log: BrokerLogQueue?
    private let observation: EventObservation?
    private let readyFile: ReadyFile?
    /// nil while a command has the signals.
    private let signals: EndSignals?
    private let start = ContinuousClock.now

    /// Starts the cluster and says that it is ready; for a command only the environment says it.
    ///
    /// - Parameters:
    ///   - controlPort: where it is controlled from outside; nil for not at all.
    ///   - logFile: where the log goes instead of stderr; a command's own output stands alone there.
    /// - Throws: a `Diagnostic` where something of it cannot be; then nothing is left behind.
    init(
        _ options: ClusterOptions, topics: [String], controlPort: Int?, readyFile: String?, isVerbose: Bool,
        log logFile: LogFile?, isForCommand: Bool = false
    ) throws(Diagnostic) {
        let topics = try BrokerTopic.all(topics, brokers: options.brokers)
        try BrokerAddress.check(options)
        var readyFile = try readyFile.map { path throws(Diagnostic) in try ReadyFile(path) }
        signals = isForCommand ? nil : EndSignals()
        do {
            cluster = try EmbeddedCluster(options)
        } catch {
            throw BrokerAddress.diagnostic(error, options)
        }
        let log =
            isForCommand && logFile == nil
            ? nil
            : BrokerLogQueue(BrokerLog(isVerbose: isVerbose)) { text in
                if let logFile { logFile.write(text) } else { Console.writeError(text) }
            }
        self.log = log
        if let log {
            observation = cluster.events.observe { log.take($0) }
        } else {
            observation = nil
        }
        do {
            try readyFile?.removeStale()
            for topic in topics { try cluster.create(topic) }
            control = try controlPort.map { [cluster] port throws(Diagnostic) in
                try ControlServer(
                    port: port, of: cluster, brokers: options.brokers, properties: Self.login(options),
                    version: Version.krun)
            }
            try readyFile?.stage(cluster.bootstrapServers + "\n")
            if !isForCommand { Console.writeOutput("export KRUN_BROKERS=\(cluster.bootstrapServers)\n") }
            if !isForCommand, let control {
                Console.writeOutput("export \(CommandEnvironment.control)=\(control.address)\n")
            }
            log?.say(BrokerText.started(options, at: cluster.bootstrapServers, isForCommand: isForCommand))
            if let control { log?.say(BrokerText.controlled(at: control.address)) }
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
        await signals?.wait()
        Console.hurry()
        let summary = await end()
        Console.writeError(BrokerText.ended(after: ContinuousClock.now - start, summary ?? ""))
    }

    /// Runs a command, which finds the cluster by its environment.
    ///
    /// - Parameter variables: further ones in which it finds it.
    /// - Returns: the exit code for krun: the command's own.
    /// - Throws: a `Diagnostic` that leads to exit code 126 or 127, as in a shell, where it could not be started.
    func `while`(_ command: [String], variables: [String]) async throws -> Int32 {
        let environment = CommandEnvironment(
            bootstrap: cluster.bootstrapServers, variables: variables, control: control?.address)
        // Before the command is there nobody but krun can have been meant.
        let relay = SignalRelay()
        let signals = ForwardedSignals { relay.send($0) }
        defer { withExtendedLifetime(signals) {} }
        let code: Int32
        do throws(ChildProgram.StartError) {
            let program = try ChildProgram(.init(arguments: command, environment: environment.all))
            relay.connect(program)
            code = await program.end().code
        } catch {
            _ = await end()
            Console.printError(
                Diagnostic(.runtime, "cannot run \(TerminalText.safe(command[0]))", notes: [error.reason]))
            return error.exitCode
        }
        _ = await end()
        return code
    }

    /// With what the clients of steps log in: as any one of the users, where they have to.
    private static func login(_ options: ClusterOptions) -> ClientProperties {
        guard let user = options.users.min(by: { $0.key < $1.key }) else { return [:] }
        return [
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.username": user.key,
            "sasl.password": user.value,
        ]
    }

    /// Ends everything. - Returns: what is forgotten with it; nil where nothing was logged.
    private func end() async -> String? {
        readyFile?.remove()
        await control?.close()
        // That each connection ends with its broker goes without saying.
        observation?.cancel()
        let summary = await log?.finish()
        cluster.close()
        return summary
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
