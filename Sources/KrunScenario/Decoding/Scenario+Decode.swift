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
    /// The most brokers that an embedded cluster may have.
    static let mostBrokers: Int64 = 64

    fileprivate func scenario(_ root: JSONNode, overrides: ScenarioOverrides) -> Scenario? {
        guard let fields = fields(of: root, Vocabulary.scenario) else { return nil }
        // Before anything that may use them.
        readVariables(fields["variables"], overrides: overrides)
        let name = required("name", in: fields).flatMap { string($0, "name") }
        if name == "" {
            report("a scenario's name is empty", at: fields["name"]?.place, label: "every report shows it")
        }
        if let schema = fields["$schema"] { _ = string(schema, "$schema", templates: false) }
        let description = fields["description"].flatMap { string($0, "description", templates: false) }
        let tags = fields["tags"].flatMap { strings($0, "tags") }?.map(\.text) ?? []
        let requirements = fields["requires"].map { self.requirements($0) } ?? []
        requiresRealBroker = requirements.contains { $0.condition == .realBroker }
        let skip = fields["skip"].flatMap { string($0, "skip") }
        let brokers = fields["embedded"].flatMap { embeddedBrokers($0) } ?? 3
        embeddedBrokers = requirements.reduce(brokers) { most, requirement in
            if case .brokers(let least) = requirement.condition { max(most, least) } else { most }
        }
        let seed = fields["seed"].flatMap { integer($0, "seed", 0...Int64.max) }.map { UInt64($0) }
        declaredTimeouts = fields["timeouts"].map { self.timeouts($0) } ?? Timeouts()
        var defaults = StepDefaults()
        defaults.client = fields["client"].map { client($0, for: .both) } ?? []
        defaults.allow = fields["allow"].map { allow($0) } ?? []
        if let partitioner = fields["partitioner"].flatMap({ choice($0, "partitioner", Partitioner.self) }) {
            defaults.partitioner = partitioner
        }
        let topics = fields["topics"].map { topicDeclarations($0) } ?? []
        let groups = fields["groups"].map { groupDeclarations($0) } ?? []
        let steps = required("steps", in: fields).map { self.steps($0, defaults: defaults) } ?? []
        guard let name else { return nil }
        return Scenario(
            file: file, name: name, description: description, tags: tags, requirements: requirements, skip: skip,
            variableNames: variableNames,
            embeddedBrokers: brokers, seed: overrides.seed ?? seed, client: defaults.client, timeouts: declaredTimeouts,
            allow: defaults.allow, topics: topics, groups: groups, steps: steps)
    }

    private func embeddedBrokers(_ node: JSONNode) -> Int? {
        guard let fields = fields(of: node, Vocabulary.embedded, named: "embedded") else { return nil }
        return fields["brokers"].flatMap { integer($0, "brokers", 1...Self.mostBrokers) }.map(Int.init)
    }
}
