public import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// An earlier JSON report, read back: what other reports can be made of, and several be joined to one.
public struct EarlierReport: Sendable {
    /// The largest report that is read, in bytes: 256 MiB.
    public static let sizeLimit = 256 * 1024 * 1024

    /// The file's name as the user gave it.
    public let file: String
    public let summary: RunSummary
    /// All of it.
    let root: JSONNode

    /// - Throws: that it is no JSON, no report of krun's, or one of another format, with the place.
    public init(_ bytes: [UInt8], file: String) throws(Diagnostics) {
        self.file = file
        root = try JSONDocument.parse(bytes, file: file, sizeLimit: Self.sizeLimit, allowsNUL: true).root
        let report = ReportFields(node: root, noun: "a JSON report of krun's")
        guard root.kind == .object, root["krun"] != nil, root["format"] != nil else {
            throw report.trouble("this is no JSON report of krun's", at: root)
        }
        let format = try report.integer("format")
        guard format == JSONReport.format else {
            throw Diagnostics(
                Diagnostic(
                    .invalid, "the report has format \(format), and this krun reads format \(JSONReport.format)",
                    at: root["format"]?.place, notes: ["read it with the version of krun that wrote it"]))
        }
        let scenarios = try report.elements("scenarios")
        summary = RunSummary(
            version: try report.text("krun"),
            scenarios: try Self.each(scenarios) { (fields) throws(Diagnostics) in
                try ScenarioSummary(fields)
            },
            startedAt: try report.time("startedAt"), duration: try report.duration("duration"))
    }

    /// The same report, written anew.
    public var text: String { JSONValue(root).text(pretty: true) + "\n" }

    fileprivate static func each<Value>(
        _ nodes: [JSONNode], _ make: (ReportFields) throws(Diagnostics) -> Value
    ) throws(Diagnostics) -> [Value] {
        var values: [Value] = []
        for node in nodes { values.append(try make(ReportFields(node: node))) }
        return values
    }
}

extension ScenarioSummary {
    fileprivate init(_ fields: ReportFields) throws(Diagnostics) {
        self.init(
            file: try fields.text("file"), name: try fields.text("name"), status: try fields.status("status"))
        line = try fields.integerIfThere("line")
        description = try fields.textIfThere("description")
        tags = try fields.elements("tags").compactMap(\.string)
        repetition = try fields.integerIfThere("repetition")
        if fields.node["attempts"] != nil {
            attempts = try EarlierReport.each(fields.elements("attempts")) { (fields) throws(Diagnostics) in
                Attempt(
                    status: try fields.status("status"), seed: try fields.textIfThere("seed"),
                    duration: try fields.duration("duration"), reason: try fields.textIfThere("reason"))
            }
        }
        skipReason = try fields.textIfThere("skipReason")
        seed = try fields.textIfThere("seed")
        if let broker = try fields.object("broker") {
            self.broker = BrokerOutcome(
                kind: try broker.text("kind") == BrokerOutcome.Kind.kafka.rawValue ? .kafka : .embedded,
                address: try broker.text("address"), brokers: try broker.integerIfThere("brokers"),
                chosenBy: try broker.text("chosenBy"))
        }
        startedAt = try fields.time("startedAt")
        duration = try fields.duration("duration")
        stepCount = try fields.integer("stepCount")
        try add(fields.elements("steps"))
        problems += try Problem.all(fields)
        invariants =
            try fields.object("invariants").map { (fields) throws(Diagnostics) in
                try InvariantOutcome.all(fields)
            } ?? []
        program = try fields.object("program").map { (fields) throws(Diagnostics) in
            ProgramOutcome(
                lines: try fields.elements("output").compactMap(\.string), omitted: try fields.integer("omitted"),
                ending: try fields.textIfThere("ending"))
        }
        source = try fields.textIfThere("source")
        timeline = fields.node["timeline"].map { String(decoding: $0.compactText, as: UTF8.self) }
    }

    /// Steps, and what is within them, in the order of their paths.
    private mutating func add(_ nodes: [JSONNode]) throws(Diagnostics) {
        for node in nodes {
            let fields = ReportFields(node: node)
            let number = try fields.integer("number")
            let path = try fields.textIfThere("path")
            var step = Step(
                path: path ?? String(number), title: try fields.text("title"), status: try fields.status("status"))
            step.sentence = try fields.textIfThere("sentence") ?? ""
            step.duration = try fields.duration("duration")
            step.note = try fields.textIfThere("note")
            if let outcome = try fields.object("outcome") {
                if node["produce"] != nil { step.sent = try outcome.integer("messages") }
                if node["consume"] != nil { step.read = try outcome.integer("messages") }
                if let latency = try outcome.object("latency") {
                    step.latency = LatencyOutcome(
                        p50: try latency.duration("p50"), p95: try latency.duration("p95"),
                        p99: try latency.duration("p99"), max: try latency.duration("max"))
                }
            }
            steps.append(step)
            problems += try Problem.all(fields)
            for name in ["together", "repeat"] {
                for list in node[name]?.elements ?? [] { try add(list.elements) }
            }
        }
    }
}

