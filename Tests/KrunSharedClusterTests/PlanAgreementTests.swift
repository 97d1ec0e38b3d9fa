import KrunOutcome
import KrunPlanning
import KrunRunner
import KrunScenario
import Testing

/// Scenarios that nobody has written: what is planned of them for certain is what happens.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PlanAgreementTests {
    @Test(arguments: 1...30)
    func planAndOutcomeAgree(_ seed: UInt64) async throws {
        let text = RandomScenario(seed: seed).text
        let scenario = try Scenario.decode(Array(text.utf8), file: "random-\(seed).json")
        let outcome = await ScenarioRunner.run(scenario, options: SharedKafka.options())
        #expect(outcome.status == .passed, "\(text)\n\(outcome.printedDiagnostics)")
        let comparison = PlanComparison(Planner.plan(scenario), outcome)
        #expect(comparison.contradictions == [], "\(text)")
        // Something is known of each.
        #expect(comparison.compared >= 3)
    }

    /// The comparison notices what is another than planned.
    @Test func anotherOutcomeIsAContradiction() async throws {
        func scenario(_ key: String) throws -> Scenario {
            let text = """
                { "name": "test", "topics": [{ "name": "orders", "partitions": 3 }], "steps": [
                  { "produce": "orders", "key": "\(key)", "value": "x", "count": 3 },
                  { "consume": "orders", "group": "billing", "members": 2, "assignor": "range" } ] }
                """
            return try Scenario.decode(Array(text.utf8), file: "test.json")
        }
        let outcome = await ScenarioRunner.run(try scenario("alice"), options: SharedKafka.options())
        #expect(PlanComparison(Planner.plan(try scenario("alice")), outcome).contradictions == [])
        #expect(
            PlanComparison(Planner.plan(try scenario("carol")), outcome).contradictions == [
                "step 1: messages in partition 2: 3 planned, 0 seen",
                "step 2: messages of orders: [0, 0, 3] planned, [3, 0, 0] seen",
            ])
    }
}

/// A scenario drawn from a seed: topics, producers with and without keys, groups that share, go on, read again.
private struct RandomScenario {
    private(set) var text = ""
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let topics = (0..<Int.random(in: 1...3, using: &generator)).map {
            (name: "topic-\($0)", partitions: number(1...7))
        }
        let steps = (0..<number(3...7)).map { index in index == 0 ? produce(topics) : step(topics) }
        let declared = topics.map { #"{ "name": "\#($0.name)", "partitions": \#($0.partitions) }"# }
        text = """
            { "name": "random", "seed": \(seed), "topics": [\(declared.joined(separator: ", "))],
              "steps": [
                \(steps.joined(separator: ",\n    "))
              ] }
            """
    }

    private mutating func step(_ topics: [(name: String, partitions: Int)]) -> String {
        switch number(0...9) {
        case 0...4: produce(topics)
        case 5...8: consume(topics)
        default: #"{ "together": [[\#(produce(topics))], [\#(produce(topics))]] }"#
        }
    }

    private mutating func produce(_ topics: [(name: String, partitions: Int)]) -> String {
        let topic = topics.randomElement(using: &generator)!
        let key =
            switch number(0...6) {
            case 0: ""
            case 1: #", "key": "user-{{index % \#(number(1...40))}}""#
            case 2: #", "key": "fixed-\#(number(0...9))""#
            case 3: #", "key": """#
            case 6: #", "key": { "bytes": \#(number(1...20)) }"#
            case 4: #", "key": "user-{{index}}", "partition": "{{index % \#(topic.partitions)}}""#
            default: #", "key": { "hex": "00ff0\#(number(0...9))" }"#
            }
        let partitioner = Partitioner.allCases.randomElement(using: &generator)!.rawValue
        return
            #"{ "produce": "\#(topic.name)", "partitioner": "\#(partitioner)", "count": \#(number(1...60))\#(key), "value": "{{index}}" }"#
    }

    private mutating func consume(_ topics: [(name: String, partitions: Int)]) -> String {
        let names = topics.shuffled(using: &generator).prefix(number(1...topics.count)).map { "\"\($0.name)\"" }
        let from = ["earliest", "latest", "committed"].randomElement(using: &generator)!
        guard number(0...4) > 0 else { return #"{ "consume": [\#(names.joined(separator: ", "))] }"# }
        let assignor = ConsumeStep.Assignor.allCases.randomElement(using: &generator)!.rawValue
        let commit = ["end", "each", "none", "{ \"every\": 5 }"].randomElement(using: &generator)!
        let written = commit.hasPrefix("{") ? commit : "\"\(commit)\""
        let until = number(0...5) == 0 ? #", "until": { "idle": "300ms" }"# : ""
        return
            #"{ "consume": [\#(names.joined(separator: ", "))], "group": "group-\#(number(0...1))", "members": \#(number(1...3)), "#
            + #""assignor": "\#(assignor)", "from": "\#(from)", "commit": \#(written)\#(until) }"#
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
}
