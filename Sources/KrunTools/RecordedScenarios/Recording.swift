package import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunReports
package import KrunScenario

/// One `krun record`: a scenario of what is on topics now, and what is to be said of it.
package struct Recording: Sendable {
    /// The scenario's file.
    package let text: String
    /// A line about each topic.
    package let summary: [String]
    /// What somebody should know: what is not in it.
    package let remarks: [Diagnostic]

    /// - Throws: a `Diagnostic`, or several, where it cannot be recorded.
    package static func make(_ request: Recording.Request, on kafka: KafkaConnection) throws -> Recording {
        try checkNames(request)
        let metadata = try kafka.topics(named: request.topics)
        if let group = request.group, try kafka.group(named: group) == nil { throw try kafka.unknownGroup(group) }
        var topics: [RecordedTopic] = []
        for topic in metadata { topics.append(try TopicReader(kafka: kafka, request: request).read(topic)) }
        return try Recording(topics, request)
    }

    init(_ topics: [RecordedTopic], _ request: Recording.Request) throws {
        let scenario = try RecordedScenario(topics, request)
        text = scenario.text
        summary = scenario.summary
        guard text.utf8.count <= JSONDocument.sizeLimit else {
            throw Diagnostic(
                .usage,
                "the scenario would have \(Amounts.number(text.utf8.count)) bytes, more than the "
                    + "\(Amounts.number(JSONDocument.sizeLimit)) that krun reads",
                notes: ["--limit and --limit-bytes record less"])
        }
        remarks = topics.flatMap { Self.remarks($0, request) }
    }

    private static func remarks(_ topic: RecordedTopic, _ request: Recording.Request) -> [Diagnostic] {
        var remarks: [Diagnostic] = []
        if topic.isCut {
            let bound =
                topic.messages.count >= request.limit
                ? "--limit \(request.limit)" : "--limit-bytes \(Amounts.number(request.byteLimit))"
            let count = topic.messages.count
            let first = count == 1 ? "the first message was" : "the first \(Amounts.number(count)) messages were"
            remarks.append(
                Diagnostic(
                    .warning, "\(topic.name) has more: \(first) recorded",
                    notes: ["\(bound) bounds it; --from -N begins so many offsets before the end of each partition"]))
        }
        if topic.configs == nil {
            remarks.append(
                Diagnostic(
                    .warning, "the configs of \(topic.name) could not be read",
                    notes: ["the scenario's topic has the broker's defaults"]))
        }
        return remarks
    }

    /// What a scenario cannot name.
    private static func checkNames(_ request: Recording.Request) throws(Diagnostic) {
        let names = request.topics.map { ("topic", $0) } + (request.group.map { [("group", $0)] } ?? [])
        for (kind, name) in names {
            guard let fault = KafkaName.fault(of: name, existing: false) else { continue }
            throw Diagnostic(.usage, "\(kind) \"\(name)\" cannot be named in a scenario: \(fault)")
        }
    }
}

extension Recording {
    /// What `krun record` is asked for.
    package struct Request: Sendable {
        /// Each once, in this order; not empty.
        package var topics: [String]
        /// Whose committed offsets the scenario shows; nil: nobody's.
        package var group: String?
        package var from: StartPoint = .earliest
        /// Of each topic.
        package var limit = 1000
        /// Keys, values and headers of each topic.
        package var byteLimit = 1 << 20
        /// Nil: the one that explains where the keys are.
        package var partitioner: Partitioner?
        /// Whether messages keep the time that they say they were made.
        package var keepsTimestamps = false
        /// What of the messages must not be in the file.
        package var redacted: Redaction.Parts = []

        package init(topics: [String], group: String? = nil) {
            self.topics = topics
            self.group = group
        }
    }
}