extension InvariantOutcome {
    /// Those of a scenario. What another version judges is left out.
    fileprivate static func all(_ fields: ReportFields) throws(Diagnostics) -> [Self] {
        var all: [Self] = []
        for member in fields.node.members {
            guard let invariant = Invariant(rawValue: member.name) else { continue }
            let verdict = ReportFields(node: member.value)
            switch try verdict.text("verdict") {
            case "held": all.append(.init(invariant, .held))
            case "broken":
                all.append(
                    .init(
                        invariant,
                        .broken(
                            count: try verdict.integer("count"),
                            cases: try verdict.elements("cases").compactMap(\.string),
                            allowed: verdict.node["allowed"]?.boolean ?? false)))
            default: all.append(.init(invariant, .notJudged(try verdict.textIfThere("reason") ?? "")))
            }
        }
        return all
    }
}

extension ScenarioSummary.Problem {
    /// Those of a scenario or a step.
    fileprivate static func all(_ fields: ReportFields) throws(Diagnostics) -> [Self] {
        try EarlierReport.each(fields.elements("diagnostics")) { (fields) throws(Diagnostics) in try Self(fields) }
    }

    fileprivate init(_ fields: ReportFields) throws(Diagnostics) {
        guard let kind = Diagnostic.Kind(rawValue: try fields.text("kind")) else {
            throw fields.trouble("this is no kind of diagnostic", at: fields.node["kind"] ?? fields.node)
        }
        var diagnostic = Diagnostic(kind, try fields.text("title"))
        diagnostic.label = try fields.textIfThere("label") ?? ""
        diagnostic.notes = try fields.elements("notes").compactMap(\.string)
        if let file = try fields.textIfThere("file") {
            let column = try fields.integer("column")
            let end = try fields.integerIfThere("endColumn") ?? column + 1
            diagnostic.place = Place(
                file: file, line: try fields.integer("line"), column: column, length: max(1, end - column),
                path: try fields.textIfThere("path") ?? "", excerpt: "")
        }
        // A report of an earlier krun has no text.
        let text = try fields.textIfThere("text") ?? DiagnosticText(style: .plain).text(diagnostic)
        self.init(diagnostic: diagnostic, text: text)
    }
}

/// The members of an object of a report, each of the kind that it must be.
private struct ReportFields {
    let node: JSONNode
    var noun = "as krun writes it"

    func trouble(_ title: String, at node: JSONNode, label: String = "") -> Diagnostics {
        Diagnostics(
            Diagnostic(
                .invalid, title, at: node.place, label: label,
                notes: ["`krun run --report json=FILE` writes one, and `krun merge` joins several"]))
    }

    private func mismatch(_ name: String, _ value: JSONNode, _ kind: String) -> Diagnostics {
        trouble("\"\(name)\" of a report must be \(kind)", at: value)
    }

    private func required(_ name: String) throws(Diagnostics) -> JSONNode {
        guard node.kind == .object else { throw trouble("this must be an object of a report", at: node) }
        guard let value = node[name] else { throw trouble("the report has no \"\(name)\" here", at: node) }
        return value
    }

    func text(_ name: String) throws(Diagnostics) -> String {
        let value = try required(name)
        guard let text = value.string else { throw mismatch(name, value, "a string") }
        return text
    }

    func textIfThere(_ name: String) throws(Diagnostics) -> String? { node[name] == nil ? nil : try text(name) }

    func integer(_ name: String) throws(Diagnostics) -> Int {
        let value = try required(name)
        guard let number = value.integer.flatMap({ Int(exactly: $0) }), (0...Int(Int32.max)).contains(number) else {
            throw mismatch(name, value, "a whole number")
        }
        return number
    }

    func integerIfThere(_ name: String) throws(Diagnostics) -> Int? { node[name] == nil ? nil : try integer(name) }

    func elements(_ name: String) throws(Diagnostics) -> [JSONNode] {
        let value = try required(name)
        guard value.kind == .array else { throw mismatch(name, value, "a list") }
        return value.elements
    }

    func object(_ name: String) throws(Diagnostics) -> ReportFields? {
        guard let value = node[name] else { return nil }
        guard value.kind == .object else { throw mismatch(name, value, "an object") }
        return ReportFields(node: value)
    }

    func status(_ name: String) throws(Diagnostics) -> Status {
        let value = try required(name)
        guard let status = value.string.flatMap({ Status(rawValue: $0) }) else {
            let words = Status.allCases.map(\.rawValue)
            throw mismatch(name, value, "one of \(words.joined(separator: ", "))")
        }
        return status
    }

    /// The longest that is taken for one: a hundred days, so that those of all scenarios have a sum.
    private static let durationLimit = 1e10

    /// Such as `12.3ms`.
    func duration(_ name: String) throws(Diagnostics) -> Duration {
        let value = try required(name)
        guard let text = value.string, text.hasSuffix("ms"), let milliseconds = Double(text.dropLast(2)),
            (0...Self.durationLimit).contains(milliseconds)
        else { throw mismatch(name, value, "a duration such as \"12.3ms\"") }
        return .microseconds(Int64((milliseconds * 1_000).rounded()))
    }

    /// Milliseconds since 1970; 0 where it is not there.
    func time(_ name: String) throws(Diagnostics) -> Int64 {
        guard let value = node[name] else { return 0 }
        guard let text = value.string, let time = TimestampText.milliseconds(text) else {
            throw mismatch(name, value, "a time such as \"2024-06-01T12:00:00.123Z\"")
        }
        return time
    }
}
