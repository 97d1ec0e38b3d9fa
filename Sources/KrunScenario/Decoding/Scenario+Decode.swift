public import KrunDiagnostics
import KrunJSON

extension Scenario {
    /// How many JSON values a file may hold: so many are read in a moment and little memory.
    static let mostValues = 350_000

    /// Reads and checks a scenario file.
    ///
    /// - Parameters:
    ///   - file: the file's name as the user gave it, for places.
    ///   - overrides: what stands in the place of the file's variables and seed.
    /// - Throws: everything that is wrong with it, in the order of the file.
    public static func decode(
        _ bytes: [UInt8], file: String, overrides: ScenarioOverrides = .none
    ) throws(Diagnostics) -> Scenario {
        let document = try JSONDocument.parse(bytes, file: file, valueLimit: mostValues)
        let context = DecodingContext(file: file)
        let scenario = context.scenario(document.root, overrides: overrides)
        let diagnostics = context.sortedDiagnostics()
        if !diagnostics.isEmpty { throw Diagnostics(diagnostics, omitted: context.omitted) }
        guard let scenario else { preconditionFailure("a scenario that cannot be read has a reason") }
        return scenario
    }
}

extension DecodingContext {
    func scenario(_ root: JSONNode, overrides: ScenarioOverrides) -> Scenario? {
        guard let fields = fields(of: root, ScenarioFields.shape) else { return nil }
        // Before anything that may use them.
        readVariables(fields[ScenarioFields.variables], overrides: overrides)
        let name = required(ScenarioFields.name, in: fields).flatMap { _ in read(ScenarioFields.name, in: fields) }
        if name == "" {
            report(
                "a scenario's name is empty", because: FaultReason(of: fields[ScenarioFields.name]),
                at: fields[ScenarioFields.name]?.place, label: "every report shows it")
        }
        _ = read(ScenarioFields.schema, in: fields)
        let description = read(ScenarioFields.description, in: fields)
        let tags = read(ScenarioFields.tags, in: fields)?.map(\.text) ?? []
        let requirements = self.requirements(in: fields)
        requiresRealBroker = requirements.contains { $0.condition == .realBroker }
        let skip = read(ScenarioFields.skip, in: fields)
        let brokers = embeddedBrokers(in: fields)
        embeddedBrokers = requirements.reduce(brokers) { most, requirement in
            if case .brokers(let least) = requirement.condition { max(most, least) } else { most }
        }
        let seed = read(ScenarioFields.seed, in: fields).map { UInt64($0) }
        declaredTimeouts = timeouts(in: fields)
        var defaults = StepDefaults()
        defaults.client = fields[ScenarioFields.client].map { client($0, for: .both) } ?? []
        defaults.allow = allowed(ScenarioFields.allow, in: fields)
        if let partitioner = read(ScenarioFields.partitioner, in: fields) { defaults.partitioner = partitioner }
        let topics = topicDeclarations(in: fields)
        let groups = groupDeclarations(in: fields)
        let steps =
            required(ScenarioFields.steps, in: fields).map { _ in self.steps(in: fields, defaults: defaults) } ?? []
        guard let name else { return nil }
        return Scenario(
            file: file, name: name, description: description, tags: tags, requirements: requirements, skip: skip,
            variableNames: variableNames,
            embeddedBrokers: brokers, seed: overrides.seed ?? seed, client: defaults.client, timeouts: declaredTimeouts,
            allow: defaults.allow, topics: topics, groups: groups, steps: steps)
    }

    private func embeddedBrokers(in fields: Fields) -> Int {
        let usual = Int(EmbeddedFields.brokers.form.value)
        guard let fields = read(ScenarioFields.embedded, in: fields) else { return usual }
        return read(EmbeddedFields.brokers, in: fields).map(Int.init) ?? usual
    }
}
