package import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunSecrets

extension Scenario {
    /// Where a step stands that is no part of a file.
    struct SingleStep: Sendable {
        let cluster: ClusterAtHand
        /// Which of the steps that the cluster was given.
        let number: Int
    }

    /// Reads a step that is a text of its own, and is to run on a cluster that is there already: its topics are those of the cluster, all of which it
    /// may change, and no group is its own. It reads no files and sees nothing of the environment.
    ///
    /// - Parameters:
    ///   - file: what places call the text.
    ///   - number: which of the steps that the cluster was given; reports call it by that.
    ///   - sizeLimit: how many bytes it may have.
    /// - Returns: a scenario with this one step.
    /// - Throws: everything that is wrong with it, in the order of the text.
    package static func decodeStep(
        _ bytes: [UInt8], file: String, number: Int, on cluster: ClusterAtHand, sizeLimit: Int
    ) throws(Diagnostics) -> Scenario {
        let document = try JSONDocument.parse(bytes, file: file, sizeLimit: sizeLimit, valueLimit: maximumValues)
        return try decode(
            document.root, file: file, step: SingleStep(cluster: cluster, number: number), late: LateValues())
    }

    static func decode(
        _ root: JSONNode, file: String, step: SingleStep, late: LateValues
    ) throws(Diagnostics) -> Scenario {
        let reporter = Reporter(file: file)
        let scenario = ScenarioDecoder(
            reporter: reporter, files: .none("a step that is no part of a file reads none", [])
        ).scenario(ofStep: root, step, late: late)
        let diagnostics = reporter.sortedDiagnostics()
        if !diagnostics.isEmpty { throw Diagnostics(diagnostics, omitted: reporter.omitted) }
        return scenario
    }

    /// How many steps there are of which one has a number; 0 where that is no matter of the scenario.
    package var numberedSteps: Int { source.step == nil ? steps.count : 0 }

    /// What to do about sending too many bytes.
    package var waysToSendMore: [String] {
        source.step == nil
            ? ["--max-bytes 10GiB allows more; send fewer or smaller messages otherwise"]
            : ["send fewer or smaller messages, or send them with several steps"]
    }
}

extension ScenarioDecoder {
    fileprivate func scenario(ofStep root: JSONNode, _ step: Scenario.SingleStep, late: LateValues) -> Scenario {
        reader.templates.late = late
        reader.templates.environment = nil
        let file = Declarations(step.cluster, at: root)
        let sent = SentHistory(reporter: reporter)
        let topics = TopicHistory(file, steps: [root]) { sent.forget($0) }
        let steps = StepDecoder(
            reader: reader, topics: topics, clients: ClientDecoder(reader: reader), sent: sent, live: MemberHistory(),
            producers: ProducerHistory()
        ).steps([root]) { _ in StepPath(step.number) }
        return Scenario(
            file: reporter.file, name: "step", line: 1, description: nil, tags: [], requirements: [], skip: nil,
            caseValues: [], variableNames: [], secretNames: [], secrets: .none, missingSecrets: [],
            embeddedBrokers: step.cluster.brokers, seed: nil, client: [], timeouts: file.timeouts, allow: [],
            topics: file.topicNames.compactMap { file.topics[$0] }, groups: [], steps: steps,
            isLate: reader.templates.lateUses > 0,
            source: Scenario.Source(
                root: root, overrides: .none, files: reader.files, late: late, case: nil, step: step))
    }
}

extension Declarations {
    /// All that is on a cluster.
    ///
    /// - Parameter node: what stands for the declarations that no file has.
    fileprivate init(_ cluster: ClusterAtHand, at node: JSONNode) {
        self.init()
        isOfClusterAtHand = true
        embeddedBrokers = cluster.brokers
        for topic in cluster.topics {
            topics[topic.name] = TopicDeclaration(
                name: topic.name, partitions: topic.partitions, replicationFactor: nil, config: [], existing: true,
                node: node)
            metricNames[KafkaName.metricName(topic.name)] = topic.name
            partitionCount += topic.partitions
        }
        sortTopics()
    }
}
