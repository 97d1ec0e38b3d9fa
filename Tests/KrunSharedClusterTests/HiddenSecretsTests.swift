import Foundation
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunPages
import KrunPlanning
import KrunReports
import KrunRunner
import KrunScenario
import KrunSecrets
import Synchronization
import Testing

/// Whatever a scenario does with a secret, and whatever goes wrong with it: no output has it, in no form.
@Suite("Secrets are in no output", .serialized, .timeLimit(.minutes(10))) struct HiddenSecretsTests {
    /// `KRUN_SECRET_SEEDS` asks for others.
    private static let seeds: Range<UInt64> = {
        let count = ProcessInfo.processInfo.environment["KRUN_SECRET_SEEDS"].flatMap { UInt64($0) } ?? 500
        return 0..<count
    }()

    @Test("of 500 scenarios with secrets of all kinds")
    func noOutputHasThem() async throws {
        let told = await withTaskGroup(of: (problems: [String], kind: String).self) { group in
            var next = Self.seeds.lowerBound
            func start() {
                guard next < Self.seeds.upperBound else { return }
                let seed = next
                next += 1
                group.addTask { await Self.judge(seed) }
            }
            for _ in 0..<4 { start() }
            var all: [(problems: [String], kind: String)] = []
            while let one = await group.next() {
                all.append(one)
                start()
            }
            return all
        }
        #expect(told.flatMap(\.problems).prefix(5).joined(separator: "\n\n") == "")
        // Each comes to what it is made for.
        let kinds = Dictionary(grouping: told.map(\.kind)) { $0 }.mapValues(\.count)
        for kind in ["invalid", "passed", "failed", "error", "skipped"] { #expect(kinds[kind] ?? 0 > 5, "\(kinds)") }
    }

    /// What is shown of a secret in the outputs of one scenario, and how that ended.
    private static func judge(_ seed: UInt64) async -> (problems: [String], kind: String) {
        var made = SecretScenario(seed: seed)
        let text = made.text()
        let outputs = Outputs()
        let kind = await run(text, secret: made.secret, outputs, debug: seed % 7 == 0)
        let all = outputs.all
        let forms = HiddenForms(of: made.secret)
        var problems = forms.found(in: all).map {
            "seed \(seed): \($0) in the output of\n\(text)\nwith \(made.secret.debugDescription)"
        }
        // Hiding them must not hide all.
        if kind == "invalid", !made.isFaulty { problems.append("seed \(seed): \(all)") }
        if all.isEmpty { problems.append("seed \(seed): no output of\n\(text)") }
        return (problems, kind)
    }

    private static func run(_ text: String, secret: String, _ outputs: Outputs, debug: Bool) async -> String {
        let secrets = SecretValues(commandLine: [.init(name: "token", text: secret)])
        let scenario: Scenario
        do {
            scenario = try Scenario.decode(
                Array(text.utf8), file: "test.json", overrides: ScenarioOverrides(secrets: secrets))
        } catch {
            for diagnostic in error.all { outputs.add(DiagnosticText(style: .plain).text(diagnostic)) }
            return "invalid"
        }
        let plan = Planner.plan(scenario)
        outputs.add(PlanText(plan, counts: [3, 6], style: .plain, width: 60).text)
        outputs.add(PlanJSON.value(plan, counts: [4]).text(pretty: true))
        var options = RunOptions(broker: BrokerChoice(.embedded(brokers: 1), chosenBy: "default"))
        if debug { options.properties["debug"] = "all" }
        let waits = WaitBoard()
        options.waits = waits
        options.onLogLine = { outputs.add("\($0.facility): \($0.text)") }
        options.onProgress = {
            outputs.add($0)
            if let wait = waits.current { outputs.add(wait.what + wait.howFar()) }
        }
        let events = EventOutputs(scenario, outputs)
        options.onEvent = { events.note($0) }
        var outcome = await ScenarioRunner.run(scenario, options: options)
        print(outcome, to: outputs)
        // With all that was kept of the events, which is told in the place of the steps.
        events.end(&outcome)
        print(outcome, to: outputs)
        // The file may have the secret in its own text.
        outcome.source = scenario.secrets.masked(text)
        let json = JSONReport.text(RunOutcome(scenarios: [outcome], duration: .zero), version: "0")
        outputs.add(json)
        outputs.add((try? JSONDocument.parse(Array(json.utf8), file: "report")) == nil ? secret : "")
        let summary = ScenarioSummary(outcome)
        outputs.add(ScenarioPage(summary, version: "0").html())
        let whole = RunSummary(version: "0", scenarios: [summary], startedAt: 0, duration: .zero)
        outputs.add(IndexPage(whole, pages: ["a.html"], version: "0").html())
        return outcome.status.rawValue
    }

    /// The outcome itself, on terminals, and in the reports for others.
    private static func print(_ outcome: ScenarioOutcome, to outputs: Outputs) {
        outputs.add("\(outcome)")
        for width in [nil, 50] {
            let report = TerminalReport(style: .plain, options: .init(isVerbose: width == nil, width: width))
            outputs.add(report.whole(RunOutcome(scenarios: [outcome], duration: .zero)))
        }
        let run = RunOutcome(scenarios: [outcome], duration: .zero)
        outputs.add(JUnitReport(version: "0").whole(run))
        outputs.add(TAPReport(version: "0").whole(run))
        outputs.add(CTRFReport(version: "0").whole(run))
        let (github, summary) = (GitHubReport { $0 }, ScenarioSummary(outcome))
        outputs.add(github.annotations(summary))
        outputs.add(
            github.summary(RunSummary(version: "0", scenarios: [summary], startedAt: 0, duration: .zero)))
    }
}

/// What `--report jsonl`, `--timeline`, pages and `--narrate` are made of, as `krun run` does it.
private struct EventOutputs: Sendable {
    private let lines: EventLines
    private let outputs: Outputs
    private let timeline = TimelineRecorder()
    private let story = StoryRecorder()

    init(_ scenario: Scenario, _ outputs: Outputs) {
        lines = EventLines(file: "test.json", scenario: scenario.secrets.masked(scenario.name), startedAt: 0)
        self.outputs = outputs
        outputs.add(lines.started())
    }

    func note(_ event: RunEvent) {
        outputs.add(lines.line(event))
        timeline.note(event)
        story.note(event)
    }

    func end(_ outcome: inout ScenarioOutcome) {
        outputs.add(lines.ended(outcome))
        guard !outcome.steps.isEmpty else { return }
        outcome.timeline = timeline.timeline(duration: outcome.duration)
        outcome.story = story.story
        let reason = outcome.allSteps.flatMap(\.diagnostics).first?.title
        let attempt = AttemptOutcome(status: .failed, seed: 1, duration: .zero, reason: reason)
        outcome.attempts = [attempt, attempt]
    }
}

/// All that was shown, by whichever thread.
private final class Outputs: Sendable {
    private let text = Mutex("")

    func add(_ more: String) { text.withLock { $0 += more + "\n" } }

    var all: String { text.withLock { $0 } }
}

/// What must be in no output, found without the help of what hides it.
private struct HiddenForms {
    private let forms: [(name: String, bytes: [UInt8])]
    /// Of the secret before a cut and after one.
    private let cut: [(name: String, bytes: [UInt8])]

    init(of secret: String) {
        let bytes = Array(secret.utf8)
        var forms = [
            ("the secret", bytes),
            ("the secret in JSON", Array(JSONValue.string(secret).text(pretty: false).utf8.dropFirst().dropLast())),
            ("the secret on a terminal", Array(TerminalText.safe(secret).utf8)),
            ("the secret in XML", Array(Self.escaped(TerminalText.safe(secret)).utf8)),
            ("the secret in HTML", Array(Self.escaped(secret).replacing("'", with: "&#39;").utf8)),
            (
                "the secret in a script",
                Array(
                    JSONValue.string(secret).text(pretty: false).dropFirst().dropLast()
                        .replacing("<", with: "\\u003c").utf8)
            ),
            ("hex", Array(ByteText.digits(bytes).utf8)), ("HEX", Array(ByteText.digits(bytes).uppercased().utf8)),
        ]
        for before in 0..<3 {
            let whole = Data(repeating: 0, count: before) + Data(bytes)
            // Only signs that have no bits of anything else.
            let signs = Array(whole.base64EncodedString().utf8)
            let core = Array(signs[((before * 8 + 5) / 6)..<(whole.count * 8 / 6)])
            forms.append(("base64 behind \(before)", core))
            forms.append(
                (
                    "base64 for URLs",
                    core.map {
                        $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
                    }
                ))
        }
        self.forms = forms
        let scalars = Array(secret.unicodeScalars)
        let few = max(4, scalars.count / 2)
        cut =
            scalars.count <= few
            ? []
            : [
                ("the beginning of it, cut", Array(Self.text(scalars.prefix(few)).utf8)),
                ("the end of it, cut", Array(Self.text(scalars.suffix(few)).utf8)),
            ]
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    func found(in text: String) -> [String] {
        let text = Data(text.utf8)
        return (forms + cut.filter { $0.bytes.count > 5 }).filter { Self.contains(text, $0.bytes) }.map(\.name)
    }

    private static func contains(_ text: Data, _ part: [UInt8]) -> Bool { text.range(of: Data(part)) != nil }
}

/// A scenario that does something with a secret, drawn from a seed.
private struct SecretScenario {
    private var random: SeededGenerator
    private let seed: UInt64
    let secret: String

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed &* 7919 &+ 1)
        secret = Self.secret(&random)
        self.random = random
    }

    private static func secret(_ random: inout SeededGenerator) -> String {
        let plain = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-".unicodeScalars)
        let printable = (0x20...0x7E).map { Unicode.Scalar(UInt8($0)) }
        let alphabets: [[Unicode.Scalar]] = [
            plain, printable, Array("\\\"'/{}<>&%ab01".unicodeScalars), Array("äöé漢字😀🏳️\u{300}aZ\"\\".unicodeScalars),
            printable + Array("\t\n\r\u{1}\u{7F}\u{202E}\u{200B}é😀".unicodeScalars),
        ]
        let alphabet = alphabets.randomElement(using: &random)!
        let length = Int.random(in: 4...60, using: &random)
        return String(String.UnicodeScalarView((0..<length).map { _ in alphabet.randomElement(using: &random)! }))
    }

    /// Text around the secret, so that it is cut anywhere.
    private mutating func padding() -> String {
        String(repeating: "x", count: Bool.random(using: &random) ? 0 : Int.random(in: 0...60, using: &random))
    }

    /// A string of JSON with the secret in it, in the form in which a scenario may have it.
    private mutating func value() -> String {
        let encoded = Data((String(repeating: "u", count: Int.random(in: 0...2, using: &random)) + secret + ":").utf8)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "\"Basic \(encoded.base64EncodedString())\""
        case 1: return "{ \"base64\": \"\(Data([0xFF] + encoded).base64EncodedString())\" }"
        case 2: return "{ \"hex\": \"ff\(ByteText.digits(Array(secret.utf8)))\" }"
        case 3: return "{ \"a\": [1, \"\(padding()){{token}}\"], \"{{token}}\": 2 }"
        default: return "\"\(padding()){{token}}\(padding())\""
        }
    }

    /// Whether it can be a part of a name of Kafka's.
    private var isName: Bool {
        secret.utf8.allSatisfy {
            ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A && $0 >= 0x41 || Array("0123456789._-".utf8).contains($0)
        }
    }

    private var group: String { isName ? "g-{{token}}" : "group" }
    private var member: String { isName ? "m{{token}}" : "ann" }

    private mutating func key() -> String { "\"\(padding()){{token}}\(padding())\"" }

    private(set) var isFaulty = false

    mutating func text() -> String {
        let kinds: [(inout SecretScenario) -> String] = [
            { $0.placed() }, { $0.read() }, { $0.faulty() }, { $0.broken() }, { $0.live() }, { $0.faulty() },
            { $0.skipped() },
            { $0.read() },
        ]
        return kinds[Int(seed % UInt64(kinds.count))](&self)
    }

    private mutating func file(
        _ steps: String, topics: String = "{ \"name\": \"orders\", \"partitions\": 3 }", more: String = ""
    ) -> String {
        """
        { "name": "n {{token}}", "description": "d", "secrets": ["token"], \(more)
          "tags": ["{{token}}"], "topics": [\(topics)],
          "steps": [
        \(steps)
          ] }
        """
    }

    /// Keys that are elsewhere, or not there.
    private mutating func placed() -> String {
        let key = key()
        return file(
            """
            { "produce": "orders", "note": "x",
              "messages": [{ "key": \(key), "value": \(value()), "headers": { "h": \(value()) } }, { "key": "{{token}}", "value": \(value()) }],
              "expect": { "keys": [{ "key": \(key), "partition": \(Int.random(in: 0..<3, using: &random)), "messages": \(Int.random(in: 1...2, using: &random)) }] } }
            """)
    }

    /// What is read is not what is expected.
    private mutating func read() -> String {
        let (key, sent) = (key(), value())
        let matchers = [
            sent, value(), isName ? "{ \"matches\": \"{{token}}\" }" : value(),
            "{ \"oneOf\": [\(value()), \(value())] }",
            "{ \"a\": [2, \"{{token}}\"] }",
        ]
        let expected = matchers.randomElement(using: &random)!
        return file(
            """
            { "produce": "orders", "messages": [{ "key": \(key), "value": \(sent) }] },
            { "consume": "orders", "group": "\(group)", "members": ["\(member)"], \(Bool.random(using: &random) ? "\"stay\": true, " : "")
              "expect": { "messages": 1, "keys": [{ "key": \(key), "values": [\(expected)] }] } }
            """)
    }

    /// Wrong in the file.
    private mutating func faulty() -> String {
        isFaulty = true
        let key = key()
        let steps = [
            "{ \"produce\": \(key), \"messages\": [] }",
            "{ \"consume\": \"orders\", \"group\": \"g\", \"assignor\": \(key) }",
            "{ \"produce\": \"orders\", \"acks\": \(key) }", "{ \"produce\": \"orders\", \"linger\": \(key) }",
            "{ \"produce\": \"orders\", \"messages\": [{ \"value\": \"a\", \"timestamp\": \(key) }] }",
            "{ \"produce\": \"orders\", \"count\": \(key), \"value\": \"{{token + 1}}\" }",
            "{ \"consume\": \"orders\", \"from\": \(key) }", "{ \"produce\": \"orders\", \"partitioner\": \(key) }",
            "{ \"consume\": \"orders\", \"expect\": { \"keys\": { \(key): { \"values\": [{ \"matches\": \"({{token}}\" }] } } } }",
            "{ \"produce\": \"orders\", \"messages\": [{ \"key\": \(key), \"value\": { \"hex\": \"{{token}}\" } }] }",
            "{ \"group\": \"{{token}}\", \"join\": [\(key)], \"leave\": [\(key)] }",
            "{ \"consume\": \"orders\", \"client\": { \"client.id\": \"a\", \"fetch.min.bytes\": \(key) } }",
            "{ \"transaction\": \(key), \"end\": \"{{token}}\" }", "{ \"topic\": \(key), \"delete\": true }",
            "{ \"offsets\": \(key), \"topic\": \"{{token}}\" }",
            "{ \"produce\": \"orders\", \"tokn\": \"{{tokn}}\", \"key\": \(key), \"value\": { \"bytes\": \(key) } }",
        ]
        let topics = [
            "{ \"name\": \"orders\" }", "{ \"name\": \"orders\" }, { \"name\": \(key) }",
            "{ \"name\": \"orders\", \"config\": { \"cleanup.policy\": \(key), \"retention.ms\": \"{{token}}\" } }",
        ]
        return file(
            (0..<Int.random(in: 1...3, using: &random)).map { _ in steps.randomElement(using: &random)! }.joined(
                separator: ",\n"),
            topics: topics.randomElement(using: &random)!,
            more: "\"requires\": [\(Bool.random(using: &random) ? "" : key)],")
    }

    /// The broker, or the client, refuses it.
    private mutating func broken() -> String {
        let name = isName ? "t{{token}}" : "orders"
        let id = isName ? "{{token}}" : "id"
        let steps = [
            "{ \"produce\": \"\(name)\", \"producer\": \"p-\(id)\", \"transactionalId\": \"\(id)\", \"transaction\": \"open\", \"messages\": [{ \"key\": \(key()), \"value\": \(value()) }] }",
            "{ \"group\": \"\(group)\", \"members\": [\"\(member)\"], \"subscribe\": [\"\(name)\"], \"expect\": { \"idle\": 1 } }",
            "{ \"offsets\": \"\(group)\", \"topic\": \"\(name)\", \"expect\": { \"lag\": 5 } }",
            "{ \"produce\": \"\(name)\", \"messages\": [{ \"key\": \(key()), \"value\": \(value()) }] }",
        ]
        let existing = Bool.random(using: &random) ? ", { \"name\": \"gone\(name)\", \"existing\": true }" : ""
        return file(
            steps.randomElement(using: &random)!, topics: "{ \"name\": \"\(name)\", \"partitions\": 2 }\(existing)",
            more: Bool.random(using: &random) ? "\"requires\": [\"embedded-broker\"]," : "")
    }

    /// Steps within steps, over several rounds.
    private mutating func live() -> String {
        file(
            """
            { "repeat": 3, "steps": [
              { "together": [
                [{ "produce": "orders", "count": 5, "key": "{{token}}-{{index}}-{{round}}", "value": \(value()) }],
                [{ "produce": "orders", "messages": [{ "key": \(key()), "value": \(value()) }], "expect": { "messages": \(Int.random(in: 1...2, using: &random)) } }]
              ] } ] },
            { "consume": "orders", "group": "\(group)", "expect": { "messages": \(Int.random(in: 17...19, using: &random)), "keys": [{ "key": "{{token}}-0-0", "partition": 0 }] } }
            """)
    }

    private mutating func skipped() -> String {
        file("{ \"consume\": \"orders\" }", more: "\"skip\": \(key()),")
    }
}
