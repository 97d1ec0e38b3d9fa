public import KrunDiagnostics
import KrunJSON
import KrunSecrets

extension Scenario {
    /// How many JSON values a file may hold: so many are read in a moment and little memory.
    static let maximumValues = 350_000

    /// Reads and checks a scenario file that is one scenario: `decodeAll` reads one with `cases`, too.
    ///
    /// - Parameters:
    ///   - file: the file's name as the user gave it, for places.
    ///   - overrides: what stands in the place of the file's variables and seed.
    ///   - files: what it may name; nil where it has no folder, so that to name a file is an error.
    /// - Throws: everything that is wrong with it, in the order of the file.
    public static func decode(
        _ bytes: [UInt8], file: String, overrides: ScenarioOverrides = .none, files: FolderFiles? = nil
    ) throws(Diagnostics) -> Scenario {
        let document = try JSONDocument.parse(bytes, file: file, valueLimit: maximumValues)
        return try decode(document.root, file: file, overrides: overrides, files: files, late: LateValues())
    }

    static func decode(
        _ root: JSONNode, file: String, overrides: ScenarioOverrides, files: FolderFiles?, late: LateValues,
        case: ScenarioCase? = nil
    ) throws(Diagnostics) -> Scenario {
        let reporter = Reporter(file: file)
        let scenario = ScenarioDecoder(reporter: reporter, files: files)
            .scenario(root, overrides: overrides, late: late, case: `case`)
        let diagnostics = reporter.sortedDiagnostics()
        if !diagnostics.isEmpty {
            throw Diagnostics(diagnostics, omitted: reporter.omitted).masked(by: overrides.secrets.hidden)
        }
        guard let scenario else { preconditionFailure("a scenario that cannot be read has a reason") }
        return scenario
    }
}

/// Reads a file: first what it declares, then its steps, which may use that.
struct ScenarioDecoder: FieldDecoder {
    let reader: ValueReader

    init(reporter: Reporter, files: FolderFiles? = nil) {
        reader = ValueReader(reporter: reporter)
        reader.files = files
    }

    /// What `cases` holds, as far as it could be read.
    func cases(_ node: JSONNode) -> [ScenarioCase] { CasesDecoder(reader: reader).cases(node) }

    /// Nil where it has no name, or is no object; whether anything else is wrong, the reporter knows.
    ///
    /// - Parameter one: the one of the file's cases that it is; nil where it has none, or only one.
    func scenario(
        _ root: JSONNode, overrides: ScenarioOverrides, late: LateValues = LateValues(), case one: ScenarioCase? = nil
    ) -> Scenario? {
        guard let fields = fields(of: root, ScenarioFields.shape) else { return nil }
        var one = one
        if one == nil, let node = fields[ScenarioFields.cases] {
            let cases = cases(node)
            if cases.count > 1 { reporter.report(Scenario.several(cases, node), because: .several) }
            one = cases.first
        }
        reader.templates.late = late
        reader.templates.environment = overrides.allowedEnvironment
        // Before anything that may use them.
        var variables = VariableDecoder(reader: reader)
        let declaredVariables = variables.variables(fields[ScenarioFields.variables], overrides: overrides, case: one)
        var secrets = SecretDecoder(reader: reader)
        reader.templates.variables = secrets.variables(
            fields[ScenarioFields.secrets], beside: declaredVariables, from: overrides)
        reader.templates.namesOfFile = Set(reader.templates.variables.keys)
        let name = required(ScenarioFields.name, in: fields).flatMap { _ in read(ScenarioFields.name, in: fields) }
        if name == "" {
            report(
                "a scenario's name is empty", because: FaultReason(of: fields[ScenarioFields.name]),
                at: fields[ScenarioFields.name]?.place, label: "every report shows it")
        }
        _ = read(ScenarioFields.schema, in: fields)
        let description = read(ScenarioFields.description, in: fields)
        let tags = read(ScenarioFields.tags, in: fields)?.map(\.text) ?? []
        let skip = read(ScenarioFields.skip, in: fields)
        let seed = read(ScenarioFields.seed, in: fields).map { UInt64($0) }
        let clients = ClientDecoder(reader: reader)
        var declared = DeclarationDecoder(reader: reader, clients: clients)
        declared.read(fields)
        let sent = SentHistory(reporter: reporter)
        let topics = TopicHistory(declared.file, steps: fields[ScenarioFields.steps]?.elements ?? []) {
            sent.forget($0)
        }
        let decoder = StepDecoder(
            reader: reader, topics: topics, clients: clients, sent: sent, live: MemberHistory(),
            producers: ProducerHistory())
        let steps = required(ScenarioFields.steps, in: fields).map { _ in decoder.steps(in: fields) } ?? []
        guard let name else { return nil }
        return Scenario(
            file: reporter.file, name: one.map { "\(name) \($0.title)" } ?? name,
            line: fields[ScenarioFields.name]?.place.line ?? 1, description: description, tags: tags,
            requirements: declared.requirements, skip: skip, caseValues: one?.values ?? [],
            variableNames: declaredVariables.keys.sorted(), secretNames: secrets.names,
            secrets: overrides.secrets.hidden, missingSecrets: secrets.missing, embeddedBrokers: declared.brokers,
            seed: overrides.seed ?? seed, client: declared.file.defaults.client, timeouts: declared.file.timeouts,
            allow: declared.file.defaults.allow, topics: declared.topics, groups: declared.groups, steps: steps,
            isLate: reader.templates.lateUses > 0,
            source: Scenario.Source(root: root, overrides: overrides, files: reader.files, late: late, case: one))
    }
}
